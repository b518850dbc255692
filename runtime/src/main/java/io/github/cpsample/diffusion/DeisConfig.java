package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of DEIS, the multistep method of Zhang and Chen (2023, arXiv 2204.13902) with
 * polynomials in log rho.
 *
 * @param levels which noise levels are visited
 * @param order how many outputs a step combines, 1 to 3; fewer where fewer are remembered
 * @param lowerOrderFinal whether the last two of fewer than 15 steps are of order 2 and 1
 * @param clipping how the predicted image is bounded
 */
record DeisConfig(SolverSteps levels, int order, boolean lowerOrderFinal, SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "deis";

  public DeisConfig {
    Objects.requireNonNull(levels, "levels");
    Objects.requireNonNull(clipping, "clipping");
    DpmMultistepConfig.requireOrder(order, 3);
  }

  /**
   * As is usual: ending at the level of timestep 0, lower order at the end, no bound of images.
   *
   * @param steps at least 1
   * @param order 1 to 3
   * @return the settings
   */
  public static DeisConfig of(int steps, int order) {
    SolverSteps levels = SolverSteps.of(steps).withEnd(SolverSteps.End.SIGMA_MIN);
    return new DeisConfig(levels, order, true, SampleClipping.none());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    SolverSteps.Timeline line = levels.wholeTimesteps(schedule);
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      int reach = DpmMultistepConfig.orderAt(i, line.steps(), order, lowerOrderFinal);
      NoiseLevel level = line.at(i);
      DenoiserOutput output = new DenoiserOutput(predictionType, clipping, level);
      plan.add(
          SamplerStep.multistep(
              output, output::epsilon, moves(line.history(i, reach), line.at(i + 1))));
    }
    return new Sampler(KIND, plan);
  }

  /**
   * In {@code rho = sigma}: the noise is a polynomial in log rho through the remembered ones,
   * {@code x'/signal' = x/signal + integral of it by rho}. The moves from the newest level of a
   * history for one remembered output, two, and so on.
   */
  private static Combination[] moves(NoiseLevel[] past, NoiseLevel to) {
    Combination[] moves = new Combination[past.length];
    for (int order = 1; order <= past.length; order++) {
      moves[order - 1] = move(past, to, order);
    }
    return moves;
  }

  private static Combination move(NoiseLevel[] past, NoiseLevel to, int order) {
    double[] weights = new double[order];
    for (int k = 0; k < order; k++) {
      weights[k] = basisIntegral(past, to, order, k);
      if (!Double.isFinite(weights[k])) {
        return move(past, to, order - 1);
      }
    }
    for (int k = 0; k < order; k++) {
      weights[k] *= to.signal();
    }
    return Combination.move(to.signal() / past[0].signal(), 0, weights);
  }

  /** The integral of the Lagrange basis polynomial k in log rho. */
  private static double basisIntegral(NoiseLevel[] past, NoiseLevel to, int order, int k) {
    double[] polynomial = {1};
    for (int j = 0; j < order; j++) {
      if (j != k) {
        double distance = past[j].lambda() - past[k].lambda();
        polynomial = times(polynomial, past[j].lambda() / distance, 1 / distance);
      }
    }
    double sum = 0;
    for (int power = 0; power < polynomial.length; power++) {
      sum += polynomial[power] * (moment(to.sigma(), power) - moment(past[0].sigma(), power));
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
