package io.github.cpsample.sampling;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.Manifests;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.Random;

/**
 * A denoiser and a classifier so small that their outputs and the classifier's gradient can be
 * written down.
 *
 * <pre>
 * prediction(x, t) = 0.6 x + 0.3 tanh(2 x) + 1e-4 t - 0.05 + 0.1 label
 * logit_k(x, t)    = gain tanh(b_k + sum_i w_ik x_i + u_k t)
 * </pre>
 */
public final class TinyModel {
  /** Shape of an image. */
  public static final ImageShape SHAPE = new ImageShape(1, 4, 4);

  private static final int OPSET = 17;
  private static final float LINEAR = 0.6f;

  /** How much less of x the fallback denoiser predicts. */
  static final float FALLBACK_LESS = 0.2f;

  static final String FALLBACK = "fallback.onnx";
  private static final Shape IMAGES = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(4), Dim.of(4));
  private static final Shape ROWS = Shape.of(Dim.symbolic("N"));

  private final int bits;
  private final float gain;
  private final float[] w;
  private final float[] b;
  private final float[] u;

  /** Random weights; a larger gain makes the classifier more certain. */
  public TinyModel(int bits, float gain) {
    this.bits = bits;
    this.gain = gain;
    Random random = new Random(bits);
    this.w = uniform(random, SHAPE.size() * bits, 0.6f);
    this.b = uniform(random, bits, 0.5f);
    this.u = uniform(random, bits, 5e-4f);
  }

  /** Number of bits. */
  public int bits() {
    return bits;
  }

  /** What the denoiser predicts. */
  public static double prediction(double x, double t, int label) {
    return 0.6 * x + 0.3 * Math.tanh(2 * x) + 1e-4 * t - 0.05 + 0.1 * label;
  }

  /** The classifier's logits for one image. */
  public double[] logits(double[] x, double t) {
    double[] logits = new double[bits];
    for (int k = 0; k < bits; k++) {
      logits[k] = gain * Math.tanh(activation(x, t, k));
    }
    return logits;
  }

  /** Gradient of the sum of cotangent_k logit_k for one image. */
  public double[] gradient(double[] x, double t, double[] cotangent) {
    double[] gradient = new double[x.length];
    for (int k = 0; k < bits; k++) {
      double tanh = Math.tanh(activation(x, t, k));
      for (int i = 0; i < x.length; i++) {
        gradient[i] += cotangent[k] * gain * (1 - tanh * tanh) * w[i * bits + k];
      }
    }
    return gradient;
  }

  /** The manifest, without files. */
  public Manifest manifest(int classes) {
    return Manifests.of(SHAPE, DenoiserSpec.of(PredictionType.EPSILON, classes), bits);
  }

  /** A bundle, ready to be written. */
  public BundleWriter bundle(int classes) {
    return BundleWriter.of(manifest(classes))
        .file("denoiser.onnx", denoiser(classes))
        .file("classifier.onnx", classifier());
  }

  /** A bundle with a fallback denoiser, ready to be written. */
  public BundleWriter bundleWithFallback(int classes) {
    return withFallback(manifest(classes))
        .file("denoiser.onnx", denoiser(classes))
        .file("classifier.onnx", classifier());
  }

  /** A bundle that has a fallback denoiser and no other files yet. */
  static BundleWriter withFallback(Manifest manifest) {
    return BundleWriter.of(
            manifest.withPipeline(manifest.pipeline().withFallback(FALLBACK), manifest.image()))
        .file(FALLBACK, fallback(manifest.denoiser().classes()));
  }

  /** The denoiser as ONNX. */
  public static byte[] denoiser(int classes) {
    return denoiser(classes, LINEAR);
  }

  /** A denoiser that predicts 0.2 x less, as ONNX. */
  public static byte[] fallback(int classes) {
    return denoiser(classes, LINEAR - FALLBACK_LESS);
  }

  private static byte[] denoiser(int classes, float slope) {
    GraphBuilder g = new GraphBuilder("denoiser", OPSET);
    Value x = g.input("x", ElementType.FLOAT, IMAGES);
    Value t = g.input("t", ElementType.FLOAT, ROWS);
    Value time = g.reshape(t, g.constant("time.shape", new long[] {-1, 1, 1, 1}, 4));
    Value linear = scaled(g, x, "linear", slope);
    Value bent = scaled(g, g.tanh(scaled(g, x, "inner", 2)), "outer", 0.3f);
    Value offset =
        g.sub(scaled(g, time, "slope", 1e-4f), g.constant("shift", new float[] {0.05f}, 1));
    if (classes > 0) {
      Value label = g.input("label", ElementType.INT64, ROWS);
      Value table = g.constant("table", offsets(classes), classes, 1, 1, 1);
      offset = g.add(offset, g.gather(table, label));
    }
    Value sum = g.add(g.add(linear, bent), offset);
    g.output("prediction", sum, ElementType.FLOAT, IMAGES);
    return OnnxCodec.toBytes(g.build());
  }

  /** The classifier as ONNX. */
  public byte[] classifier() {
    GraphBuilder g = new GraphBuilder("classifier", OPSET);
    Value x = g.input("x", ElementType.FLOAT, IMAGES);
    Value t = g.input("t", ElementType.FLOAT, ROWS);
    Value flat = g.reshape(x, g.constant("flat.shape", new long[] {-1, SHAPE.size()}, 2));
    Value time = g.reshape(t, g.constant("time.shape", new long[] {-1, 1}, 2));
    Value fromX = g.matMul(flat, g.constant("w", w, SHAPE.size(), bits));
    Value fromT = g.matMul(time, g.constant("u", u, 1, bits));
    Value sum = g.add(g.add(fromX, g.constant("b", b, bits)), fromT);
    Value logits = g.mul(g.tanh(sum), g.constant("gain", new float[] {gain}, 1));
    g.output("logits", logits, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(bits)));
    return OnnxCodec.toBytes(g.build());
  }

  private double activation(double[] x, double t, int k) {
    double sum = b[k] + u[k] * t;
    for (int i = 0; i < x.length; i++) {
      sum += w[i * bits + k] * x[i];
    }
    return sum;
  }

  private static Value scaled(GraphBuilder g, Value x, String name, float factor) {
    return g.mul(x, g.constant(name, new float[] {factor}, 1));
  }

  private static float[] offsets(int classes) {
    float[] offsets = new float[classes];
    for (int i = 0; i < classes; i++) {
      offsets[i] = 0.1f * i;
    }
    return offsets;
  }

  private static float[] uniform(Random random, int length, float range) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (2 * random.nextFloat() - 1) * range;
    }
    return values;
  }
}
