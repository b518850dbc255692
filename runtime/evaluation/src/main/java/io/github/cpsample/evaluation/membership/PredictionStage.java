package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.attack.MembershipAttack;
import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.MembershipFigures.Outcome;
import io.github.cpsample.evaluation.figures.MembershipFigures.ResidualTest;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.StepCounter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attack on predictions, first without the guard and then on the protected ones: single
 * predictions, as a sampler computes with them. Where the correction moves nothing and only sends
 * images back, those are the same, and are asked for once.
 */
final class PredictionStage implements MembershipStage {

  /** At most so many images in a batch of the residual test, and at least so many batches. */
  private static final int LARGEST_BATCH = 64;

  private static final int FEWEST_BATCHES = 6;

  private final String id;
  private final MembershipAttack attack;
  private final String source;
  private final boolean residual;
  private final AttackedModel model;
  private final Question question;
  private final Bootstrap bootstrap;

  /**
   * Prepares it.
   *
   * @param residual whether the scores are residuals, to which the test of the authors of CPSample
   *     applies
   */
  PredictionStage(
      String id,
      MembershipAttack attack,
      String source,
      boolean residual,
      AttackedModel model,
      Question question,
      Bootstrap bootstrap) {
    this.id = id;
    this.attack = attack;
    this.source = source;
    this.residual = residual;
    this.model = model;
    this.question = question;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String title() {
    return attack.name();
  }

  @Override
  public MembershipResult run(Progress progress) {
    StepCounter counter = question.counter(progress, model.movesPredictions() ? 2 : 1);
    MembershipScores without = scores(false, counter);
    MembershipScores with = model.movesPredictions() ? scores(true, counter) : without;
    MembershipFigures figures =
        new Attack(attack.name(), source, Access.PREDICTIONS)
            .ofBoth(without, with, residual ? test(without, with) : null, bootstrap);
    return new MembershipResult(List.of(figures), List.of());
  }

  private MembershipScores scores(boolean guarded, StepCounter counter) {
    NoisePredictions predictions =
        model.sampler().predictions(model.request(question.batch(), guarded));
    return question
        .ask(
            1,
            (candidates, first, count) ->
                new double[][] {
                  attack.scores(predictions::epsilon, candidates.joined(first, count), count)
                },
            counter)
        .scores(0);
  }

  private ResidualTest test(MembershipScores without, MembershipScores with) {
    int fewer = Math.min(question.members().size(), question.others().size());
    int size = Math.max(1, Math.min(LARGEST_BATCH, fewer / FEWEST_BATCHES));
    return new ResidualTest(size, outcome(without, size), outcome(with, size));
  }

  private static @Nullable Outcome outcome(MembershipScores scores, int size) {
    return scores.batchMeansTest(size).map(Outcome::of).orElse(null);
  }
}
