package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import org.jspecify.annotations.Nullable;

/**
 * What is said of an attack besides its numbers.
 *
 * @param name with its settings
 * @param source who proposed it, or what it follows from
 * @param access what it needs
 */
record Attack(String name, String source, Access access) {

  /** The figures of an attack that needs the guard. */
  MembershipFigures ofGuard(MembershipScores scores, Bootstrap bootstrap) {
    return new MembershipFigures(
        name,
        source,
        access.words(),
        access.label(),
        null,
        scores.figures(bootstrap),
        null,
        null,
        null);
  }

  /** The figures of an attack with and without the guard, on the same images. */
  MembershipFigures ofBoth(
      MembershipScores without,
      MembershipScores with,
      MembershipFigures.@Nullable ResidualTest residualTest,
      Bootstrap bootstrap) {
    return new MembershipFigures(
        name,
        source,
        access.words(),
        access.label(),
        without.figures(bootstrap),
        with.figures(bootstrap),
        without.aucDifference(with, bootstrap),
        without.directedAucDifference(with, bootstrap),
        residualTest);
  }
}
