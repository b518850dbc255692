package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model takes for the noise in given images x_t: the epsilon of a single step without the
 * step, for tests of what the model remembers. With the protection on it is what the protected
 * sampler computes with, {@code epsilon - sqrt(1 - abar) g} for every image that the gate guards at
 * that timestep; a correction that moves nothing and only sends images back leaves predictions as
 * they are, one that hands over gives the fallback denoiser's prediction of a guarded image. No x_0
 * is clipped on the way. Uses the networks of the {@link ProtectedSampler} that made it, and fails
 * when that is closed. Belongs to one thread.
 */
public final class NoisePredictions {
  private final ImageShape shape;
  private final int batchSize;
  private final PredictionType type;
  private final NoiseSchedule schedule;
  private final CoreSteps networks;
  private final List<Query> queries = new ArrayList<>();

  NoisePredictions(
      Networks networks,
      Conditions.Guided conditions,
      Manifest manifest,
      NoiseSchedule schedule,
      SampleSettings settings) {
    SizeCheck.require(networks, manifest, settings);
    this.shape = settings.images().shape();
    this.batchSize = settings.images().batchSize();
    this.type = manifest.denoiser().predictionType();
    this.schedule = schedule;
    this.networks = new CoreSteps(networks, manifest, shape, batchSize, conditions.predictions());
    Optional<ProtectionSettings> protection =
        settings.guarding().on() ? Optional.of(settings.guarding().protection()) : Optional.empty();
    for (int row = 0; row < batchSize; row++) {
      queries.add(new Query(new SamplerState(shape.size()), conditions, protection));
    }
  }

  /**
   * The shape of an image.
   *
   * @return [C,H,W]; of the latents, where the model has them
   */
  public ImageShape shape() {
    return shape;
  }

  /**
   * Predicts the noise.
   *
   * @param images x_t, [N,C,H,W] row-major, in the variance-preserving scale; not modified
   * @param rows the number N of images
   * @param timestep the training timestep of all of them, in [0, T - 1], may be fractional
   * @return epsilon, a new array, [N,C,H,W]
   * @throws IllegalArgumentException if the array does not hold N images, the timestep is out of
   *     range, or the denoiser does not take it
   * @throws InferenceException if a network fails or its output is not finite
   */
  public float[] epsilon(float[] images, int rows, double timestep) {
    int size = shape.size();
    Checks.argument(
        rows >= 1 && images.length == (long) rows * size,
        "images",
        rows + " images of " + size + " values",
        images.length + " values");
    NoiseLevel level = NoiseLevel.of(timestep, schedule.alphasCumprod(timestep));
    float[] epsilon = new float[images.length];
    for (int first = 0; first < rows; first += batchSize) {
      List<Query> asked = queries.subList(0, Math.min(batchSize, rows - first));
      for (int row = 0; row < asked.size(); row++) {
        asked.get(row).at(level, -1);
        System.arraycopy(images, (first + row) * size, asked.get(row).image().x(), 0, size);
      }
      try {
        networks.predict(asked);
        replace(asked);
      } catch (NonFiniteException e) {
        throw new InferenceException(
            "prediction at timestep "
                + timestep
                + ", image "
                + (first + e.row())
                + ": expected finite numbers, found "
                + e.value()
                + " in the "
                + e.what(),
            e);
      }
      for (int row = 0; row < asked.size(); row++) {
        System.arraycopy(epsilon(asked.get(row), level), 0, epsilon, (first + row) * size, size);
      }
    }
    return epsilon;
  }

  /** What is guarded is predicted by the fallback, where the correction hands over. */
  private void replace(List<Query> asked) {
    List<Query> handedOver = asked.stream().filter(NoisePredictions::isHandedOver).toList();
    if (!handedOver.isEmpty()) {
      try {
        networks.predictByFallback(handedOver);
      } catch (NonFiniteException e) {
        throw e.of(asked.indexOf(handedOver.get(e.row())));
      }
    }
  }

  private static boolean isHandedOver(Query query) {
    return query.guarded() && query.protection().orElseThrow().correction().kind().handsOver();
  }

  private float[] epsilon(Query query, NoiseLevel level) {
    SamplerState image = query.image();
    float[] values = type.toEpsilon(image.x(), image.prediction(), level);
    boolean moved = query.move() != Move.NONE;
    for (int i = 0; moved && i < values.length; i++) {
      values[i] += (float) (level.guidanceInEpsilon() * image.guidance()[i]);
    }
    return values;
  }
}
