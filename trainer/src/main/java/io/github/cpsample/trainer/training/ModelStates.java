package io.github.cpsample.trainer.training;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.ObservedStep;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The denoiser of a bundle. A class-conditional one is asked for its classes in turn, one that
 * takes text for the empty text. Uses the sampler that it was made with, which the caller closes
 * afterwards.
 */
public final class ModelStates implements DenoisedStates {

  private static final int BATCH = 32;
  private static final int STEPS = 25;

  /** The most classes that noised images are denoised for. */
  private static final int CLASSES = 16;

  private final ProtectedSampler sampler;
  private final Manifest manifest;
  private final NoiseSchedule schedule;
  private final Map<Integer, NoisePredictions> predictions = new HashMap<>();

  /**
   * The denoiser of an open model.
   *
   * @param sampler what samples; not owned
   */
  public ModelStates(ProtectedSampler sampler) {
    this.sampler = sampler;
    this.manifest = sampler.manifest();
    this.schedule = manifest.schedule().create();
  }

  @Override
  public NoiseScheduleConfig schedule() {
    return manifest.schedule();
  }

  @Override
  public ImageShape shape() {
    return manifest.sampled();
  }

  @Override
  public String fingerprint() {
    return Objects.toString(manifest.files().get(manifest.denoiser().file()));
  }

  @Override
  public float[] denoise(float[] noised, int count, double timestep) {
    int turn = manifest.denoiser().classes() > 0 ? (int) timestep % CLASSES : 0;
    NoisePredictions ofClass =
        predictions.computeIfAbsent(turn, it -> sampler.predictions(request(BATCH, it)));
    NoiseLevel level = NoiseLevel.of(timestep, schedule.alphasCumprod(timestep));
    float[] epsilon = ofClass.epsilon(noised, count, timestep);
    return clipped(PredictionType.EPSILON.toSample(noised, epsilon, level));
  }

  /** From one timestep of a trajectory to the next. */
  static int spacing(int trainTimesteps) {
    return Math.max(1, trainTimesteps / STEPS);
  }

  @Override
  public void sample(int count, long seed, Visitor visitor) {
    for (int first = 0; first < count; first += BATCH) {
      int images = Math.min(BATCH, count - first);
      SampleRequest request =
          request(images, first / BATCH)
              .withSampler(SamplerKind.DDIM)
              .withSteps(Math.min(STEPS, schedule.trainTimesteps()))
              .withEta(0)
              .withSeed(seed + first);
      float[][] last = new float[images][];
      int from = first;
      sampler.sample(
          request,
          Progress.none(),
          step -> {
            for (int row = 0; row < step.rows(); row++) {
              show(step, row, from, visitor);
              last[step.image(row)] = step.after(row);
            }
          });
      for (int image = 0; image < images; image++) {
        visitor.finished(first + image, last[image]);
      }
    }
  }

  private void show(ObservedStep step, int row, int first, Visitor visitor) {
    visitor.state(
        first + step.image(row), step.timestep(row), step.before(row), clipped(step.sample(row)));
  }

  private SampleRequest request(int count, long turn) {
    SampleRequest request =
        SampleRequest.of(count).withBatchSize(Math.min(count, BATCH)).withProtection(false);
    int classes = manifest.denoiser().classes();
    if (classes > 0) {
      request = request.withClassLabel((int) (turn % classes));
    }
    return manifest.pipeline().text().isPresent() ? request.withPrompt("") : request;
  }

  private float[] clipped(float[] values) {
    if (manifest.pipeline().latent().isEmpty()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(-1, Math.min(1, values[i]));
      }
    }
    return values;
  }
}
