package io.github.cpsample.evaluation.membership;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.attack.MembershipAttack;
import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.attack.NoiseNorm;
import io.github.cpsample.evaluation.attack.ProximalInitialisation;
import io.github.cpsample.evaluation.attack.ReconstructionLoss;
import io.github.cpsample.evaluation.attack.SecMiStat;
import io.github.cpsample.evaluation.attack.SignalLevels;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.MembershipFigures.Outcome;
import io.github.cpsample.evaluation.figures.MembershipFigures.ResidualTest;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attack on single predictions of a model, as an audit makes it, and what its scores are worth.
 * The published settings are for 1000 timesteps and are scaled to the model's number.
 *
 * @param id its name for files
 * @param attack what gives the scores
 * @param source who proposed it
 * @param residual whether the scores are residuals, to which the test of the authors of CPSample
 *     applies
 */
public record PredictionAttack(
    String id, MembershipAttack attack, String source, boolean residual) {

  private static final int PUBLISHED_TIMESTEPS = 1000;
  private static final int DRAWS = 4;

  /** At most so many images in a batch of the residual test, and at least so many batches. */
  private static final int LARGEST_BATCH = 64;

  private static final int FEWEST_BATCHES = 6;

  /**
   * All that an audit makes.
   *
   * @param manifest of the model
   * @param seed of what is drawn
   * @return with ids of their own, in the order of a report
   */
  public static List<PredictionAttack> all(Manifest manifest, long seed) {
    SignalLevels levels = SignalLevels.of(manifest.schedule().create());
    int late = scaled(manifest, ProximalInitialisation.USUAL_TIMESTEP);
    int step = scaled(manifest, SecMiStat.USUAL_STEP);
    int power = ProximalInitialisation.USUAL_POWER;
    return List.of(
        new PredictionAttack(
            "loss",
            new ReconstructionLoss(levels, late, DRAWS, seed),
            "Matsumoto et al. 2023, arXiv 2302.03262; test: Kazdan et al. 2025, arXiv 2409.07025",
            true),
        new PredictionAttack(
            "secmi",
            new SecMiStat(levels, SecMiStat.USUAL_TIMESTEP / SecMiStat.USUAL_STEP * step, step),
            "Duan et al. 2023, arXiv 2302.01316",
            false),
        new PredictionAttack(
            "pia",
            ProximalInitialisation.pia(levels, late, power),
            "Kong et al. 2024, arXiv 2305.18355",
            false),
        new PredictionAttack(
            "pian",
            ProximalInitialisation.pian(levels, late, power),
            "Kong et al. 2024, arXiv 2305.18355",
            false),
        new PredictionAttack(
            "sima",
            new NoiseNorm(levels, late, NoiseNorm.USUAL_POWER),
            "Rao, Qu and Moyer 2025, arXiv 2509.25003",
            false));
  }

  private static int scaled(Manifest manifest, int timestep) {
    int all = manifest.schedule().trainTimesteps();
    return Math.max(1, (int) Math.round((double) timestep * all / PUBLISHED_TIMESTEPS));
  }

  /**
   * What the scores are worth.
   *
   * @param without scores of unprotected predictions
   * @param with scores of protected ones, of the same images in the same order
   * @param bootstrap for intervals
   * @return the figures
   */
  public MembershipFigures figures(
      MembershipScores without, MembershipScores with, Bootstrap bootstrap) {
    return new Attack(attack.name(), source, Access.PREDICTIONS)
        .ofBoth(without, with, residual ? test(without, with) : null, bootstrap);
  }

  private static ResidualTest test(MembershipScores without, MembershipScores with) {
    int fewer = Math.min(without.memberCount(), without.otherCount());
    int size = Math.max(1, Math.min(LARGEST_BATCH, fewer / FEWEST_BATCHES));
    return new ResidualTest(size, outcome(without, size), outcome(with, size));
  }

  private static @Nullable Outcome outcome(MembershipScores scores, int size) {
    return scores.batchMeansTest(size).map(Outcome::of).orElse(null);
  }
}
