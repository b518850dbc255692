package io.github.cpsample.sampling;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.Manifests;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.List;

/**
 * Images of two pixels, normal with means (0.2, -0.1), standard deviation 0.5 and correlation 0.9,
 * and the denoiser that is exact for them: {@code epsilon = sqrt(1 - abar) (abar S + (1 - abar)
 * I)^-1 (x - sqrt(abar) m)}, tabulated over the timesteps.
 */
final class CorrelatedPixels {
  static final ImageShape SHAPE = new ImageShape(1, 1, 2);
  static final double[] MEAN = {0.2, -0.1};
  static final double SPREAD = 0.5;
  static final double CORRELATION = 0.9;
  private static final int TIMESTEPS = 1000;
  private static final int INT64 = 7;

  private CorrelatedPixels() {}

  /** Mean of the right pixel where the left one is known. */
  static double conditionalMean(double left) {
    return MEAN[1] + CORRELATION * (left - MEAN[0]);
  }

  /** Standard deviation of the right pixel where the left one is known. */
  static double conditionalSpread() {
    return SPREAD * Math.sqrt(1 - CORRELATION * CORRELATION);
  }

  /** The bundle, ready to be written; its sampler does not clip, its classifier is arbitrary. */
  static BundleWriter bundle() {
    Manifest plain = Manifests.of(SHAPE, DenoiserSpec.of(PredictionType.EPSILON, 0), 1);
    Manifest manifest =
        new Manifest(
            plain.name(),
            plain.tools(),
            plain.files(),
            plain.image(),
            plain.schedule(),
            plain.denoiser(),
            plain.classifier(),
            new SamplerSpec("ddpm", 100, 0, TimestepSpacing.LEADING, false),
            plain.protection(),
            plain.memorisation(),
            plain.training(),
            plain.data());
    return BundleWriter.of(manifest)
        .file("denoiser.onnx", denoiser(plain.schedule().create()))
        .file("classifier.onnx", classifier());
  }

  private static byte[] denoiser(NoiseSchedule schedule) {
    float[] matrices = new float[TIMESTEPS * 4];
    float[] means = new float[TIMESTEPS * 2];
    for (int t = 0; t < TIMESTEPS; t++) {
      double abar = schedule.alphasCumprod(t);
      double own = abar * SPREAD * SPREAD + 1 - abar;
      double shared = abar * SPREAD * SPREAD * CORRELATION;
      double scale = Math.sqrt(1 - abar) / (own * own - shared * shared);
      matrices[4 * t] = (float) (scale * own);
      matrices[4 * t + 1] = (float) (-scale * shared);
      matrices[4 * t + 2] = (float) (-scale * shared);
      matrices[4 * t + 3] = (float) (scale * own);
      means[2 * t] = (float) (Math.sqrt(abar) * MEAN[0]);
      means[2 * t + 1] = (float) (Math.sqrt(abar) * MEAN[1]);
    }
    GraphBuilder g = new GraphBuilder("denoiser", 17);
    Shape images = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(1), Dim.of(2));
    Value x = g.input("x", ElementType.FLOAT, images);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Value index = g.node("Cast", List.of(t), Attribute.integer("to", INT64));
    Value column = g.reshape(x, g.constant("column", new long[] {-1, 2, 1}, 3));
    Value mean = g.gather(g.constant("means", means, TIMESTEPS, 2, 1), index);
    Value matrix = g.gather(g.constant("matrices", matrices, TIMESTEPS, 2, 2), index);
    Value product = g.matMul(matrix, g.sub(column, mean));
    g.output(
        "prediction",
        g.reshape(product, g.constant("image", new long[] {-1, 1, 1, 2}, 4)),
        ElementType.FLOAT,
        images);
    return OnnxCodec.toBytes(g.build());
  }

  private static byte[] classifier() {
    GraphBuilder g = new GraphBuilder("classifier", 17);
    Shape images = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(1), Dim.of(2));
    Value x = g.input("x", ElementType.FLOAT, images);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Value flat = g.reshape(x, g.constant("flat", new long[] {-1, 2}, 2));
    Value time = g.reshape(t, g.constant("column", new long[] {-1, 1}, 2));
    Value sum =
        g.add(
            g.matMul(flat, g.constant("w", new float[] {1, 1}, 2, 1)),
            g.mul(time, g.constant("u", new float[] {1e-3f}, 1)));
    g.output("logits", sum, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(1)));
    return OnnxCodec.toBytes(g.build());
  }
}
