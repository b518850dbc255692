package io.github.cpsample.trainer.pipeline;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The denoiser: a U-Net of two levels with timesteps added in its residual blocks and the text read
 * by cross-attention. {@code sample} [N,4,8,8], {@code timestep} int64 [1], {@code
 * encoder_hidden_states} [N,77,32] to {@code out_sample} [N,4,8,8]: the input, which is what the
 * noise of pure noise is, and what the network makes of it.
 */
final class ConditionalUNet {
  private static final double SHARE = 0.5;

  private final GraphBuilder graph = new GraphBuilder("unet", Blocks.OPSET);
  private final Blocks blocks;
  private Value time;
  private Value text;

  private ConditionalUNet(RandomGenerator random) {
    this.blocks = new Blocks(graph, random);
  }

  static OnnxModel build(RandomGenerator random) {
    return new ConditionalUNet(random).build();
  }

  private OnnxModel build() {
    Dim batch = Dim.symbolic("batch_size");
    Dim side = Dim.of(TinySizes.LATENT_SIZE);
    Shape latents = Shape.of(batch, Dim.of(TinySizes.LATENT_CHANNELS), side, side);
    Value sample = graph.input("sample", ElementType.FLOAT, latents);
    Value timestep = graph.input("timestep", ElementType.INT64, Shape.of(Dim.of(1)));
    text =
        graph.input(
            "encoder_hidden_states",
            ElementType.FLOAT,
            Shape.of(batch, Dim.of(TinySizes.TOKENS), Dim.of(TinySizes.TEXT_WIDTH)));
    int width = TinySizes.WIDTH;
    time = blocks.time("time", timestep, width);
    Value fine =
        stage(
            "down",
            blocks.conv("conv_in", sample, TinySizes.LATENT_CHANNELS, width, 3, 1),
            TinySizes.LATENT_SIZE);
    Value coarse = blocks.conv("halve", fine, width, width, 3, 2);
    Value middle = stage("middle", coarse, TinySizes.LATENT_SIZE / 2);
    Value both = graph.concat(List.of(fine, blocks.upsample(middle, 2)), 1);
    Value up =
        stage("up", blocks.conv("join", both, 2 * width, width, 1, 1), TinySizes.LATENT_SIZE);
    Value out =
        blocks.conv(
            "conv_out", graph.silu(blocks.norm(up, width)), width, TinySizes.LATENT_CHANNELS, 3, 1);
    graph.output(
        "out_sample", graph.add(sample, blocks.scaled(out, SHARE)), ElementType.FLOAT, latents);
    return graph.build();
  }

  /** A residual block and a block of cross-attention. */
  private Value stage(String name, Value x, int size) {
    int width = TinySizes.WIDTH;
    Value h = blocks.conv(name + ".conv0", graph.silu(blocks.norm(x, width)), width, width, 3, 1);
    h = graph.silu(blocks.norm(graph.add(h, time), width));
    Value residual = graph.add(x, blocks.conv(name + ".conv1", h, width, width, 3, 1));
    Value pixels = blocks.pixels(residual, width);
    Value normed = blocks.layerNorm(pixels, width);
    Value read = blocks.attention(name + ".text", normed, width, text, TinySizes.TEXT_WIDTH);
    return blocks.image(graph.add(pixels, read), width, size);
  }
}
