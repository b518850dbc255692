package io.github.cpsample.guard;

import io.github.cpsample.bundle.ClassifierSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.random.ImageNoise;
import io.github.cpsample.random.RandomMode;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * What the memorising classifier says of an image at noise levels of one's choice: the image is
 * noised, {@code x_t = sqrt(abar_t) x + sqrt(1 - abar_t) z}, with the same few seeded draws of
 * {@code z} for all images and levels.
 *
 * <p><b>This is a membership test of the training set</b>, as {@link CertaintyCheck} is, which is
 * made of it: for measuring how much the classifier gives away, not for passing on.
 *
 * <p>Thread-safe. Holds native memory until it is closed.
 */
public final class ClassifierProbe implements AutoCloseable {

  private final Manifest manifest;
  private final InferenceSession classifier;
  private final NoiseSchedule schedule;
  private final int draws;
  private final float[] noise;

  private ClassifierProbe(
      Manifest manifest, InferenceSession classifier, int draws, long firstSeed) {
    this.manifest = manifest;
    this.classifier = classifier;
    this.schedule = manifest.schedule().create();
    this.draws = draws;
    int size = manifest.sampled().size();
    this.noise = new float[draws * size];
    for (int draw = 0; draw < draws; draw++) {
      ImageNoise streams = RandomMode.JAVA.open(firstSeed + draw);
      streams.initial().fill(noise, draw * size, size);
    }
  }

  /**
   * Opens a model's classifier.
   *
   * @param bundle the model; may be closed afterwards
   * @param device where the classifier runs
   * @param draws how often every image is noised per level, at least 1
   * @param seed draw {@code i} is that of {@code seed + i}
   * @return the probe, which the caller closes
   * @throws IllegalArgumentException if there is no draw
   * @throws io.github.cpsample.inference.InferenceException if ONNX Runtime refuses the classifier
   */
  public static ClassifierProbe open(
      ModelBundle bundle, ResolvedDevice device, int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws: expected at least 1, found " + draws);
    }
    Manifest manifest = bundle.manifest();
    InferenceSession session =
        InferenceSession.open(
            "classifier of " + manifest.name(),
            bundle.file(manifest.classifier().file()),
            device,
            SessionSettings.defaults());
    return new ClassifierProbe(manifest, session, draws, seed);
  }

  /**
   * How often an image is noised per level.
   *
   * @return at least 1
   */
  public int draws() {
    return draws;
  }

  /**
   * The length of the code.
   *
   * @return the number K of bits
   */
  public int bits() {
    return manifest.classifier().bits();
  }

  /**
   * Asks about one image.
   *
   * @param image of the model's shape; of a model of latents, the latent of an image
   * @param timesteps the noise levels, each in [0, T - 1]
   * @return the logits, [levels, draws, K], finite; a new array
   * @throws IllegalArgumentException if the image has another shape, or a logit is not finite
   */
  public float[] logits(FloatImage image, List<Integer> timesteps) {
    ImageShape shape = manifest.sampled();
    if (!image.shape().equals(shape)) {
      throw new IllegalArgumentException("image: expected " + shape + ", found " + image.shape());
    }
    ClassifierSpec spec = manifest.classifier();
    int rows = timesteps.size() * draws;
    TensorBuffer noised =
        TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    TensorBuffer levels = TensorBuffer.floats(rows);
    TensorBuffer out = TensorBuffer.floats(rows, spec.bits());
    fill(noised.asFloats(), levels.asFloats(), image.values(), timesteps);
    classifier.run(
        Map.of(spec.input(), noised, spec.timestep(), levels), Map.of(spec.output(), out));
    float[] logits = new float[rows * spec.bits()];
    out.asFloats().get(logits);
    requireFinite(logits);
    return logits;
  }

  /** Frees the classifier. Closing twice does nothing. */
  @Override
  public void close() {
    classifier.close();
  }

  private void fill(FloatBuffer noised, FloatBuffer levels, float[] x, List<Integer> timesteps) {
    for (int t : timesteps) {
      double signal = Math.sqrt(schedule.alphasCumprod(t));
      double spread = Math.sqrt(1 - schedule.alphasCumprod(t));
      for (int draw = 0; draw < draws; draw++) {
        levels.put(t);
        int from = draw * x.length;
        for (int i = 0; i < x.length; i++) {
          noised.put((float) (signal * x[i] + spread * noise[from + i]));
        }
      }
    }
  }

  private void requireFinite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new IllegalArgumentException(
            "classifier of "
                + manifest.name()
                + ": expected finite logits, found "
                + logit
                + "; check that the image's values are finite");
      }
    }
  }
}
