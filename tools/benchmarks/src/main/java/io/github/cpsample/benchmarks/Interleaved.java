package io.github.cpsample.benchmarks;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Times of several sides that took turns: A B C A B C, so that whatever else the machine does hits
 * all of them. A ratio is the median of the ratios within a round.
 */
final class Interleaved {

  private static final double NANOS = 1e9;

  /** A turn repeats a short side until it lasts about this long, in seconds. */
  private static final double TURN = 0.05;

  private static final int FEWEST_ROUNDS = 3;
  private static final int MOST_REPETITIONS = 1_000;

  private final Map<String, List<Double>> times = new LinkedHashMap<>();

  private Interleaved() {}

  /**
   * Measures.
   *
   * @param seconds how long, warm-up included; at least three rounds are made
   * @param sides what to do in a turn, by name
   */
  static Interleaved measure(double seconds, Map<String, Runnable> sides) {
    Interleaved result = new Interleaved();
    long start = System.nanoTime();
    Map<String, Integer> repetitions = new LinkedHashMap<>();
    sides.forEach((name, side) -> repetitions.put(name, repetitions(side)));
    sides.keySet().forEach(name -> result.times.put(name, new ArrayList<>()));
    for (int round = 0;
        round < FEWEST_ROUNDS || (System.nanoTime() - start) / NANOS < seconds;
        round++) {
      sides.forEach(
          (name, side) ->
              Checks.entry(result.times, name).add(turn(side, Checks.entry(repetitions, name))));
    }
    return result;
  }

  /** Warms up, and finds out how many repetitions fill a turn. */
  private static int repetitions(Runnable side) {
    int repetitions = 1;
    while (true) {
      double total = repetitions * turn(side, repetitions);
      if (total >= TURN || repetitions >= MOST_REPETITIONS) {
        return repetitions;
      }
      repetitions = Math.min(MOST_REPETITIONS, 2 * repetitions);
    }
  }

  private static double turn(Runnable side, int repetitions) {
    long start = System.nanoTime();
    for (int i = 0; i < repetitions; i++) {
      side.run();
    }
    return (System.nanoTime() - start) / NANOS / repetitions;
  }

  /** The median time of a side, in seconds. */
  double median(String side) {
    return Median.of(Checks.entry(times, side));
  }

  /** The best time of a side, in seconds. */
  double best(String side) {
    return Checks.entry(times, side).stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  /** How many times as long a side takes as another, the median over the rounds. */
  double ratio(String side, String other) {
    List<Double> a = Checks.entry(times, side);
    List<Double> b = Checks.entry(times, other);
    return Median.of(
        IntStream.range(0, a.size()).mapToObj(round -> a.get(round) / b.get(round)).toList());
  }

  int rounds() {
    return times.values().iterator().next().size();
  }

  /** The middle of some numbers. */
  static final class Median {

    private Median() {}

    static double of(List<Double> values) {
      if (values.isEmpty()) {
        throw new IllegalArgumentException("median: expected numbers, found none");
      }
      List<Double> sorted = values.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(middle)
          : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }
}
