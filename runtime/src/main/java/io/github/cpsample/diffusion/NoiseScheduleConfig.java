package io.github.cpsample.diffusion;

import java.util.List;

/**
 * A noise schedule as numbers that a file can carry.
 *
 * @param kind {@code linear}, {@code scaled-linear}, {@code squared-cosine} or {@code explicit}
 * @param trainTimesteps T
 * @param betaStart first beta of {@code linear} and {@code scaled-linear}
 * @param betaEnd last beta of {@code linear} and {@code scaled-linear}
 * @param betas all betas of {@code explicit}, empty otherwise
 */
public record NoiseScheduleConfig(
    String kind, int trainTimesteps, double betaStart, double betaEnd, List<Double> betas) {

  /**
   * Copies the list.
   *
   * @param kind the kind
   * @param trainTimesteps T
   * @param betaStart first beta
   * @param betaEnd last beta
   * @param betas all betas
   */
  public NoiseScheduleConfig {
    betas = List.copyOf(betas);
  }

  /**
   * A schedule of a kind that needs no list of betas.
   *
   * @param kind {@code linear}, {@code scaled-linear} or {@code squared-cosine}
   * @param trainTimesteps T
   * @param betaStart first beta
   * @param betaEnd last beta
   * @return the configuration
   */
  public static NoiseScheduleConfig of(
      String kind, int trainTimesteps, double betaStart, double betaEnd) {
    return new NoiseScheduleConfig(kind, trainTimesteps, betaStart, betaEnd, List.of());
  }

  /**
   * Makes the schedule.
   *
   * @return the schedule's tables
   * @throws IllegalArgumentException if the kind is unknown or a number is out of range
   */
  public NoiseSchedule create() {
    return switch (kind) {
      case "linear" -> NoiseSchedule.linear(trainTimesteps, betaStart, betaEnd);
      case "scaled-linear" -> NoiseSchedule.scaledLinear(trainTimesteps, betaStart, betaEnd);
      case "squared-cosine" -> NoiseSchedule.squaredCosine(trainTimesteps);
      case "explicit" -> NoiseSchedule.ofBetas(floats());
      default ->
          throw new IllegalArgumentException(
              "Noise schedule: expected linear, scaled-linear, squared-cosine or explicit, found "
                  + kind);
    };
  }

  private float[] floats() {
    float[] values = new float[betas.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = betas.get(i).floatValue();
    }
    return values;
  }
}
