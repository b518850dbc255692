package io.github.cpsample.evaluation.attack;

import io.github.cpsample.base.Checks;

/**
 * SecMI's statistic (Duan et al. 2023, arXiv 2302.01316): the image is taken by deterministic DDIM
 * moves {@code M_{a->b}(x) = sqrt(abar_b) (x - sqrt(1 - abar_a) eps(x, a)) / sqrt(abar_a) + sqrt(1
 * - abar_b) eps(x, a)} from timestep 0 by steps of k to {@code t* = t_sec - k}, and from there one
 * step on and back again. The score is the squared distance between where it was and where it
 * returns to. The published code begins at 0 with the image itself and ends one step before t_sec.
 */
public final class SecMiStat implements MembershipAttack {

  /** t_sec of the published code. */
  public static final int USUAL_TIMESTEP = 100;

  /** k of the published code. */
  public static final int USUAL_STEP = 10;

  private final SignalLevels levels;
  private final int last;
  private final int step;

  /**
   * Fixes the settings.
   *
   * @param levels of the model
   * @param timestep t_sec, a multiple of the step
   * @param step k, at least 1
   * @throws IllegalArgumentException if a number is out of range
   */
  public SecMiStat(SignalLevels levels, int timestep, int step) {
    this.levels = levels;
    this.last = levels.requireTimestep("t_sec", timestep);
    this.step = step;
    Checks.argument(
        step >= 1 && timestep >= step && timestep % step == 0,
        "t_sec",
        "a positive multiple of the step",
        timestep + " and the step " + step);
  }

  @Override
  public String name() {
    return "SecMI (t_sec=" + last + ", k=" + step + ")";
  }

  @Override
  public int queries() {
    return last / step + 1;
  }

  @Override
  public double[] scores(NoisePredictor model, float[] images, int rows) {
    Batch batch = new Batch(model, images, rows);
    double[] reached = batch.images();
    int target = last - step;
    for (int t = 0; t < target; t += step) {
      reached = move(batch, reached, t, t + step);
    }
    double[] before = reached;
    double[] returned = move(batch, move(batch, before, target, last), last, target);
    return batch.sums(i -> (before[i] - returned[i]) * (before[i] - returned[i]));
  }

  private double[] move(Batch batch, double[] x, int from, int to) {
    float[] epsilon = batch.epsilon(x, from);
    double abarFrom = levels.at(from);
    double abarTo = levels.at(to);
    double signal = Math.sqrt(abarTo / abarFrom);
    double spread = Math.sqrt(1 - abarTo) - signal * Math.sqrt(1 - abarFrom);
    double[] moved = new double[x.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = signal * x[i] + spread * epsilon[i];
    }
    return moved;
  }
}
