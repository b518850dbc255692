package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.figures.Histogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Histograms of one measure of several sets in the same bins. They reach from the nearest number of
 * all to where the farthest 0.5 % of them begin, which the last bin holds as well.
 */
final class CommonBins {

  private static final int BINS = 40;
  private static final double FAR = 0.995;

  private CommonBins() {}

  /**
   * Counts.
   *
   * @param measure whose numbers
   * @param sets numbers by name of the set, in order; empty sets are left out
   * @return shares of every set
   */
  static Histogram of(Measure measure, Map<String, double[]> sets) {
    double[] all = sets.values().stream().flatMapToDouble(Arrays::stream).sorted().toArray();
    int far = (int) Math.ceil((all.length - 1) * (measure.lowIsNear() ? FAR : 1 - FAR));
    double low = measure.lowIsNear() ? all[0] : all[far];
    double high = measure.lowIsNear() ? all[far] : all[all.length - 1];
    double width = high > low ? (high - low) / BINS : Math.max(Math.abs(low), 1) / BINS;
    List<Double> edges = IntStream.rangeClosed(0, BINS).mapToObj(bin -> low + bin * width).toList();
    List<Histogram.Bars> bars = new ArrayList<>();
    sets.forEach(
        (name, numbers) -> {
          if (numbers.length > 0) {
            bars.add(new Histogram.Bars(name, shares(numbers, low, width)));
          }
        });
    return new Histogram(edges, bars);
  }

  private static List<Double> shares(double[] numbers, double low, double width) {
    Map<Integer, Long> counts =
        DoubleStream.of(numbers)
            .mapToObj(number -> bin(number, low, width))
            .collect(Collectors.groupingBy(bin -> bin, Collectors.counting()));
    return IntStream.range(0, BINS)
        .mapToObj(bin -> (double) counts.getOrDefault(bin, 0L) / numbers.length)
        .toList();
  }

  private static int bin(double number, double low, double width) {
    return (int) Math.max(0, Math.min(BINS - 1, Math.floor((number - low) / width)));
  }
}
