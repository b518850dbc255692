package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.ProportionLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Compares settings on common seeds so that time goes to the promising ones. All begin with a few
 * images. A setting is given up as soon as it cannot meet a bound: where the lower limit of its
 * share of replicas (99 %), the lower end of its loss of quality (98 %), or every block's time is
 * above it. Of the others the better half, then the better half of those and so on (successive
 * halving: Karnin, Koren and Somekh 2013) gets twice the images, until the finalists have all of
 * them; one that falls behind makes room for one that was set aside. The first setting of the list
 * is not set aside, so that it can be compared with. Belongs to one thread.
 */
final class SuccessiveHalving {

  private static final double REFUTED = 0.99;
  private static final Bootstrap LOSS_LIMITS = new Bootstrap(100, 0.98, 1);
  private static final int BLOCKS_FOR_TIME = 8;

  private final BatchSampler sampler;
  private final QualityReference reference;
  private final CalibrationPlan plan;
  private final CalibrationProgress progress;
  private final Ranking ranking;
  private final List<Trial> trials;
  private final Series unprotectedImages = new Series();
  private long sampled;

  SuccessiveHalving(
      BatchSampler sampler,
      QualityReference reference,
      CalibrationPlan plan,
      List<Candidate> candidates,
      CalibrationProgress progress) {
    this.sampler = sampler;
    this.reference = reference;
    this.plan = plan;
    this.progress = progress;
    this.ranking = new Ranking(plan.bounds());
    this.trials = candidates.stream().map(Trial::new).toList();
  }

  /** Runs it to its end. */
  void run() throws IOException, InterruptedException {
    progress.stage(
        trials.size() + " settings, " + plan.firstImages() + " images each to begin with");
    extend(trials, plan.firstImages());
    int keep = trials.size();
    while (true) {
      keep = Math.max(plan.finalists(), (keep + 1) / 2);
      List<Trial> alive = alive();
      List<Trial> best = lacking(ranking.attention(alive), keep);
      if (best.isEmpty() && (keep == plan.finalists() || alive.isEmpty())) {
        return;
      }
      if (!best.isEmpty()) {
        progress.stage(best.size() + " settings go on");
      }
      for (Trial trial : best) {
        int images = Math.min(plan.tuningImages(), 2 * trial.series().size());
        extend(List.of(trial), images);
      }
    }
  }

  /** Those of the best, and the first of all, that lack images. */
  private List<Trial> lacking(List<Trial> ranked, int keep) {
    Trial first = trials.get(0);
    return IntStream.range(0, ranked.size())
        .filter(place -> place < keep || ranked.get(place).equals(first))
        .mapToObj(ranked::get)
        .filter(trial -> trial.series().size() < plan.tuningImages())
        .toList();
  }

  /** All that may still be chosen: finalists first, in the order of choice. */
  List<Trial> choices() {
    return alive().stream()
        .filter(trial -> trial.meets(plan.bounds()))
        .sorted(
            Comparator.comparingInt((Trial trial) -> -trial.series().size())
                .thenComparing(ranking.choice()))
        .toList();
  }

  /** What comes nearest to the bounds. */
  Trial nearest() {
    return trials.stream().min(ranking.choice()).orElseThrow();
  }

  /** What unprotected images of the tuning seeds were. */
  Calibration.Unprotected unprotected() {
    return new Calibration.Unprotected(
        unprotectedImages.size(),
        unprotectedImages.replicas(),
        QualityLoss.frechet(reference, unprotectedImages).orElse(null),
        Arrays.stream(unprotectedImages.heldOutDistances()).average().orElseThrow());
  }

  /** The trade-off curve: all settings with how they fared. */
  List<CalibrationEvidence.Point> curve() {
    return trials.stream().map(trial -> trial.point(reference, verdict(trial))).toList();
  }

  private String verdict(Trial trial) {
    return trial
        .failed(plan.bounds())
        .orElse(
            trial.series().size() < plan.tuningImages()
                ? "set aside: others were as safe and better"
                : "meets the bounds");
  }

  private List<Trial> alive() {
    return trials.stream().filter(trial -> !trial.isRefuted()).toList();
  }

  /** Samples more images, block by block in turns, and judges anew. */
  private void extend(List<Trial> chosen, int images) throws IOException, InterruptedException {
    for (int at = 0; at < images; at += plan.batch()) {
      if (unprotectedImages.size() <= at) {
        sample(Optional.empty(), unprotectedImages);
      }
      for (Trial trial : chosen) {
        if (trial.series().size() <= at) {
          sample(Optional.of(trial.candidate()), trial.series());
        }
      }
    }
    chosen.forEach(this::judge);
  }

  private void sample(Optional<Candidate> candidate, Series series)
      throws IOException, InterruptedException {
    series.add(sampler.sample(candidate, Part.TUNING, plan.seed() + series.size(), plan.batch()));
    sampled += plan.batch();
    progress.images(sampled, atMost());
  }

  /** What the halving comes to if no setting makes room for another. */
  private long atMost() {
    long all = (long) plan.firstImages() * (trials.size() + 1L) + plan.tuningImages();
    int keep = trials.size();
    int images = plan.firstImages();
    while (images < plan.tuningImages() || keep > plan.finalists()) {
      keep = Math.max(plan.finalists(), (keep + 1) / 2);
      int next = Math.min(plan.tuningImages(), 2 * images);
      all += (long) keep * (next - images);
      images = next;
    }
    return Math.max(all, sampled);
  }

  private void judge(Trial trial) {
    trial.measure(reference, unprotectedImages);
    refutation(trial).ifPresent(trial::refute);
  }

  private Optional<String> refutation(Trial trial) {
    CalibrationEvidence.Bounds bounds = plan.bounds();
    Series series = trial.series();
    double least = ProportionLimit.lower(series.replicas(), series.size(), REFUTED);
    if (least > bounds.maxReplicas()) {
      return Optional.of("given up: at least " + Verdicts.percent(least) + " replicas");
    }
    Series twins = unprotectedImages.first(series.size());
    if (bounds.qualityLoss().isPresent() && trial.loss() > bounds.qualityLoss().get()) {
      Interval loss = new QualityLoss(reference, twins, series).interval(LOSS_LIMITS);
      if (loss.low() > bounds.qualityLoss().get()) {
        return Optional.of(
            String.format(Locale.ROOT, "given up: quality loss at least %.3f", loss.low()));
      }
    }
    if (bounds.overhead().isPresent()
        && Overhead.alwaysAbove(twins, series, bounds.overhead().get(), BLOCKS_FOR_TIME)) {
      return Optional.of("given up: every block took too long");
    }
    return Optional.empty();
  }

  /**
   * The order in which settings deserve more images, and that in which they are chosen.
   *
   * @param bounds what was asked for
   */
  private record Ranking(CalibrationEvidence.Bounds bounds) {

    /**
     * The order of choice: what meets the bounds first, and among those what has shown that it
     * does. Among settings that have, the smallest loss of quality decides; among settings that
     * have not, the fewest replicas, since quality alone would favour those that were lucky. Last
     * comes the least work for the classifier.
     */
    Comparator<Trial> choice() {
      return Comparator.comparing((Trial trial) -> !trial.meets(bounds))
          .thenComparing(trial -> !trial.shows(bounds))
          .thenComparingDouble(trial -> trial.shows(bounds) ? 0 : trial.replicaRate())
          .thenComparingDouble(Trial::loss)
          .thenComparingDouble(Trial::work)
          .thenComparing(trial -> trial.candidate().text());
    }

    /**
     * The order of attention. Early on few images say little about rare replicas, and quality alone
     * would favour weak settings. So the settings are peeled off front by front (non-dominated
     * sorting: Goldberg 1989): on the first front are those that no other one beats both in quality
     * and in the distance that its nearest images keep. Within a front the order is that of choice.
     */
    List<Trial> attention(List<Trial> trials) {
      List<Trial> left = new ArrayList<>(trials);
      List<Trial> order = new ArrayList<>();
      while (!left.isEmpty()) {
        List<Trial> front =
            left.stream()
                .filter(trial -> left.stream().noneMatch(rival -> beats(rival, trial)))
                .sorted(choice())
                .toList();
        order.addAll(front);
        left.removeAll(front);
      }
      return order;
    }

    private static boolean beats(Trial rival, Trial trial) {
      double first = rival.tailRatio();
      double second = trial.tailRatio();
      return first >= second
          && rival.loss() <= trial.loss()
          && (first > second || rival.loss() < trial.loss());
    }
  }
}
