package io.github.cpsample.plugin;

import java.util.Objects;
import java.util.Optional;

/**
 * What a request cost as a whole.
 *
 * @param imagesGuarded images with at least one guarded step
 * @param denoiserCalls batches passed through the denoiser
 * @param classifierRows images passed forward through the classifier, counted once per step
 * @param gradientRows images for which the gradient was computed, counted once per step: the
 *     guarded steps
 * @param seconds wall-clock time of the request
 * @param device the device used, for instance {@code cpu} or {@code cuda:0}
 * @param deviceNote why {@code auto} fell back to the CPU; empty if it did not
 */
public record GenerationSummary(
    int imagesGuarded,
    long denoiserCalls,
    long classifierRows,
    long gradientRows,
    double seconds,
    String device,
    Optional<String> deviceNote) {
  public GenerationSummary {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(deviceNote, "deviceNote");
  }
}
