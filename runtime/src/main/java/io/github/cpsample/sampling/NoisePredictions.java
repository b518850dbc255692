package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.conditioning.ConditionedDenoiser;
import io.github.cpsample.denoiser.Denoiser;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.protection.ScoreShift;
import java.util.Optional;

/**
 * What a model takes for the noise in given images x_t: the epsilon of a single step without the
 * step, for tests of what the model remembers. With the protection on it is what the protected
 * sampler computes with, {@code epsilon - sqrt(1 - abar) g} for every image that the gate guards at
 * that timestep. No x_0 is clipped on the way. Uses the networks of the {@link ProtectedSampler}
 * that made it, and fails when that is closed. Belongs to one thread.
 */
public final class NoisePredictions {
  private final ImageShape shape;
  private final int batchSize;
  private final PredictionType type;
  private final NoiseSchedule schedule;
  private final Denoiser denoiser;
  private final SampleSettings settings;
  private final Optional<GuardedClassifier> classifier;
  private final SamplerState state;

  NoisePredictions(
      Networks networks,
      ConditionedDenoiser conditioned,
      Manifest manifest,
      NoiseSchedule schedule,
      SampleSettings settings) {
    SizeCheck.require(networks, manifest, settings);
    this.shape = settings.image();
    this.batchSize = settings.batchSize();
    this.type = manifest.denoiser().predictionType();
    this.schedule = schedule;
    this.settings = settings;
    this.denoiser = conditioned.create(networks.denoiser(), shape, batchSize, false);
    this.classifier =
        settings.guarded()
            ? Optional.of(
                new GuardedClassifier(
                    networks, manifest.classifier(), shape, settings.protection(), batchSize))
            : Optional.empty();
    this.state = new SamplerState(batchSize, shape.size());
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
    if (rows < 1 || images.length != (long) rows * size) {
      throw new IllegalArgumentException(
          "images: expected "
              + rows
              + " images of "
              + size
              + " values, found "
              + images.length
              + " values");
    }
    double abar = schedule.alphasCumprod(timestep);
    float[] epsilon = new float[images.length];
    for (int first = 0; first < rows; first += batchSize) {
      int count = Math.min(batchSize, rows - first);
      System.arraycopy(images, first * size, state.x(), 0, count * size);
      try {
        predict(count, timestep, abar, epsilon, first * size);
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
    }
    return epsilon;
  }

  private void predict(int count, double timestep, double abar, float[] target, int offset) {
    denoiser.predict(state, count, timestep);
    for (int row = 0; row < count; row++) {
      NonFiniteException.check("denoiser's prediction", state.prediction(), row, shape.size());
    }
    Optional<GuardedClassifier> asked =
        classifier.filter(it -> settings.protection().coversTimestep(timestep));
    asked.ifPresent(it -> it.ask(state, count, timestep));
    ScoreShift shift = ScoreShift.at(abar);
    for (int row = 0; row < count; row++) {
      int index = row;
      boolean guided = asked.filter(it -> it.guards(index)).isPresent();
      for (int i = state.offset(row); i < state.offset(row) + shape.size(); i++) {
        double value = type.toEpsilon(state.x()[i], state.prediction()[i], abar);
        target[offset + i] = (float) (guided ? shift.epsilon(value, state.guidance()[i]) : value);
      }
    }
  }
}
