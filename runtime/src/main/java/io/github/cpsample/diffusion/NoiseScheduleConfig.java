package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.List;
import java.util.Objects;

/**
 * The description of a noise schedule, as a manifest records it.
 *
 * @param kind how the betas are given
 * @param trainTimesteps the number T of timesteps, positive
 * @param betaStart the first beta; 0 where the kind has none
 * @param betaEnd the last beta; 0 where the kind has none
 * @param betas the betas of kind {@code explicit}, the last of which may be 1, else empty; copied
 */
public record NoiseScheduleConfig(
    BetaSchedule kind, int trainTimesteps, double betaStart, double betaEnd, List<Double> betas) {

  public NoiseScheduleConfig {
    Objects.requireNonNull(kind, "kind");
    betas = List.copyOf(betas);
    Checks.atLeast("schedule.trainTimesteps", trainTimesteps, 1);
    boolean ramp = kind == BetaSchedule.LINEAR || kind == BetaSchedule.SCALED_LINEAR;
    if (ramp) {
      requireBeta("betaStart", betaStart);
      requireBeta("betaEnd", betaEnd);
    } else
      Checks.argument(
          betaStart == 0 && betaEnd == 0,
          "schedule.betaStart and betaEnd",
          "none for kind " + kind.jsonName(),
          betaStart + " and " + betaEnd);
    int expected = kind == BetaSchedule.EXPLICIT ? trainTimesteps : 0;
    Checks.argument(
        betas.size() == expected,
        "schedule.betas",
        expected + " numbers for kind " + kind.jsonName(),
        betas.size());
    for (int t = 0; t < betas.size(); t++) {
      boolean pureNoise = betas.get(t) == 1 && t > 0 && t == betas.size() - 1;
      if (!pureNoise) {
        requireBeta("betas", betas.get(t));
      }
    }
  }

  private static void requireBeta(String name, double beta) {
    Checks.argument(beta > 0 && beta < 1, "schedule." + name, "a number in (0, 1)", beta);
  }

  /**
   * Betas equally spaced.
   *
   * @param trainTimesteps the number T of timesteps
   * @param betaStart the first beta
   * @param betaEnd the last beta
   * @return the description
   */
  public static NoiseScheduleConfig linear(int trainTimesteps, double betaStart, double betaEnd) {
    return new NoiseScheduleConfig(
        BetaSchedule.LINEAR, trainTimesteps, betaStart, betaEnd, List.of());
  }

  /**
   * Square roots of the betas equally spaced.
   *
   * @param trainTimesteps the number T of timesteps
   * @param betaStart the first beta
   * @param betaEnd the last beta
   * @return the description
   */
  public static NoiseScheduleConfig scaledLinear(
      int trainTimesteps, double betaStart, double betaEnd) {
    return new NoiseScheduleConfig(
        BetaSchedule.SCALED_LINEAR, trainTimesteps, betaStart, betaEnd, List.of());
  }

  /**
   * The squared-cosine table.
   *
   * @param trainTimesteps the number T of timesteps
   * @return the description
   */
  public static NoiseScheduleConfig squaredCosine(int trainTimesteps) {
    return new NoiseScheduleConfig(BetaSchedule.SQUARED_COSINE, trainTimesteps, 0, 0, List.of());
  }

  /**
   * Betas listed one by one.
   *
   * @param betas one per timestep
   * @return the description
   */
  public static NoiseScheduleConfig explicit(List<Double> betas) {
    return new NoiseScheduleConfig(BetaSchedule.EXPLICIT, betas.size(), 0, 0, betas);
  }

  /**
   * Computes the table.
   *
   * @return a new schedule
   */
  public NoiseSchedule create() {
    return switch (kind) {
      case LINEAR -> NoiseSchedule.linear(trainTimesteps, betaStart, betaEnd);
      case SCALED_LINEAR -> NoiseSchedule.scaledLinear(trainTimesteps, betaStart, betaEnd);
      case SQUARED_COSINE -> NoiseSchedule.squaredCosine(trainTimesteps);
      case EXPLICIT ->
          NoiseSchedule.ofBetas(betas.stream().mapToDouble(Double::doubleValue).toArray());
    };
  }

  /** How the betas of a {@link NoiseSchedule} are given. */
  public enum BetaSchedule {
    /** Betas equally spaced from {@code betaStart} to {@code betaEnd}. */
    LINEAR("linear"),
    /** Square roots of the betas equally spaced. */
    SCALED_LINEAR("scaled-linear"),
    /** The squared-cosine table of Nichol and Dhariwal (2021), betas capped at 0.999. */
    SQUARED_COSINE("squared-cosine"),
    /** The betas are listed one by one. */
    EXPLICIT("explicit");

    private final String jsonName;

    BetaSchedule(String jsonName) {
      this.jsonName = jsonName;
    }

    /**
     * The name used in manifests.
     *
     * @return for example {@code scaled-linear}
     */
    public String jsonName() {
      return jsonName;
    }

    /**
     * Finds a kind by the name used in manifests.
     *
     * @param name for example {@code linear}
     * @return the kind
     * @throws IllegalArgumentException if there is no such kind
     */
    public static BetaSchedule ofJsonName(String name) {
      return Checks.named("noise schedule kind", values(), kind -> kind.jsonName, name);
    }
  }
}
