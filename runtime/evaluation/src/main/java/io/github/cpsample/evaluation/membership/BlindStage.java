package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.sampling.Progress;
import java.util.List;

/**
 * Whether training and held-out images can be told from each other without any model: where they
 * can, they are not of the same kind, and attacks look better than they are.
 */
final class BlindStage implements MembershipStage {

  private static final String SOURCE =
      "blind baselines: Das, Zhang and Tramer 2024, arXiv 2406.16201";

  private final Question question;
  private final Bootstrap bootstrap;

  BlindStage(Question question, Bootstrap bootstrap) {
    this.question = question;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return "blind";
  }

  @Override
  public String title() {
    return "the images alone, without any model";
  }

  @Override
  public MembershipResult run(Progress progress) {
    Question.Answers answers = question.ask(2, BlindStage::measured, question.pace(progress, 1));
    return new MembershipResult(
        List.of(
            figures("mean of the pixels (control: no model)", answers.scores(0)),
            figures("contrast of the pixels (control: no model)", answers.scores(1))),
        List.of());
  }

  private MembershipFigures figures(String name, MembershipScores scores) {
    return new Attack(name, SOURCE, Access.NOTHING).ofBoth(scores, scores, null, bootstrap);
  }

  /** The mean and the standard deviation of each image's values. */
  private static double[][] measured(Candidates candidates, int first, int count) {
    double[][] measured = new double[2][count];
    float[][] rows = candidates.rows(first, count);
    for (int i = 0; i < count; i++) {
      double sum = 0;
      double squares = 0;
      for (float value : rows[i]) {
        sum += value;
        squares += (double) value * value;
      }
      double mean = sum / rows[i].length;
      measured[0][i] = mean;
      measured[1][i] = Math.sqrt(Math.max(0, squares / rows[i].length - mean * mean));
    }
    return measured;
  }
}
