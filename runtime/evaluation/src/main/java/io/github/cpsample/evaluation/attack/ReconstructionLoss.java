package io.github.cpsample.evaluation.attack;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.NormalStream;
import io.github.cpsample.diffusion.RandomMode;

/**
 * The training loss at one timestep (Matsumoto et al. 2023, arXiv 2302.03262): {@code |e -
 * eps(sqrt(abar) x + sqrt(1 - abar) e, t)|^2}, the mean over some draws of the noise e, which are
 * the same for all images. Of a protected model it is the residual of CPSample's own test, for
 * which see {@link MembershipScores#batchMeansTest}.
 */
public final class ReconstructionLoss implements MembershipAttack {

  private final SignalLevels levels;
  private final int timestep;
  private final int draws;
  private final long seed;

  /**
   * Fixes the settings.
   *
   * @param levels of the model
   * @param timestep t; intermediate ones tell most
   * @param draws of noise, at least 1
   * @param seed of the noise
   * @throws IllegalArgumentException if a number is out of range
   */
  public ReconstructionLoss(SignalLevels levels, int timestep, int draws, long seed) {
    this.levels = levels;
    this.timestep = levels.requireTimestep("timestep", timestep);
    Checks.atLeast("draws", draws, 1);
    this.draws = draws;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "loss (t=" + timestep + ", " + draws + " draws)";
  }

  @Override
  public int queries() {
    return draws;
  }

  @Override
  public double[] scores(NoisePredictor model, float[] images, int rows) {
    Batch batch = new Batch(model, images, rows);
    NormalStream stream = RandomMode.JAVA.open(seed).initial();
    float[] noise = new float[batch.size()];
    double[] scores = new double[rows];
    for (int draw = 0; draw < draws; draw++) {
      stream.fill(noise, 0, noise.length);
      float[] epsilon = batch.epsilon(batch.noised(noise, levels.at(timestep)), timestep);
      double[] squares =
          batch.sums(i -> Math.pow((double) noise[i % noise.length] - epsilon[i], 2));
      for (int row = 0; row < rows; row++) {
        scores[row] += squares[row] / draws;
      }
    }
    return scores;
  }
}
