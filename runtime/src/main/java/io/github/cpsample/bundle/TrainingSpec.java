package io.github.cpsample.bundle;

/**
 * How the networks were trained.
 *
 * @param denoiserSteps training steps of the denoiser; 0 if it was not trained by this project
 * @param denoiserSeed seed of that training
 * @param classifierSteps training steps of the classifier
 * @param classifierSeed seed of that training
 * @param memorisationTarget {@code met}, or what ended the classifier's training instead, for
 *     instance {@code budget ended}
 */
public record TrainingSpec(
    long denoiserSteps,
    long denoiserSeed,
    long classifierSteps,
    long classifierSeed,
    String memorisationTarget) {
  /**
   * Refuses negative steps and a missing target.
   *
   * @param denoiserSteps as the component says
   * @param denoiserSeed as the component says
   * @param classifierSteps as the component says
   * @param classifierSeed as the component says
   * @param memorisationTarget as the component says
   */
  public TrainingSpec {
    ManifestChecks.atLeast("training.denoiserSteps", denoiserSteps, 0);
    ManifestChecks.atLeast("training.classifierSteps", classifierSteps, 0);
    ManifestChecks.filled("training.memorisationTarget", memorisationTarget);
  }
}
