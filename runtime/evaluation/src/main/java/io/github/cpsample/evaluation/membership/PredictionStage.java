package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.Progress;
import java.util.List;

/**
 * An attack on predictions, first without the guard and then on the protected ones: single
 * predictions, as a sampler computes with them. Where the correction moves nothing and only sends
 * images back, those are the same, and are asked for once.
 */
final class PredictionStage implements MembershipStage {

  private final PredictionAttack attack;
  private final AttackedModel model;
  private final Question question;
  private final Bootstrap bootstrap;

  PredictionStage(
      PredictionAttack attack, AttackedModel model, Question question, Bootstrap bootstrap) {
    this.attack = attack;
    this.model = model;
    this.question = question;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return attack.id();
  }

  @Override
  public String title() {
    return attack.attack().name();
  }

  @Override
  public MembershipResult run(Progress progress) {
    Progress.Counter counter = question.counter(progress, model.movesPredictions() ? 2 : 1);
    MembershipScores without = scores(false, counter);
    MembershipScores with = model.movesPredictions() ? scores(true, counter) : without;
    return new MembershipResult(List.of(attack.figures(without, with, bootstrap)), List.of());
  }

  private MembershipScores scores(boolean guarded, Progress.Counter counter) {
    NoisePredictions predictions =
        model.sampler().predictions(model.request(question.batch(), guarded));
    return question
        .ask(
            1,
            (candidates, first, count) ->
                new double[][] {
                  attack
                      .attack()
                      .scores(predictions::epsilon, candidates.joined(first, count), count)
                },
            counter)
        .scores(0);
  }
}
