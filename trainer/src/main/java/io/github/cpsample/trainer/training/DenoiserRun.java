package io.github.cpsample.trainer.training;

/**
 * What a denoiser's training came to; stored as {@code run.json}.
 *
 * @param settings what was trained
 * @param images readable training images
 * @param steps updates applied in all
 * @param repeats steps of the last call that were not finite and were repeated
 * @param seconds wall-clock seconds of the last call
 * @param ended why it ended: steps, time or interrupted
 */
public record DenoiserRun(
    DenoiserSettings settings,
    int images,
    long steps,
    long repeats,
    double seconds,
    String ended) {}
