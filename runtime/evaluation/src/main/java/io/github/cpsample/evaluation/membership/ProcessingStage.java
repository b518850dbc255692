package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Every candidate is processed once without and once with the guard: how far from it is what comes
 * out, and, for attackers who are told, in how many steps it was guarded, how many it took in all
 * where the correction sends images back or makes them anew, and how certain the classifier was.
 */
final class ProcessingStage implements MembershipStage {

  /** Certainty of a classifier that knows nothing, which stands for one that was not asked. */
  private static final double NOTHING = 0.5;

  /** Where the scores of a guarded run are; an unguarded one has the first. */
  private static final int MOVED = 0;

  private static final int GUARDED = 1;
  private static final int MEAN = 2;
  private static final int LARGEST = 3;
  private static final int STEPS = 4;
  private static final int MEASURES = 5;

  private final Processing processing;
  private final AttackedModel model;
  private final Question question;
  private final long seed;
  private final Bootstrap bootstrap;

  /**
   * Prepares it.
   *
   * @param processing what is done with the candidates
   * @param seed candidate i of either kind is noised with the draws of {@code seed + i}
   */
  ProcessingStage(
      Processing processing,
      AttackedModel model,
      Question question,
      long seed,
      Bootstrap bootstrap) {
    this.processing = processing;
    this.model = model;
    this.question = question;
    this.seed = seed;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return processing.id();
  }

  @Override
  public String title() {
    return processing.name();
  }

  @Override
  public MembershipResult run(Progress progress) {
    Progress.Counter counter = question.counter(progress, 2);
    Question.Answers without = question.ask(1, scorer(false), counter);
    Question.Answers with = question.ask(MEASURES, scorer(true), counter);
    MembershipFigures moved =
        new Attack(named("distance to what comes out"), processing.source(), Access.IMAGES_IN)
            .ofBoth(without.scores(MOVED), with.scores(MOVED), null, bootstrap);
    List<MembershipFigures> attacks = new ArrayList<>();
    attacks.add(moved);
    attacks.add(ofGuard("guarded steps", Access.REPORTS, with, GUARDED));
    if (model.repeatsSteps()) {
      attacks.add(ofGuard("steps in all, repeated ones too", Access.REPORTS, with, STEPS));
    }
    attacks.add(ofGuard("mean certainty of the trace", Access.TRACES, with, MEAN));
    attacks.add(ofGuard("largest certainty of the trace", Access.TRACES, with, LARGEST));
    return new MembershipResult(attacks, List.of());
  }

  private MembershipFigures ofGuard(
      String name, Access access, Question.Answers answers, int measure) {
    return new Attack(named(name), "what the guard says while it processes an image", access)
        .ofGuard(answers.scores(measure), bootstrap);
  }

  private Question.Scorer scorer(boolean guarded) {
    return (candidates, first, count) -> {
      List<FloatImage> pictures = candidates.pictures(first, count);
      SampleRequest request =
          processing
              .given()
              .to(model.request(count, guarded), pictures)
              .withSeed(seed + first)
              .withCertaintyTrace(guarded);
      SampleResult result = model.sampler().sample(request, Progress.none());
      double[][] scores = new double[MEASURES][count];
      for (int i = 0; i < count; i++) {
        scores[MOVED][i] = distance(pictures.get(i), result.image(i));
        score(result.report(i), scores, i);
      }
      return scores;
    };
  }

  /** Low for what the guard knows. */
  private static void score(ImageReport report, double[][] scores, int image) {
    List<Double> trace = report.certaintyTrace().orElse(List.of());
    scores[GUARDED][image] = -report.guardedSteps();
    scores[STEPS][image] = -report.steps();
    scores[MEAN][image] = -trace.stream().mapToDouble(value -> value).average().orElse(NOTHING);
    scores[LARGEST][image] = -trace.stream().mapToDouble(value -> value).max().orElse(NOTHING);
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

  private String named(String measure) {
    return measure + " (" + processing.name() + ")";
  }
}
