package io.github.cpsample.evaluation.quality;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Features computed by an ONNX model with one input {@code x} [N,C,H,W] and one output {@code
 * features} [N,D].
 *
 * <p>Holds native memory; close it. Not thread-safe.
 */
public final class OnnxFeatures implements FeatureExtractor, AutoCloseable {

  /** The name of the model's input. */
  public static final String INPUT = "x";

  /** The name of the model's output. */
  public static final String OUTPUT = "features";

  private static final int BATCH = 100;

  private final InferenceSession session;
  private final ImageShape shape;
  private final int width;

  /**
   * Opens the model.
   *
   * @param model the ONNX file's content
   * @param shape the shape of the images
   * @param width D, the number of features
   */
  public OnnxFeatures(byte[] model, ImageShape shape, int width) {
    this.session =
        InferenceSession.open(
            "features", model, ResolvedDevice.of(Device.cpu()), SessionSettings.defaults());
    this.shape = shape;
    this.width = width;
  }

  @Override
  public double[][] of(float[][] images) {
    double[][] features = new double[images.length][width];
    TensorBuffer x = TensorBuffer.floats(BATCH, shape.channels(), shape.height(), shape.width());
    TensorBuffer out = TensorBuffer.floats(BATCH, width);
    for (int from = 0; from < images.length; from += BATCH) {
      int count = Math.min(BATCH, images.length - from);
      FloatBuffer pixels = x.asFloats();
      for (int n = 0; n < count; n++) {
        pixels.put(images[from + n]);
      }
      session.run(Map.of(INPUT, x.rows(count)), Map.of(OUTPUT, out.rows(count)));
      FloatBuffer values = out.asFloats();
      for (int n = 0; n < count; n++) {
        for (int d = 0; d < width; d++) {
          features[from + n][d] = values.get();
        }
      }
    }
    return features;
  }

  @Override
  public void close() {
    session.close();
  }
}
