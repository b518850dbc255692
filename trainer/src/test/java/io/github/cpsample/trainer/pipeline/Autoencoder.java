package io.github.cpsample.trainer.pipeline;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The autoencoder, in two files as exports have it. The encoder gives mean and logarithm of the
 * variance of a latent, [N,8,8,8], the decoder an image. The mean of a block of pixels goes through
 * both, so that a decoded image resembles the encoded one; random layers are added to it.
 */
final class Autoencoder {
  private static final double SHARE = 0.02;

  /** Latents of about unit variance after scaling, from pixels in [-1, 1]. */
  private static final float GAIN = 8;

  private Autoencoder() {}

  static OnnxModel encoder(RandomGenerator random) {
    GraphBuilder graph = new GraphBuilder("vae_encoder", Blocks.OPSET);
    Blocks blocks = new Blocks(graph, random);
    Value image = graph.input("sample", ElementType.FLOAT, shape(TinySizes.IMAGE_CHANNELS, true));
    int outputs = 2 * TinySizes.LATENT_CHANNELS;
    Value h = image;
    int in = TinySizes.IMAGE_CHANNELS;
    for (int size = TinySizes.IMAGE_SIZE; size > TinySizes.LATENT_SIZE; size /= 2) {
      h = graph.silu(blocks.conv("halve." + size, h, in, TinySizes.WIDTH, 3, 2));
      in = TinySizes.WIDTH;
    }
    h = blocks.conv("conv_out", h, in, outputs, 1, 1);
    Value means =
        graph.node(
            "Conv",
            List.of(image, means(graph, outputs)),
            Attribute.ints("strides", TinySizes.REDUCTION, TinySizes.REDUCTION));
    graph.output(
        "latent_parameters",
        graph.add(means, blocks.scaled(h, SHARE)),
        ElementType.FLOAT,
        shape(outputs, false));
    return graph.build();
  }

  static OnnxModel decoder(RandomGenerator random) {
    GraphBuilder graph = new GraphBuilder("vae_decoder", Blocks.OPSET);
    Blocks blocks = new Blocks(graph, random);
    Value latent =
        graph.input("latent_sample", ElementType.FLOAT, shape(TinySizes.LATENT_CHANNELS, false));
    Value h = blocks.conv("conv_in", latent, TinySizes.LATENT_CHANNELS, TinySizes.WIDTH, 3, 1);
    for (int size = TinySizes.LATENT_SIZE; size < TinySizes.IMAGE_SIZE; size *= 2) {
      h = blocks.upsample(graph.silu(h), 2);
      h = blocks.conv("double." + size, h, TinySizes.WIDTH, TinySizes.WIDTH, 3, 1);
    }
    h = blocks.conv("conv_out", graph.silu(h), TinySizes.WIDTH, TinySizes.IMAGE_CHANNELS, 3, 1);
    Value colours = graph.node("Conv", List.of(latent, colours(graph)));
    Value image = graph.add(blocks.upsample(colours, TinySizes.REDUCTION), blocks.scaled(h, SHARE));
    graph.output("sample", image, ElementType.FLOAT, shape(TinySizes.IMAGE_CHANNELS, true));
    return graph.build();
  }

  /** Channel c < 3 is the mean of that colour, the others are zero. */
  private static Value means(GraphBuilder graph, int outputs) {
    int area = TinySizes.REDUCTION * TinySizes.REDUCTION;
    float[] kernel = new float[outputs * TinySizes.IMAGE_CHANNELS * area];
    for (int channel = 0; channel < TinySizes.IMAGE_CHANNELS; channel++) {
      int from = (channel * TinySizes.IMAGE_CHANNELS + channel) * area;
      Arrays.fill(kernel, from, from + area, GAIN / area);
    }
    return graph.constant(
        "means",
        kernel,
        outputs,
        TinySizes.IMAGE_CHANNELS,
        TinySizes.REDUCTION,
        TinySizes.REDUCTION);
  }

  private static Value colours(GraphBuilder graph) {
    float[] kernel = new float[TinySizes.IMAGE_CHANNELS * TinySizes.LATENT_CHANNELS];
    for (int channel = 0; channel < TinySizes.IMAGE_CHANNELS; channel++) {
      kernel[channel * TinySizes.LATENT_CHANNELS + channel] = 1 / GAIN;
    }
    return graph.constant(
        "colours", kernel, TinySizes.IMAGE_CHANNELS, TinySizes.LATENT_CHANNELS, 1, 1);
  }

  private static Shape shape(int channels, boolean image) {
    Dim side = Dim.of(image ? TinySizes.IMAGE_SIZE : TinySizes.LATENT_SIZE);
    return Shape.of(Dim.symbolic("batch_size"), Dim.of(channels), side, side);
  }
}
