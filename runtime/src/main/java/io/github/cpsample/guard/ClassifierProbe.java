package io.github.cpsample.guard;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the memorising classifier says of an image at noise levels of one's choice: the image is
 * noised, {@code x_t = sqrt(abar_t) x + sqrt(1 - abar_t) z}, with a few seeded draws of {@code z},
 * the same for all levels and either for all images or of the image's own. A classifier that is
 * asked about {@code x_0} is shown what the denoiser sees in {@code x_t}, as while sampling; a
 * denoiser of classes is asked for class 0, one of text for the empty text.
 *
 * <p><b>This is a membership test of the training set</b>, as {@link CertaintyCheck} is, which is
 * made of it: for measuring how much the classifier gives away, not for passing on.
 *
 * <p>Thread-safe. Holds native memory until it is closed.
 */
public final class ClassifierProbe implements AutoCloseable {

  private final Manifest manifest;
  private final InferenceSession classifier;
  private final Optional<ProtectedSampler> denoiser;
  private final NoiseSchedule schedule;
  private final int draws;
  private final float[] noise;

  private ClassifierProbe(
      Manifest manifest,
      InferenceSession classifier,
      Optional<ProtectedSampler> denoiser,
      int draws,
      long firstSeed) {
    this.manifest = manifest;
    this.denoiser = denoiser;
    this.classifier = classifier;
    this.schedule = manifest.schedule().create();
    this.draws = draws;
    this.noise = noise(firstSeed);
  }

  private float[] noise(long firstSeed) {
    int size = manifest.sampled().size();
    float[] found = new float[draws * size];
    for (int draw = 0; draw < draws; draw++) {
      RandomMode.ImageNoise streams = RandomMode.JAVA.open(firstSeed + draw);
      streams.initial().fill(found, draw * size, size);
    }
    return found;
  }

  /**
   * Opens a model's classifier.
   *
   * @param bundle the model; may be closed afterwards
   * @param device where the classifier runs
   * @param draws how often every image is noised per level, at least 1
   * @param seed draw {@code i} for all images is that of {@code seed + i}
   * @return the probe, which the caller closes
   * @throws IllegalArgumentException if there is no draw
   * @throws io.github.cpsample.inference.InferenceException if ONNX Runtime refuses the classifier
   */
  public static ClassifierProbe open(
      ModelBundle bundle, ResolvedDevice device, int draws, long seed) {
    Checks.atLeast("draws", draws, 1);
    Manifest manifest = bundle.manifest();
    InferenceSession session =
        InferenceSession.open(
            "classifier of " + manifest.name(),
            bundle.file(manifest.classifier().file()),
            device,
            SessionSettings.defaults());
    try {
      return new ClassifierProbe(manifest, session, denoiser(bundle, device), draws, seed);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** What the classifier's questions need besides it. */
  private static Optional<ProtectedSampler> denoiser(ModelBundle bundle, ResolvedDevice device) {
    return bundle.manifest().protection().asks() == Subject.X_0
        ? Optional.of(ProtectedSampler.open(bundle, device, SessionSettings.defaults()))
        : Optional.empty();
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
   * Asks about one image, noised like all others: images are compared by themselves, but what they
   * have in common is that of one noise.
   *
   * @param image of the model's shape; of a model of latents, the latent of an image
   * @param timesteps the noise levels, each in [0, T - 1]
   * @return the logits, [levels, draws, K], finite; a new array
   * @throws IllegalArgumentException if the image has another shape, or a logit is not finite
   */
  public float[] logits(FloatImage image, List<Integer> timesteps) {
    return logits(image, timesteps, noise);
  }

  /**
   * Asks about one image, noised by draws of its own: shares of images are then those of images and
   * noise.
   *
   * @param image as in {@link #logits(FloatImage, List)}
   * @param timesteps the noise levels, each in [0, T - 1]
   * @param seed draw {@code i} is that of {@code seed + i}
   * @return the logits, [levels, draws, K], finite; a new array
   * @throws IllegalArgumentException if the image has another shape, or a logit is not finite
   */
  public float[] logits(FloatImage image, List<Integer> timesteps, long seed) {
    return logits(image, timesteps, noise(seed));
  }

  private float[] logits(FloatImage image, List<Integer> timesteps, float[] drawn) {
    ImageShape shape = manifest.sampled();
    Checks.argument(image.shape().equals(shape), "image", shape, image.shape());
    Manifest.Classifier spec = manifest.classifier();
    int rows = timesteps.size() * draws;
    TensorBuffer noised =
        TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    TensorBuffer levels = TensorBuffer.floats(rows);
    TensorBuffer out = TensorBuffer.floats(rows, spec.bits());
    fill(noised.asFloats(), levels.asFloats(), image.values(), timesteps, drawn);
    denoiser.ifPresent(it -> denoise(it, noised.asFloats(), timesteps));
    classifier.run(
        Map.of(spec.input(), noised, spec.timestep(), levels), Map.of(spec.output(), out));
    float[] logits = new float[rows * spec.bits()];
    out.asFloats().get(logits);
    requireFinite(logits);
    return logits;
  }

  /** Frees the networks. Closing twice does nothing. */
  @Override
  public void close() {
    try {
      classifier.close();
    } finally {
      denoiser.ifPresent(ProtectedSampler::close);
    }
  }

  /** Replaces x_t by the x_0 that the denoiser sees in it. */
  private void denoise(ProtectedSampler sampler, FloatBuffer noised, List<Integer> timesteps) {
    SampleRequest request = SampleRequest.of(draws).withBatchSize(draws).withProtection(false);
    if (manifest.denoiser().classes() > 0) {
      request = request.withClassLabel(0);
    }
    if (manifest.pipeline().text().isPresent()) {
      request = request.withPrompt("");
    }
    NoisePredictions predictions = sampler.predictions(request);
    float[] images = new float[draws * manifest.sampled().size()];
    boolean bounded = manifest.pipeline().latent().isEmpty();
    for (int i = 0; i < timesteps.size(); i++) {
      NoiseLevel level = NoiseLevel.of(timesteps.get(i), schedule.alphasCumprod(timesteps.get(i)));
      noised.get(i * images.length, images);
      float[] epsilon = predictions.epsilon(images, draws, level.timestep());
      float[] seen = PredictionType.EPSILON.toSample(images, epsilon, level);
      for (int k = 0; bounded && k < seen.length; k++) {
        seen[k] = Math.max(-1, Math.min(1, seen[k]));
      }
      noised.put(i * images.length, seen);
    }
  }

  private void fill(
      FloatBuffer noised, FloatBuffer levels, float[] x, List<Integer> timesteps, float[] drawn) {
    for (int t : timesteps) {
      double signal = Math.sqrt(schedule.alphasCumprod(t));
      double spread = Math.sqrt(1 - schedule.alphasCumprod(t));
      for (int draw = 0; draw < draws; draw++) {
        levels.put(t);
        int from = draw * x.length;
        for (int i = 0; i < x.length; i++) {
          noised.put((float) (signal * x[i] + spread * drawn[from + i]));
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
