package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rejection sampling: of the images that another method makes, those are thrown away that a rule
 * calls replicas. It calls the denoiser as often as the other method does, and delivers fewer
 * images; a rejected seed is delivered without image, so that its cost counts.
 *
 * <p><b>By its own rule it delivers no replica, by construction.</b> The share of replicas by that
 * rule therefore says nothing of it; figures in the features of an embedder, which the rule does
 * not see, do. A copy that the rule overlooks, such as a shifted one, is delivered.
 */
public final class RejectionSampling implements SamplingMethod {

  private static final double NANOS_PER_SECOND = 1e9;

  private final SamplingMethod proposals;
  private final ReplicaFinder finder;
  private final String rule;
  private final int batchSize;

  /**
   * Rejects what a rule finds.
   *
   * @param proposals makes the images; not owned
   * @param finder applies the rule to the training images
   * @param rule in words
   * @param batchSize how many images are searched for together, at least 1
   */
  public RejectionSampling(
      SamplingMethod proposals, ReplicaFinder finder, String rule, int batchSize) {
    Checks.atLeast("batchSize", batchSize, 1);
    this.proposals = proposals;
    this.finder = finder;
    this.rule = rule;
    this.batchSize = batchSize;
  }

  @Override
  public String name() {
    return "rejection";
  }

  @Override
  public String title() {
    return "rejection sampling";
  }

  @Override
  public String settings() {
    return proposals.settings() + ", rejects by " + rule;
  }

  @Override
  public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
    List<AuditSample> waiting = new ArrayList<>(batchSize);
    proposals.sample(
        firstSeed,
        count,
        sample -> {
          waiting.add(sample);
          if (waiting.size() == batchSize) {
            judge(waiting, sink);
          }
        },
        progress);
    judge(waiting, sink);
  }

  private void judge(List<AuditSample> waiting, SampleSink sink) {
    float[][] images =
        waiting.stream()
            .flatMap(sample -> sample.image().stream())
            .map(FloatImage::values)
            .toArray(float[][]::new);
    long start = System.nanoTime();
    boolean[] replicas = replicas(images);
    double share = (System.nanoTime() - start) / NANOS_PER_SECOND / Math.max(1, images.length);
    int next = 0;
    for (AuditSample sample : waiting) {
      boolean made = sample.image().isPresent();
      sink.accept(made ? judged(sample, replicas[next++], share) : sample);
    }
    waiting.clear();
  }

  private boolean[] replicas(float[][] images) {
    boolean[] replicas = new boolean[images.length];
    if (images.length > 0) {
      finder.examine(images).replicas().forEach(match -> replicas[match.image()] = true);
    }
    return replicas;
  }

  private static AuditSample judged(AuditSample sample, boolean replica, double seconds) {
    return new AuditSample(
        sample.seed(),
        replica ? Optional.empty() : sample.image(),
        sample.trajectory(),
        sample.cost().plus(new SampleCost(0, 0, 0, seconds)));
  }
}
