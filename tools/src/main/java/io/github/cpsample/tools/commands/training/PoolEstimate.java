package io.github.cpsample.tools.commands.training;

import io.github.cpsample.protection.Subject;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.DenoisedStates;
import io.github.cpsample.trainer.training.Exposure;
import java.util.Locale;
import java.util.Optional;

/** How long a denoiser needs to make what its classifier is taught with, measured on one batch. */
final class PoolEstimate {

  private static final int BATCH = 4;
  private static final int STEPS_PER_SAMPLE = 50;
  private static final double SECONDS_WORTH_A_LINE = 60;

  private PoolEstimate() {}

  /**
   * A line that says it.
   *
   * @param settings what is trained
   * @param denoiser is run on one batch, twice
   * @param given whether strangers are given, so that no samples are needed for them
   * @return empty where it takes less than a minute
   */
  static Optional<String> of(ClassifierSettings settings, DenoisedStates denoiser, boolean given) {
    double seconds = rows(settings, given) * secondsPerRow(denoiser);
    return seconds < SECONDS_WORTH_A_LINE
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the denoiser first makes what the classifier is taught with, which takes it about"
                    + " %.0f minutes once: --trajectories and --states make it fewer%s",
                seconds / 60,
                given ? "" : ", --stranger-samples too, and --strangers needs no samples"));
  }

  /** How many images pass through the denoiser. */
  static long rows(ClassifierSettings settings, boolean given) {
    Exposure.Pool pool = settings.exposure().pool();
    int steps = Math.min(STEPS_PER_SAMPLE, settings.schedule().trainTimesteps());
    long sampled = (long) pool.trajectories() + (given ? 0 : pool.samples());
    return steps * sampled + (settings.asks() == Subject.X_0 ? pool.states() : 0);
  }

  private static double secondsPerRow(DenoisedStates denoiser) {
    float[] noised = new float[BATCH * denoiser.shape().size()];
    int timestep = denoiser.schedule().trainTimesteps() / 2;
    denoiser.denoise(noised, BATCH, timestep);
    long start = System.nanoTime();
    denoiser.denoise(noised, BATCH, timestep);
    return (System.nanoTime() - start) / 1e9 / BATCH;
  }
}
