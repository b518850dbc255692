package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.sampling.SampleSettings;
import java.util.Locale;
import java.util.Optional;

/**
 * What to say where images are sampled in many more steps than the model's scale was found for. A
 * step pushes by the scale times what the step changes of the noise level, so that more steps push
 * less each, and a sample is pushed until the gate just closes (docs/studies/push-alone.md,
 * "Steps").
 */
final class StepAdvice {

  /** From twice the model's steps on image-to-image was measured to be protected less. */
  private static final int FEW_TIMES = 2;

  private StepAdvice() {}

  static Optional<String> of(Manifest manifest, SampleSettings settings) {
    int usual = manifest.sampler().steps();
    double scale = manifest.protection().scale();
    boolean weaker =
        settings.guarded()
            && settings.protection().correction().kind().move() == Correction.Move.PUSH
            && settings.steps() >= FEW_TIMES * usual
            && settings.protection().scale() <= scale;
    return weaker
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "note: the scale %.4g of %s was found for %d steps; in %d steps it protects less."
                    + " --scale %.4g pushes as far in a step as it does in one of %d",
                scale,
                manifest.name(),
                usual,
                settings.steps(),
                scale * settings.steps() / usual,
                usual))
        : Optional.empty();
  }
}
