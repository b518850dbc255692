package io.github.cpsample.diffusion;

/**
 * Moves of DEIS (Zhang and Chen 2023, arXiv 2204.13902) in {@code rho = sigma}: the noise is a
 * polynomial in log rho through the remembered ones, {@code x'/alpha' = x/alpha + integral of it by
 * rho}.
 */
final class DeisMultistep {
  private DeisMultistep() {}

  /** The moves from the newest level of a history for one remembered output, two, and so on. */
  static Move[] moves(NoiseLevel[] past, NoiseLevel to) {
    Move[] moves = new Move[past.length];
    for (int order = 1; order <= past.length; order++) {
      moves[order - 1] = move(past, to, order);
    }
    return moves;
  }

  private static Move move(NoiseLevel[] past, NoiseLevel to, int order) {
    double[] weights = new double[order];
    for (int k = 0; k < order; k++) {
      weights[k] = basisIntegral(past, to, order, k);
      if (!Double.isFinite(weights[k])) {
        return move(past, to, order - 1);
      }
    }
    return new Move(1, 0, weights).scaled(1 / past[0].alpha, to.alpha);
  }

  /** The integral of the Lagrange basis polynomial k in log rho. */
  private static double basisIntegral(NoiseLevel[] past, NoiseLevel to, int order, int k) {
    double[] polynomial = {1};
    for (int j = 0; j < order; j++) {
      if (j != k) {
        double distance = past[j].lambda - past[k].lambda;
        polynomial = times(polynomial, past[j].lambda / distance, 1 / distance);
      }
    }
    double sum = 0;
    for (int power = 0; power < polynomial.length; power++) {
      sum += polynomial[power] * (moment(to.sigma, power) - moment(past[0].sigma, power));
    }
    return sum;
  }

  /** The polynomial times {@code constant + slope u}; u is log rho. */
  private static double[] times(double[] polynomial, double constant, double slope) {
    double[] product = new double[polynomial.length + 1];
    for (int i = 0; i < polynomial.length; i++) {
      product[i] += constant * polynomial[i];
      product[i + 1] += slope * polynomial[i];
    }
    return product;
  }

  /** The antiderivative of {@code (log rho)^power}, 0 at rho = 0. */
  private static double moment(double rho, int power) {
    if (rho == 0) {
      return 0;
    }
    double log = Math.log(rho);
    double moment = rho;
    double powerOfLog = 1;
    for (int p = 1; p <= power; p++) {
      powerOfLog *= log;
      moment = rho * powerOfLog - p * moment;
    }
    return moment;
  }
}
