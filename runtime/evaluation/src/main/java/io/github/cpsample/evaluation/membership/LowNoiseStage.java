package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.sampling.Progress;
import java.util.List;

/**
 * The guard as an oracle: how certain the classifier is at the low noise levels at which the
 * model's own memorisation curve says that it knows its training images, as {@code cpsample guard}
 * asks it.
 */
final class LowNoiseStage implements MembershipStage {

  private final AttackedModel model;
  private final Question question;
  private final long seed;
  private final Bootstrap bootstrap;

  LowNoiseStage(AttackedModel model, Question question, long seed, Bootstrap bootstrap) {
    this.model = model;
    this.question = question;
    this.seed = seed;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return "certainty-low-noise";
  }

  @Override
  public String title() {
    return "certainty of the classifier at low noise (" + CertaintyCheck.DRAWS + " draws)";
  }

  @Override
  public MembershipResult run(Progress progress) {
    Attack attack =
        new Attack(title(), "what the classifier is trained for; cpsample guard", Access.BUNDLE);
    try (CertaintyCheck check =
        CertaintyCheck.open(model.bundle(), model.sampler().device(), CertaintyCheck.DRAWS, seed)) {
      Question.Answers answers =
          question.ask(
              1,
              (candidates, first, count) ->
                  new double[][] {uncertainties(check, candidates, first, count)},
              question.pace(progress, 1));
      return new MembershipResult(List.of(attack.ofGuard(answers.scores(0), bootstrap)), List.of());
    }
  }

  /** Low for what the classifier recognises. */
  private static double[] uncertainties(
      CertaintyCheck check, Candidates candidates, int first, int count) {
    return check.check(candidates.pictures(first, count)).stream()
        .mapToDouble(verdict -> -verdict.recognition().orElseThrow().score())
        .toArray();
  }
}
