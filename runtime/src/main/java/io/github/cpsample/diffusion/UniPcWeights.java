package io.github.cpsample.diffusion;

import java.util.Arrays;

/**
 * Moves of UniPC (Zhao et al. 2023, arXiv 2302.04867, algorithms 5 to 8), predictor and corrector:
 * weights of the differences to the output at the beginning of the interval are the solution of a
 * small Vandermonde system.
 */
final class UniPcWeights {
  private final boolean predictsSample;
  private final boolean variantOne;

  /**
   * @param variantOne whether {@code B(h) = h}, else {@code B(h) = e^h - 1}
   */
  UniPcWeights(boolean predictsSample, boolean variantOne) {
    this.predictsSample = predictsSample;
    this.variantOne = variantOne;
  }

  SolverSpace space() {
    return predictsSample ? SolverSpace.SAMPLE : SolverSpace.EPSILON;
  }

  /**
   * The move by the outputs at the beginning of an interval and before.
   *
   * @param past their levels, newest first; their number is the order
   */
  Move predictor(NoiseLevel[] past, NoiseLevel to) {
    if (to.sigma == past[0].sigma) {
      return Move.NONE;
    }
    int order = to.sigma == 0 ? 1 : distinct(past);
    double[] ratios = ratios(past, order, to);
    double[] rho = {};
    if (order == 2) {
      rho = new double[] {0.5};
    } else if (order > 2) {
      rho = solve(ratios, moments(past[0], to, order - 1));
    }
    double scale = order == 1 ? 0 : scale(past[0], to);
    double[] weights = new double[order];
    weights[0] = ofValue(past[0], to);
    for (int k = 1; k < order; k++) {
      double weight = scale * rho[k - 1] / ratios[k - 1];
      weights[k] = weight;
      weights[0] -= weight;
    }
    return new Move(ofState(past[0], to), 0, weights);
  }

  /**
   * The move anew over an interval, by the output at its end also; in the result's weights that
   * output comes first.
   *
   * @param past the levels at the beginning of the interval and before, newest first; their number
   *     is the order
   */
  Move corrector(NoiseLevel[] past, NoiseLevel to) {
    int order = distinct(past);
    double[] older = ratios(past, order, to);
    double[] ratios = Arrays.copyOf(older, order);
    ratios[order - 1] = 1;
    double[] rho = order == 1 ? new double[] {0.5} : solve(ratios, moments(past[0], to, order));
    double scale = scale(past[0], to);
    double[] weights = new double[order + 1];
    weights[0] = scale * rho[order - 1];
    weights[1] = ofValue(past[0], to) - weights[0];
    for (int k = 1; k < order; k++) {
      double weight = scale * rho[k - 1] / ratios[k - 1];
      weights[k + 1] = weight;
      weights[1] -= weight;
    }
    return new Move(ofState(past[0], to), 0, weights);
  }

  private double ofState(NoiseLevel from, NoiseLevel to) {
    return predictsSample ? to.spread / from.spread : to.alpha / from.alpha;
  }

  private double ofValue(NoiseLevel from, NoiseLevel to) {
    return predictsSample
        ? -to.alpha * Math.expm1(from.lambda - to.lambda)
        : to.spread - to.alpha * from.sigma;
  }

  /** The factor of the differences, {@code -alpha B(h)} or {@code -spread B(h)}. */
  private double scale(NoiseLevel from, NoiseLevel to) {
    double h = signedStep(from, to);
    return -(predictsSample ? to.alpha : to.spread) * (variantOne ? h : Math.expm1(h));
  }

  private double signedStep(NoiseLevel from, NoiseLevel to) {
    double h = to.lambda - from.lambda;
    return predictsSample ? -h : h;
  }

  /** The right-hand sides {@code k! phi_{k+1}(h) h / B(h)}, k from 1. */
  private double[] moments(NoiseLevel from, NoiseLevel to, int count) {
    double h = signedStep(from, to);
    double scale = variantOne ? h : Math.expm1(h);
    double phi = Math.expm1(h) / h - 1;
    double factorial = 1;
    double[] moments = new double[count];
    for (int k = 0; k < count; k++) {
      moments[k] = phi * factorial / scale;
      factorial *= k + 2;
      phi = phi / h - 1 / factorial;
    }
    return moments;
  }

  /** Where the older levels lie, the interval being [0, 1]. */
  private static double[] ratios(NoiseLevel[] past, int order, NoiseLevel to) {
    double[] ratios = new double[order - 1];
    for (int k = 1; k < order; k++) {
      ratios[k - 1] = (past[k].lambda - past[0].lambda) / (to.lambda - past[0].lambda);
    }
    return ratios;
  }

  /** Solves {@code sum_k rho_k ratio_k^i = moment_i} by eliminating one node after the other. */
  private static double[] solve(double[] ratios, double[] moments) {
    int size = ratios.length;
    double[] rho = moments.clone();
    for (int k = 0; k < size - 1; k++) {
      for (int i = size - 1; i > k; i--) {
        rho[i] -= ratios[k] * rho[i - 1];
      }
    }
    for (int k = size - 2; k >= 0; k--) {
      for (int i = k + 1; i < size; i++) {
        rho[i] /= ratios[i] - ratios[i - k - 1];
      }
      for (int i = k; i < size - 1; i++) {
        rho[i] -= rho[i + 1];
      }
    }
    return rho;
  }

  private static int distinct(NoiseLevel[] past) {
    int count = 1;
    while (count < past.length && past[count].sigma != past[count - 1].sigma) {
      count++;
    }
    return count;
  }
}
