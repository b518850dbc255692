package io.github.cpsample.evaluation.membership;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.sampling.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * What generated images alone tell: how near a candidate is to the nearest of them, in itself and
 * over its mean distance to all of them, since a plain image is near to everything.
 */
final class GeneratedStage implements MembershipStage {

  private static final int BLOCK = 256;
  private static final int MOST_GENERATED = 10_000;
  private static final String SOURCE =
      "the black-box attack of GAN-Leaks, Chen et al. 2020, arXiv 1909.03935; also Hilprecht et al."
          + " 2019";

  private final RowSource without;
  private final RowSource with;
  private final int generated;
  private final Question question;
  private final Bootstrap bootstrap;

  /**
   * Prepares it.
   *
   * @param without generated images of the model without guard
   * @param with with it; as many as there are on both sides are looked at, 10,000 at most
   */
  GeneratedStage(RowSource without, RowSource with, Question question, Bootstrap bootstrap) {
    this.without = without;
    this.with = with;
    this.generated = Math.min(MOST_GENERATED, Math.min(without.size(), with.size()));
    Checks.argument(
        generated >= 1,
        "generated images",
        "at least 1 with and without protection",
        with.size() + " and " + without.size());
    this.question = question;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return "generated-images";
  }

  @Override
  public String title() {
    return "distance to the nearest of " + generated + " generated images";
  }

  @Override
  public MembershipResult run(Progress progress) {
    int blocks = (generated + BLOCK - 1) / BLOCK;
    Progress.Counter counter = question.counter(progress, 2 * blocks);
    Question.Answers open = answers(without, counter);
    Question.Answers guarded = answers(with, counter);
    return new MembershipResult(
        List.of(
            figures(title(), open, guarded, 0),
            figures(title() + ", over the mean distance to all of them", open, guarded, 1)),
        List.of());
  }

  private MembershipFigures figures(
      String name, Question.Answers open, Question.Answers guarded, int measure) {
    return new Attack(name, SOURCE, Access.IMAGES_OUT)
        .ofBoth(open.scores(measure), guarded.scores(measure), null, bootstrap);
  }

  /** Block by block, so that of the generated images few are in memory. */
  private Question.Answers answers(RowSource images, Progress.Counter counter) {
    List<Question.Answers> blocks = new ArrayList<>();
    for (int from = 0; from < generated; from += BLOCK) {
      NearestNeighbours block =
          new NearestNeighbours(images.rows(from, Math.min(generated, from + BLOCK)));
      Question.Answers found =
          question.ask(
              2,
              (candidates, first, count) -> distances(block, candidates.rows(first, count)),
              counter);
      blocks.add(found);
    }
    return new Question.Answers(
        merged(blocks.stream().map(Question.Answers::members).toList()),
        merged(blocks.stream().map(Question.Answers::others).toList()));
  }

  /** The distance to the nearest, and the sum of the distances to all. */
  private static double[][] distances(NearestNeighbours block, float[][] candidates) {
    double[][] distances = new double[2][candidates.length];
    List<List<NearestNeighbours.Neighbour>> found = block.find(candidates, block.size());
    for (int i = 0; i < candidates.length; i++) {
      distances[0][i] = found.get(i).get(0).distance();
      distances[1][i] =
          found.get(i).stream().mapToDouble(NearestNeighbours.Neighbour::distance).sum();
    }
    return distances;
  }

  private double[][] merged(List<double[][]> blocks) {
    double[][] scores = new double[2][blocks.get(0)[0].length];
    for (int i = 0; i < scores[0].length; i++) {
      double nearest = Double.POSITIVE_INFINITY;
      double sum = 0;
      for (double[][] block : blocks) {
        nearest = Math.min(nearest, block[0][i]);
        sum += block[1][i];
      }
      scores[0][i] = nearest;
      scores[1][i] = sum > 0 ? nearest / (sum / generated) : 0;
    }
    return scores;
  }
}
