package io.github.cpsample.diffusion;

import java.util.Arrays;

/** How the noise levels of a trajectory are chosen. */
public enum SigmaSpacing {
  /** Those of the timesteps. */
  TIMESTEPS("timesteps") {
    @Override
    double between(double greatest, double least, double fraction) {
      throw new IllegalStateException("timesteps fix their noise levels");
    }
  },
  /** Equally spaced in {@code sigma^(1/7)} (Karras et al. 2022, equation 5). */
  KARRAS("karras") {
    @Override
    double between(double greatest, double least, double fraction) {
      double first = Math.pow(greatest, 1 / RHO);
      double last = Math.pow(least, 1 / RHO);
      return Math.pow(first + fraction * (last - first), RHO);
    }
  },
  /** Equally spaced in log sigma. */
  EXPONENTIAL("exponential") {
    @Override
    double between(double greatest, double least, double fraction) {
      double first = Math.log(greatest);
      return Math.exp(first + fraction * (Math.log(least) - first));
    }
  },
  /**
   * Equally spaced in {@code lambda = -log sigma} (Lu et al. 2022): the levels of {@link
   * #EXPONENTIAL}, but the denoiser is called at the nearest whole timestep where {@link
   * #EXPONENTIAL} rounds down.
   */
  LOG_LINEAR("log-linear") {
    @Override
    double between(double greatest, double least, double fraction) {
      return EXPONENTIAL.between(greatest, least, fraction);
    }
  };

  private static final double RHO = 7;

  private final String jsonName;

  SigmaSpacing(String jsonName) {
    this.jsonName = jsonName;
  }

  /** The level at a fraction of the way from the greatest to the least. */
  abstract double between(double greatest, double least, double fraction);

  /** n levels from the greatest to the least of a table. */
  double[] levels(SigmaTable table, int steps) {
    double[] sigmas = new double[steps];
    for (int i = 0; i < steps; i++) {
      double fraction = steps == 1 ? 0 : i / (steps - 1.0);
      sigmas[i] = between(table.greatest(), table.least(), fraction);
    }
    return sigmas;
  }

  /**
   * The name used on the command line.
   *
   * @return for example {@code karras}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a spacing by name.
   *
   * @param name for example {@code karras}
   * @return the spacing
   * @throws IllegalArgumentException if there is no such spacing
   */
  public static SigmaSpacing ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(spacing -> spacing.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sigmas: expected timesteps, karras, exponential or log-linear, found "
                        + name));
  }
}
