package io.github.cpsample.trainer.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Interprets a network as shapes: checks that its parts fit, collects its parameters and counts the
 * multiplications of one sample.
 *
 * <p>Not thread-safe; use one per description.
 */
public final class ShapeOps implements Ops<TensorShape> {

  private final Map<String, ParameterSpec> parameters = new LinkedHashMap<>();
  private long multiplications;

  /** Starts an empty description. */
  public ShapeOps() {}

  /**
   * Describes a network.
   *
   * @param network the network
   * @return the finished description
   */
  public static ShapeOps describe(Network network) {
    ShapeOps ops = new ShapeOps();
    ops.run(network);
    return ops;
  }

  /**
   * The shape of a network's output.
   *
   * @param network the network
   * @return the shape
   */
  public static TensorShape output(Network network) {
    return new ShapeOps().run(network);
  }

  private TensorShape run(Network network) {
    int[] image = network.imageShape();
    TensorShape x = TensorShape.of(TensorShape.BATCH, image[0], image[1], image[2]);
    TensorShape perSample = TensorShape.of(TensorShape.BATCH);
    return network.apply(
        this, new Network.Inputs<>(x, perSample, network.classes() > 0 ? perSample : null));
  }

  /**
   * The parameters in the order in which the network first asks for them.
   *
   * @return the parameters
   */
  public List<ParameterSpec> parameters() {
    return List.copyOf(parameters.values());
  }

  /**
   * Multiply-adds of convolutions and matrix products for one sample.
   *
   * @return their number
   */
  public long multiplications() {
    return multiplications;
  }

  @Override
  public TensorShape parameter(ParameterSpec spec) {
    ParameterSpec known = parameters.putIfAbsent(spec.name(), spec);
    if (known != null && !known.equals(spec)) {
      throw new IllegalArgumentException(
          "Parameter " + spec.name() + " is described twice: " + known + " and " + spec);
    }
    return new TensorShape(spec.shape());
  }

  @Override
  public TensorShape constant(float[] values, int... shape) {
    TensorShape result = TensorShape.of(shape);
    require(result.sampleSize() == values.length, "as many values as the shape has", result);
    return result;
  }

  @Override
  public TensorShape conv2d(
      TensorShape x, TensorShape weight, TensorShape bias, int stride, int padding) {
    require(x.rank() == 4 && weight.rank() == 4, "x [N,C,H,W] and weight [O,C,k,k]", x, weight);
    require(x.axis(1) == weight.axis(1), "as many channels as the weight has", x, weight);
    require(bias.rank() == 1 && bias.axis(0) == weight.axis(0), "bias [O]", bias, weight);
    int kernel = weight.axis(2);
    TensorShape result =
        TensorShape.of(
            x.axis(0),
            weight.axis(0),
            (x.axis(2) + 2 * padding - kernel) / stride + 1,
            (x.axis(3) + 2 * padding - kernel) / stride + 1);
    multiplications += result.sampleSize() * weight.sampleSize() / weight.axis(0);
    return result;
  }

  @Override
  public TensorShape linear(TensorShape x, TensorShape weight, TensorShape bias) {
    require(x.rank() == 2 && x.axis(1) == weight.axis(1), "x [N,in], weight [out,in]", x, weight);
    require(bias.axis(0) == weight.axis(0), "bias [out]", bias, weight);
    multiplications += weight.sampleSize();
    return TensorShape.of(x.axis(0), weight.axis(0));
  }

  @Override
  public TensorShape groupNorm(TensorShape x, int groups, TensorShape gamma, TensorShape beta) {
    require(x.rank() == 4 && x.axis(1) % groups == 0, "C divisible by " + groups, x);
    require(gamma.axis(0) == x.axis(1) && beta.equals(gamma), "gamma, beta [C]", gamma, beta);
    return x;
  }

  @Override
  public TensorShape silu(TensorShape x) {
    return x;
  }

  @Override
  public TensorShape add(TensorShape a, TensorShape b) {
    return TensorShape.broadcast(a, b);
  }

  @Override
  public TensorShape mul(TensorShape a, TensorShape b) {
    return TensorShape.broadcast(a, b);
  }

  @Override
  public TensorShape sin(TensorShape x) {
    return x;
  }

  @Override
  public TensorShape cos(TensorShape x) {
    return x;
  }

  @Override
  public TensorShape softmax(TensorShape x) {
    return x;
  }

  @Override
  public TensorShape matmul(TensorShape a, TensorShape b) {
    require(a.rank() == 3 && b.rank() == 3 && a.axis(2) == b.axis(1), "[N,i,j], [N,j,k]", a, b);
    TensorShape result = TensorShape.of(a.axis(0), a.axis(1), b.axis(2));
    multiplications += result.sampleSize() * a.axis(2);
    return result;
  }

  @Override
  public TensorShape transpose(TensorShape x) {
    require(x.rank() == 3, "[N,i,j]", x);
    return TensorShape.of(x.axis(0), x.axis(2), x.axis(1));
  }

  @Override
  public TensorShape concat(List<TensorShape> parts) {
    TensorShape first = parts.get(0);
    for (TensorShape part : parts) {
      require(part.with(1, 1).equals(first.with(1, 1)), "equal shapes but for axis 1", first, part);
    }
    return first.with(1, parts.stream().mapToInt(p -> p.axis(1)).sum());
  }

  @Override
  public TensorShape reshape(TensorShape x, int... sampleShape) {
    int[] axes = new int[sampleShape.length + 1];
    axes[0] = x.axis(0);
    System.arraycopy(sampleShape, 0, axes, 1, sampleShape.length);
    TensorShape result = TensorShape.of(axes);
    require(result.sampleSize() == x.sampleSize(), "as many elements as before", x, result);
    return result;
  }

  @Override
  public TensorShape upsampleNearest(TensorShape x) {
    return x.with(2, 2 * x.axis(2)).with(3, 2 * x.axis(3));
  }

  @Override
  public TensorShape spaceToDepth(TensorShape x, int block) {
    require(x.axis(2) % block == 0 && x.axis(3) % block == 0, "H, W divisible by " + block, x);
    return TensorShape.of(
        x.axis(0), x.axis(1) * block * block, x.axis(2) / block, x.axis(3) / block);
  }

  @Override
  public TensorShape depthToSpace(TensorShape x, int block) {
    require(x.axis(1) % (block * block) == 0, "C divisible by " + block * block, x);
    return TensorShape.of(
        x.axis(0), x.axis(1) / (block * block), x.axis(2) * block, x.axis(3) * block);
  }

  @Override
  public TensorShape globalAveragePool(TensorShape x) {
    require(x.rank() == 4, "[N,C,H,W]", x);
    return TensorShape.of(x.axis(0), x.axis(1));
  }

  @Override
  public TensorShape embedding(TensorShape table, TensorShape indices) {
    require(table.rank() == 2 && indices.rank() == 1, "table [rows,width], [N]", table, indices);
    return TensorShape.of(indices.axis(0), table.axis(1));
  }

  private static void require(boolean condition, String expected, TensorShape... found) {
    if (!condition) {
      throw new IllegalArgumentException("Expected " + expected + ", found " + List.of(found));
    }
  }
}
