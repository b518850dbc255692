package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Settings of UniPC, a multistep predictor and corrector (Zhao et al. 2023, arXiv 2302.04867).
 *
 * @param levels which noise levels are visited
 * @param order the predictor's order, 1 to 3; the corrector's is one higher
 * @param predictsSample whether the predicted image is integrated, else the predicted noise
 * @param variant the function B(h)
 * @param lowerOrderFinal whether the order falls to 1 towards the end
 * @param uncorrected indices of steps whose move the next step does not correct; copied
 * @param clipping how the predicted image is bounded
 */
record UniPcConfig(
    SolverSteps levels,
    int order,
    boolean predictsSample,
    Variant variant,
    boolean lowerOrderFinal,
    Set<Integer> uncorrected,
    SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "unipc";

  /** The function B(h) of the paper. */
  public enum Variant {
    /** {@code B(h) = h}. */
    BH1,
    /** {@code B(h) = e^h - 1}. */
    BH2
  }

  public UniPcConfig {
    Objects.requireNonNull(levels, "levels");
    Objects.requireNonNull(variant, "variant");
    Objects.requireNonNull(clipping, "clipping");
    uncorrected = Set.copyOf(uncorrected);
    DpmMultistepConfig.requireOrder(order, 3);
  }

  /**
   * As is usual: the predicted image, B(h) = e^h - 1, lower order at the end, no bound of images.
   *
   * @param steps at least 1
   * @param order 1 to 3
   * @return the settings
   */
  public static UniPcConfig of(int steps, int order) {
    return new UniPcConfig(
        SolverSteps.of(steps), order, true, Variant.BH2, true, Set.of(), SampleClipping.none());
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
      DenoiserOutput output = new DenoiserOutput(predictionType, clipping, line.at(i));
      plan.add(
          SamplerStep.solver(
              output, guided -> output.predicted(predictsSample, guided), moves(line, i)));
    }
    return new Sampler(KIND, plan);
  }

  /**
   * The moves of a step for one remembered output, two, and so on: the output at the predicted x
   * first corrects the move that led there, from what that one kept, then predicts the next one.
   * The score is guided at the predicted x, where the denoiser saw it.
   */
  private List<SamplerStep.Move> moves(SolverSteps.Timeline line, int index) {
    boolean moved = index > 0 && line.at(index - 1).sigma() != line.at(index).sigma();
    int correctors = moved && !uncorrected.contains(index - 1) ? reach(line, index - 1) : 0;
    int predictors = reach(line, index);
    List<SamplerStep.Move> moves = new ArrayList<>();
    for (int count = 1; count <= Math.max(predictors, correctors + 1); count++) {
      Combination base = Combination.STATE;
      if (count > 1 && correctors > 0) {
        int order = Math.min(count - 1, correctors);
        base = corrector(line.history(index - 1, order), line.at(index)).from(Combination.KEPT);
      }
      NoiseLevel[] past = line.history(index, Math.min(count, predictors));
      moves.add(new SamplerStep.Move(base, predictor(past, line.at(index + 1))));
    }
    return moves;
  }

  /** The greatest order of a step's predictor. */
  private int reach(SolverSteps.Timeline line, int index) {
    int most = lowerOrderFinal ? Math.min(order, line.steps() - index) : order;
    return Math.min(most, index + 1);
  }

  /**
   * The move by the outputs at the beginning of an interval and before.
   *
   * @param past their levels, newest first; their number is the order
   */
  private Combination predictor(NoiseLevel[] past, NoiseLevel to) {
    if (to.sigma() == past[0].sigma()) {
      return Combination.STATE;
    }
    int order = to.sigma() == 0 ? 1 : distinct(past);
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
    return Combination.move(ofState(past[0], to), 0, weights);
  }

  /**
   * The move anew over an interval, by the output at its end also; in the result's weights that
   * output comes first.
   *
   * @param past the levels at the beginning of the interval and before, newest first; their number
   *     is the order
   */
  private Combination corrector(NoiseLevel[] past, NoiseLevel to) {
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
    return Combination.move(ofState(past[0], to), 0, weights);
  }

  private double ofState(NoiseLevel from, NoiseLevel to) {
    return predictsSample ? to.spread() / from.spread() : to.signal() / from.signal();
  }

  private double ofValue(NoiseLevel from, NoiseLevel to) {
    return predictsSample
        ? -to.signal() * Math.expm1(from.lambda() - to.lambda())
        : to.spread() - to.signal() * from.sigma();
  }

  /** The factor of the differences, {@code -alpha B(h)} or {@code -spread B(h)}. */
  private double scale(NoiseLevel from, NoiseLevel to) {
    double h = signedStep(from, to);
    return -(predictsSample ? to.signal() : to.spread())
        * (variant == Variant.BH1 ? h : Math.expm1(h));
  }

  private double signedStep(NoiseLevel from, NoiseLevel to) {
    double h = to.lambda() - from.lambda();
    return predictsSample ? -h : h;
  }

  /** The right-hand sides {@code k! phi_{k+1}(h) h / B(h)}, k from 1. */
  private double[] moments(NoiseLevel from, NoiseLevel to, int count) {
    double h = signedStep(from, to);
    double scale = variant == Variant.BH1 ? h : Math.expm1(h);
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
      ratios[k - 1] = (past[k].lambda() - past[0].lambda()) / (to.lambda() - past[0].lambda());
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
    while (count < past.length && past[count].sigma() != past[count - 1].sigma()) {
      count++;
    }
    return count;
  }
}
