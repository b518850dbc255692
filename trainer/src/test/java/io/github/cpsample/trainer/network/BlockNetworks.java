package io.github.cpsample.trainer.network;

import java.util.ArrayList;
import java.util.List;

/** One network per building block: images [N,4,6,6] in, whatever the block makes out. */
public final class BlockNetworks {

  private static final int[] IMAGE = {4, 6, 6};

  private BlockNetworks() {}

  /** What a block does to an image. */
  @FunctionalInterface
  private interface Block {
    <T> T apply(Ops<T> ops, Network.Inputs<T> inputs);
  }

  /**
   * A network for every method of {@link Ops}, named after it.
   *
   * @return the networks
   */
  public static List<SampleNetworks.Named> all() {
    List<SampleNetworks.Named> blocks = new ArrayList<>();
    parameters(blocks);
    elementwise(blocks);
    shapes(blocks);
    return blocks;
  }

  private static void add(
      List<SampleNetworks.Named> blocks, String name, int classes, Block block) {
    blocks.add(new SampleNetworks.Named(name, new BlockNetwork(block, classes)));
  }

  private static void parameters(List<SampleNetworks.Named> blocks) {
    add(
        blocks,
        "parameter",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.add(in.x(), parameter(ops, "p", 1, 4, 1, 1));
          }
        });
    for (int stride = 1; stride <= 2; stride++) {
      int step = stride;
      add(
          blocks,
          "conv2d",
          0,
          new Block() {
            @Override
            public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
              return ops.conv2d(
                  in.x(), parameter(ops, "w", 5, 4, 3, 3), parameter(ops, "b", 5), step, 1);
            }
          });
    }
    add(
        blocks,
        "linear",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            T flat = ops.reshape(in.x(), 144);
            return ops.linear(flat, parameter(ops, "w", 3, 144), parameter(ops, "b", 3));
          }
        });
    add(
        blocks,
        "groupNorm",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.groupNorm(in.x(), 2, parameter(ops, "gamma", 4), parameter(ops, "beta", 4));
          }
        });
    add(
        blocks,
        "embedding",
        7,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.embedding(parameter(ops, "table", 7, 3), in.label());
          }
        });
  }

  private static void elementwise(List<SampleNetworks.Named> blocks) {
    add(
        blocks,
        "constant",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.mul(in.x(), ops.constant(new float[] {1, 2, 3, 4}, 1, 4, 1, 1));
          }
        });
    add(
        blocks,
        "mul",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.mul(in.x(), ops.reshape(in.t(), 1, 1, 1));
          }
        });
    add(
        blocks,
        "add",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.add(ops.reshape(in.t(), 1, 1, 1), in.x());
          }
        });
    add(
        blocks,
        "silu",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.silu(in.x());
          }
        });
    add(
        blocks,
        "sin",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.sin(in.x());
          }
        });
    add(
        blocks,
        "cos",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.cos(in.x());
          }
        });
    add(
        blocks,
        "softmax",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.softmax(ops.reshape(in.x(), 4, 36));
          }
        });
  }

  private static void shapes(List<SampleNetworks.Named> blocks) {
    add(
        blocks,
        "matmul",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            T rows = ops.reshape(in.x(), 4, 36);
            return ops.matmul(rows, ops.reshape(in.x(), 36, 4));
          }
        });
    add(
        blocks,
        "transpose",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.transpose(ops.reshape(in.x(), 4, 36));
          }
        });
    add(
        blocks,
        "concat",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.concat(List.of(in.x(), ops.silu(in.x()), in.x()));
          }
        });
    add(
        blocks,
        "reshape",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.reshape(in.x(), 6, 2, 12);
          }
        });
    add(
        blocks,
        "upsampleNearest",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.upsampleNearest(in.x());
          }
        });
    add(
        blocks,
        "spaceToDepth",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.spaceToDepth(in.x(), 3);
          }
        });
    add(
        blocks,
        "depthToSpace",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.depthToSpace(in.x(), 2);
          }
        });
    add(
        blocks,
        "globalAveragePool",
        0,
        new Block() {
          @Override
          public <T> T apply(Ops<T> ops, Network.Inputs<T> in) {
            return ops.globalAveragePool(in.x());
          }
        });
  }

  private static <T> T parameter(Ops<T> ops, String name, Integer... shape) {
    return ops.parameter(ParameterSpec.of(name, Initializer.LECUN_NORMAL, shape));
  }

  private record BlockNetwork(Block block, int classes) implements Network {
    @Override
    public <T> T apply(Ops<T> ops, Inputs<T> inputs) {
      // Every network has parameters; this one adds nothing.
      T nothing = ops.mul(parameter(ops, "nothing", 1), ops.constant(new float[1], 1));
      return ops.add(block.apply(ops, inputs), nothing);
    }

    @Override
    public int[] imageShape() {
      return IMAGE.clone();
    }
  }
}
