package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.Histogram;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Made-up likenesses of a {@link SampleReport}. */
final class SampleCopies {

  private static final List<Integer> COPIES = List.of(98, 0, 0, 41);

  private SampleCopies() {}

  static List<SimilarityFigures> replication() {
    return List.of(
        similarity("pixels", "ratio", true, 0.5, 0, new Rate(0.0005, 0.0001, 0.0028, 2000)),
        similarity("pixels", "l2", true, 0.112, 0.01, Rate.of(11, 1000)),
        similarity("pixels", "cosine", false, 0.964, 0.01, Rate.of(9, 1000)),
        similarity("garments", "ratio", true, 0.61, 0.01, Rate.of(12, 1000)),
        similarity("garments", "l2", true, 0.873, 0.01, Rate.of(8, 1000)),
        similarity("garments", "cosine", false, 0.981, 0.01, Rate.of(10, 1000)));
  }

  private static SimilarityFigures similarity(
      String space,
      String measure,
      boolean lowIsNear,
      double threshold,
      double chosenFor,
      Rate falseAlarms) {
    return new SimilarityFigures(
        space,
        measure,
        lowIsNear,
        "the "
            + measure
            + " to the nearest training image is "
            + (lowIsNear ? "below " : "above ")
            + threshold,
        threshold,
        chosenFor,
        falseAlarms,
        IntStream.range(0, SampleReport.METHODS.size())
            .mapToObj(
                i ->
                    new SimilarityFigures.MethodRate(
                        SampleReport.METHODS.get(i), Rate.of(COPIES.get(i), i == 2 ? 102 : 200)))
            .toList(),
        new Interval(0.49, 0.42, 0.56),
        histogram(lowIsNear, threshold));
  }

  private static Histogram histogram(boolean lowIsNear, double threshold) {
    double low = lowIsNear ? 0 : 2 * threshold - 1;
    double high = lowIsNear ? 2 * threshold : 1;
    int bins = 40;
    List<Double> edges =
        IntStream.rangeClosed(0, bins).mapToObj(i -> low + (high - low) * i / bins).toList();
    List<Histogram.Bars> sets = new ArrayList<>();
    sets.add(new Histogram.Bars("unprotected", bars(bins, lowIsNear, 0.49)));
    sets.add(new Histogram.Bars("cpsample", bars(bins, lowIsNear, 0)));
    sets.add(new Histogram.Bars("rejection", bars(bins, lowIsNear, 0.02)));
    sets.add(new Histogram.Bars("amg", bars(bins, lowIsNear, 0.2)));
    sets.add(new Histogram.Bars("held-out", bars(bins, lowIsNear, 0.001)));
    return new Histogram(edges, sets);
  }

  private static List<Double> bars(int bins, boolean lowIsNear, double copies) {
    double[] bars = new double[bins];
    double sum = 0;
    for (int i = 0; i < bins; i++) {
      double x = (i + 0.5) / bins;
      double value = copies * bell(x, 0.08, 0.06) + (1 - copies) * bell(x, 0.8 - copies / 4, 0.09);
      bars[lowIsNear ? i : bins - 1 - i] = value;
      sum += value;
    }
    List<Double> shares = new ArrayList<>();
    for (double bar : bars) {
      shares.add(bar / sum);
    }
    return shares;
  }

  private static double bell(double x, double middle, double width) {
    return Math.exp(-(x - middle) * (x - middle) / (2 * width * width)) / width;
  }
}
