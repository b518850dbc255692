package io.github.cpsample.sampling;

import io.github.cpsample.denoiser.Denoiser;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.protection.ProtectionSettings;

/**
 * Steps made of separate runs: the denoiser for the batch; in the guarded range of timesteps the
 * classifier for the batch and the gradient for the guarded rows; the sampler's step for every row.
 */
final class SeparateSteps implements StepRunner {
  private final Denoiser denoiser;
  private final GuardedClassifier classifier;
  private final ProtectionSettings protection;
  private final SamplerState state;

  /**
   * @param classifier null for unprotected steps
   */
  SeparateSteps(
      Denoiser denoiser,
      GuardedClassifier classifier,
      ProtectionSettings protection,
      SamplerState state) {
    this.denoiser = denoiser;
    this.classifier = classifier;
    this.protection = protection;
    this.state = state;
  }

  @Override
  public void advance(SamplerStep step, int rows, StepOutcome outcome) {
    double timestep = step.timestep();
    denoiser.predict(state, rows, timestep);
    for (int row = 0; row < rows; row++) {
      NonFiniteException.check("denoiser's prediction", state.prediction(), row, state.rowSize());
    }
    outcome.unasked();
    if (classifier != null && protection.coversTimestep(timestep)) {
      classifier.ask(state, rows, timestep);
      classifier.answer(outcome);
      for (int row = 0; row < rows; row++) {
        outcome.answer(row, classifier.guards(row), classifier.certainty(row));
      }
    }
    for (int row = 0; row < rows; row++) {
      step.advance(state, row, outcome.guarded(row));
      NonFiniteException.check("image", state.x(), row, state.rowSize());
    }
  }
}
