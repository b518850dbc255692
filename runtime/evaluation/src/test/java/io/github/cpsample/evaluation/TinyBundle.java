package io.github.cpsample.evaluation;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.Manifest.MemorisationPoint.HeldOut;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
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
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A model of 8 x 8 grey images with random weights, written in milliseconds. */
public final class TinyBundle {

  /** Shape of its images. */
  public static final ImageShape SHAPE = new ImageShape(1, 8, 8);

  /** Length of its code. */
  public static final int BITS = 4;

  /** Of {@link #healing}; so strict that some images are guarded and some not. */
  public static final Thresholds THRESHOLDS =
      new Thresholds(0.05, List.of(new Thresholds.Level(0, 0.13), new Thresholds.Level(600, 0.2)));

  private static final Shape IMAGES = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(8), Dim.of(8));
  private static final Shape ROWS = Shape.of(Dim.symbolic("N"));

  private TinyBundle() {}

  /** The bundle, ready to be written. */
  public static BundleWriter writer() {
    return writer(List.of(), UnaryOperator.identity());
  }

  /** The same, protected in another way. */
  public static BundleWriter writer(UnaryOperator<ProtectionSettings> change) {
    return writer(List.of(), change);
  }

  /** The same, with a memorisation curve. */
  public static BundleWriter memorising() {
    HeldOut others = new HeldOut(0.5, 0.9, 0.99, 0.8);
    return writer(
        List.of(
            new Manifest.MemorisationPoint(1, 1, 0.99, others),
            new Manifest.MemorisationPoint(101, 1, 0.98, others)),
        UnaryOperator.identity());
  }

  /**
   * One that asks about the denoiser's image, with a threshold for every noise level, sends images
   * back and makes recognised ones anew; with a memorisation curve.
   */
  public static BundleWriter healing(Correction.Kind kind) {
    HeldOut others = new HeldOut(0.5, 0.85, 0.95, 0.75);
    return writer(
        List.of(new Manifest.MemorisationPoint(1, 1, 0.99, others)),
        settings ->
            settings
                .withAsks(Subject.X_0)
                .withThresholds(THRESHOLDS)
                .withCorrection(new Correction(kind, 150, 3, 2)));
  }

  private static BundleWriter writer(
      List<Manifest.MemorisationPoint> curve, UnaryOperator<ProtectionSettings> change) {
    Manifest manifest =
        new Manifest(
            "tiny",
            Map.of("cpsample", "test"),
            Map.of(),
            SHAPE,
            NoiseScheduleConfig.linear(1000, 1e-4, 0.02),
            DenoiserSpec.of(PredictionType.EPSILON, 0),
            Manifest.Classifier.of(BITS),
            new SamplerSpec("ddim", 10, 0, TimestepSpacing.LEADING, true),
            change.apply(ProtectionSettings.of("code", "opposite-label", 0.25, 5, 0, 999)),
            curve,
            new Manifest.Training(0, 0, 0, 0, "not met"),
            new Manifest.Data(1, 1, "00", "00"),
            PipelineSpec.NONE.withFallback("fallback.onnx"),
            Optional.empty());
    return BundleWriter.of(manifest)
        .file("denoiser.onnx", denoiser(1e-4f))
        .file("fallback.onnx", denoiser(3e-4f))
        .file("classifier.onnx", classifier());
  }

  private static byte[] denoiser(float drift) {
    GraphBuilder g = new GraphBuilder("denoiser", 17);
    Value x = g.input("x", ElementType.FLOAT, IMAGES);
    Value t = g.input("t", ElementType.FLOAT, ROWS);
    Value smooth =
        g.node(
            "Conv",
            List.of(x, g.constant("weight", random(9, 0.3f), 1, 1, 3, 3)),
            Attribute.ints("kernel_shape", 3, 3),
            Attribute.ints("pads", 1, 1, 1, 1));
    Value time = g.reshape(t, g.constant("time.shape", new long[] {-1, 1, 1, 1}, 4));
    Value drifted = g.mul(time, g.constant("slope", new float[] {drift}, 1));
    Value sum = g.add(g.tanh(smooth), drifted);
    g.output("prediction", sum, ElementType.FLOAT, IMAGES);
    return OnnxCodec.toBytes(g.build());
  }

  /** The classifier; certain enough to guard some images and not others. */
  public static byte[] classifier() {
    GraphBuilder g = new GraphBuilder("classifier", 17);
    Value x = g.input("x", ElementType.FLOAT, IMAGES);
    Value t = g.input("t", ElementType.FLOAT, ROWS);
    Value flat = g.reshape(x, g.constant("flat.shape", new long[] {-1, SHAPE.size()}, 2));
    Value time = g.reshape(t, g.constant("time.shape", new long[] {-1, 1}, 2));
    Value fromX = g.matMul(flat, g.constant("w", random(SHAPE.size() * BITS, 1), 64, BITS));
    Value fromT = g.matMul(time, g.constant("u", random(BITS, 1e-3f), 1, BITS));
    Value logits = g.add(fromX, fromT);
    g.output("logits", logits, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(BITS)));
    return OnnxCodec.toBytes(g.build());
  }

  /** The classifier's logits, computed here from its weights. */
  public static double[] logits(double[] x, double t) {
    float[] w = random(SHAPE.size() * BITS, 1);
    float[] u = random(BITS, 1e-3f);
    double[] logits = new double[BITS];
    for (int bit = 0; bit < BITS; bit++) {
      logits[bit] = t * u[bit];
      for (int i = 0; i < x.length; i++) {
        logits[bit] += x[i] * w[i * BITS + bit];
      }
    }
    return logits;
  }

  private static float[] random(int length, float range) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (2 * random.nextFloat() - 1) * range;
    }
    return values;
  }
}
