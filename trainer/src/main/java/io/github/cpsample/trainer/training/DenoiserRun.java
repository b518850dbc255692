package io.github.cpsample.trainer.training;

/**
 * What a denoiser's training came to; stored as {@code run.json}.
 *
 * @param settings what was trained
 * @param origin what it was fine-tuned from
 * @param images readable training images, without those of the rehearsal
 * @param steps updates applied in all
 * @param repeats steps of the last call that were not finite and were repeated
 * @param seconds wall-clock seconds of the last call
 * @param ended why it ended: steps, time or interrupted
 */
public record DenoiserRun(
    DenoiserSettings settings,
    DenoiserData.DenoiserOrigin origin,
    int images,
    long steps,
    long repeats,
    double seconds,
    String ended) {

  public DenoiserRun {
    origin = origin == null ? DenoiserData.DenoiserOrigin.NONE : origin;
  }
}
