package io.github.cpsample.bundle;

import java.util.List;

/**
 * The noise schedule that the networks were trained with.
 *
 * @param kind one of {@link #KINDS}
 * @param trainTimesteps number of timesteps T
 * @param betaStart first beta of {@code linear} and {@code scaled-linear}; 0 otherwise
 * @param betaEnd last beta of {@code linear} and {@code scaled-linear}; 0 otherwise
 * @param betas the T betas of {@code explicit}, empty otherwise
 */
public record ScheduleSpec(
    String kind, int trainTimesteps, double betaStart, double betaEnd, List<Double> betas) {
  /** The kinds of schedule a manifest may name. */
  public static final List<String> KINDS =
      List.of("linear", "scaled-linear", "squared-cosine", "explicit");

  /**
   * Copies the list and refuses contradictory values.
   *
   * @param kind as the component says
   * @param trainTimesteps as the component says
   * @param betaStart as the component says
   * @param betaEnd as the component says
   * @param betas as the component says
   */
  public ScheduleSpec {
    ManifestChecks.oneOf("schedule.kind", kind, KINDS);
    ManifestChecks.atLeast("schedule.trainTimesteps", trainTimesteps, 1);
    betas = List.copyOf(betas);
    boolean explicit = kind.equals("explicit");
    if (betas.size() != (explicit ? trainTimesteps : 0)) {
      throw new IllegalArgumentException(
          "schedule.betas: expected "
              + (explicit ? trainTimesteps : 0)
              + " numbers for kind "
              + kind
              + ", found "
              + betas.size());
    }
    for (double beta : betas) {
      ManifestChecks.within("schedule.betas", beta, 0, 1);
    }
    if (hasRange(kind)) {
      ManifestChecks.within("schedule.betaStart", betaStart, Double.MIN_VALUE, 1);
      ManifestChecks.within("schedule.betaEnd", betaEnd, betaStart, 1);
    }
  }

  /**
   * A schedule given by its first and last beta, or by its kind alone.
   *
   * @param kind {@code linear}, {@code scaled-linear} or {@code squared-cosine}
   * @param trainTimesteps number of timesteps T
   * @param betaStart first beta; ignored by {@code squared-cosine}
   * @param betaEnd last beta; ignored by {@code squared-cosine}
   * @return the schedule
   */
  public static ScheduleSpec of(String kind, int trainTimesteps, double betaStart, double betaEnd) {
    return hasRange(kind)
        ? new ScheduleSpec(kind, trainTimesteps, betaStart, betaEnd, List.of())
        : new ScheduleSpec(kind, trainTimesteps, 0, 0, List.of());
  }

  /**
   * A schedule given by all its betas.
   *
   * @param betas beta for every timestep, each in [0, 1]
   * @return the schedule
   */
  public static ScheduleSpec explicit(List<Double> betas) {
    return new ScheduleSpec("explicit", betas.size(), 0, 0, betas);
  }

  static boolean hasRange(String kind) {
    return kind.equals("linear") || kind.equals("scaled-linear");
  }
}
