package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import java.util.List;

/**
 * What one stage found.
 *
 * @param attacks one or more, in a fixed order
 * @param levels the classifier per noise level, of the stage that asks it; otherwise empty
 */
public record MembershipResult(List<MembershipFigures> attacks, List<NoiseLevel> levels) {

  public MembershipResult {
    attacks = List.copyOf(attacks);
    levels = List.copyOf(levels);
  }
}
