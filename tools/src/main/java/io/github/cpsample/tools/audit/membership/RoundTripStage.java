package io.github.cpsample.tools.audit.membership;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.StartImages;
import io.github.cpsample.tools.audit.figures.MembershipFigures;
import io.github.cpsample.tools.audit.statistics.Bootstrap;
import java.util.List;
import java.util.Locale;

/**
 * Every candidate goes through image-to-image once without and once with the guard: how far it
 * moved, and, for attackers who are told, in how many steps it was guarded and how certain the
 * classifier was.
 */
final class RoundTripStage implements MembershipStage {

  /** Certainty of a classifier that knows nothing, which stands for one that was not asked. */
  private static final double NOTHING = 0.5;

  private static final String SDEDIT = "image-to-image: Meng et al. 2022, arXiv 2108.01073";

  /** Where the scores of a guarded run are. */
  private enum Measure {
    MOVED,
    STEPS,
    MEAN,
    LARGEST
  }

  private final double strength;
  private final AttackedModel model;
  private final Question question;
  private final long seed;
  private final Bootstrap bootstrap;

  /**
   * Prepares it.
   *
   * @param strength the share of the steps that is taken, in (0, 1]
   * @param seed candidate i of either kind is noised with the draws of {@code seed + i}
   */
  RoundTripStage(
      double strength, AttackedModel model, Question question, long seed, Bootstrap bootstrap) {
    this.strength = strength;
    this.model = model;
    this.question = question;
    this.seed = seed;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return "image-to-image-" + Math.round(100 * strength);
  }

  @Override
  public String title() {
    return "image-to-image" + settings();
  }

  @Override
  public MembershipResult run(Progress progress) {
    Pace pace = question.pace(progress, 2);
    Question.Answers without = question.ask(1, scorer(false), pace);
    Question.Answers with = question.ask(Measure.values().length, scorer(true), pace);
    MembershipFigures moved =
        new Attack("distance that an image moves" + settings(), SDEDIT, Access.IMAGES_IN)
            .ofBoth(without.scores(0), with.scores(Measure.MOVED.ordinal()), null, bootstrap);
    return new MembershipResult(
        List.of(
            moved,
            ofGuard("guarded steps", Access.REPORTS, with, Measure.STEPS),
            ofGuard("mean certainty of the trace", Access.TRACES, with, Measure.MEAN),
            ofGuard("largest certainty of the trace", Access.TRACES, with, Measure.LARGEST)),
        List.of());
  }

  private MembershipFigures ofGuard(
      String name, Access access, Question.Answers answers, Measure measure) {
    return new Attack(name + settings(), SDEDIT + "; what the guard says of it", access)
        .ofGuard(answers.scores(measure.ordinal()), bootstrap);
  }

  private Question.Scorer scorer(boolean guarded) {
    return (candidates, first, count) -> {
      List<FloatImage> pictures = candidates.pictures(first, count);
      SampleRequest request =
          model
              .request(count, guarded)
              .seed(seed + first)
              .startFrom(new StartImages(pictures, strength))
              .certaintyTrace(guarded);
      SampleResult result = model.sampler().sample(request, Progress.none());
      double[][] scores = new double[Measure.values().length][count];
      for (int i = 0; i < count; i++) {
        scores[Measure.MOVED.ordinal()][i] = distance(pictures.get(i), result.image(i));
        score(result.report(i), scores, i);
      }
      return scores;
    };
  }

  /** Low for what the guard knows. */
  private static void score(ImageReport report, double[][] scores, int image) {
    List<Double> trace = report.certaintyTrace().orElse(List.of());
    scores[Measure.STEPS.ordinal()][image] = -report.guardedSteps();
    scores[Measure.MEAN.ordinal()][image] =
        -trace.stream().mapToDouble(value -> value).average().orElse(NOTHING);
    scores[Measure.LARGEST.ordinal()][image] =
        -trace.stream().mapToDouble(value -> value).max().orElse(NOTHING);
  }

  private static double distance(FloatImage from, FloatImage to) {
    float[] before = from.values();
    float[] after = to.values();
    double sum = 0;
    for (int i = 0; i < before.length; i++) {
      double difference = (double) before[i] - after[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum / before.length);
  }

  private String settings() {
    return String.format(Locale.ROOT, " (strength %.1f)", strength);
  }
}
