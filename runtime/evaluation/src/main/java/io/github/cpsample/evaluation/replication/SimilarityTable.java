package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.figures.Histogram;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.evaluation.figures.SimilarityFigures.MethodRate;
import io.github.cpsample.evaluation.figures.WorstPair;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.PairedShares;
import io.github.cpsample.image.ReplicaRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is nearest to held-out images and to the samples of every method, and the figures made of
 * it. Holds a few numbers per image and space. Not thread-safe.
 */
public final class SimilarityTable {

  private static final String HELD_OUT = "held-out";
  private static final String UNPROTECTED = MethodFigures.UNPROTECTED;
  private static final String PROTECTED = MethodFigures.PROTECTED;
  private static final ReplicaRule RULE = ReplicaRule.STANDARD;

  private final SimilaritySettings settings;
  private final List<ImageMatch> heldOut = new ArrayList<>();
  private final Map<String, Map<Long, ImageMatch>> methods = new LinkedHashMap<>();

  /**
   * Nothing so far.
   *
   * @param methods names of the methods, in the order of the figures
   * @param settings how thresholds are chosen
   */
  public SimilarityTable(List<String> methods, SimilaritySettings settings) {
    this.settings = settings;
    methods.forEach(method -> this.methods.put(method, new LinkedHashMap<>()));
  }

  /**
   * Adds the next held-out image.
   *
   * @param match its nearest training images
   */
  public void addHeldOut(ImageMatch match) {
    heldOut.add(match);
  }

  /**
   * Adds a sample.
   *
   * @param method its name
   * @param seed it was made from
   * @param match its nearest training images
   * @throws IllegalArgumentException if there is no such method
   */
  public void add(String method, long seed, ImageMatch match) {
    Checks.argument(methods.containsKey(method), "method", "one of " + methods.keySet(), method);
    Checks.entry(methods, method).put(seed, match);
  }

  /**
   * The figures of every measure in every space; the fixed rule in pixels comes first. Methods
   * without samples are left out.
   *
   * @return at least four
   * @throws IllegalArgumentException if there are fewer than two held-out images
   */
  public List<SimilarityFigures> figures() {
    HeldOutHalves halves = HeldOutHalves.of(heldOut, settings.seed());
    List<SimilarityFigures> figures = new ArrayList<>();
    figures.add(
        figures(
            new Column(0, Measure.RATIO),
            RULE.describe(),
            RULE.threshold(),
            0,
            number -> number < RULE.threshold(),
            heldOut));
    for (int space = 0; space < heldOut.get(0).spaces().size(); space++) {
      for (Measure measure : Measure.values()) {
        Column column = new Column(space, measure);
        Threshold threshold =
            Threshold.choose(measure, column.of(halves.chosenOn()), settings.target());
        figures.add(
            figures(
                column,
                threshold.describe(),
                threshold.value(),
                threshold.chosenFor(),
                threshold::isReplica,
                halves.measuredOn()));
      }
    }
    return figures;
  }

  /** Where a number of an image stands. */
  private record Column(int space, Measure measure) {
    double of(ImageMatch match) {
      return measure.of(match.spaces().get(space));
    }

    double[] of(Iterable<ImageMatch> matches) {
      Stream.Builder<Double> numbers = Stream.builder();
      matches.forEach(match -> numbers.add(of(match)));
      return numbers.build().mapToDouble(number -> number).toArray();
    }
  }

  private SimilarityFigures figures(
      Column column,
      String rule,
      double threshold,
      double chosenFor,
      DoublePredicate isReplica,
      List<ImageMatch> others) {
    Map<String, double[]> sets = new LinkedHashMap<>();
    sets.put(HELD_OUT, column.of(heldOut));
    List<MethodRate> rates = new ArrayList<>();
    methods.forEach(
        (method, matches) -> {
          if (!matches.isEmpty()) {
            double[] numbers = column.of(matches.values());
            sets.put(method, numbers);
            rates.add(new MethodRate(method, rate(numbers, isReplica)));
          }
        });
    return new SimilarityFigures(
        heldOut.get(0).spaces().get(column.space()).space(),
        column.measure().label(),
        column.measure().lowIsNear(),
        rule,
        threshold,
        chosenFor,
        rate(column.of(others), isReplica),
        rates,
        lessThanUnprotected(column, isReplica),
        CommonBins.of(column.measure(), sets));
  }

  private static Rate rate(double[] numbers, DoublePredicate isReplica) {
    int hits = 0;
    for (double number : numbers) {
      hits += isReplica.test(number) ? 1 : 0;
    }
    return Rate.of(hits, numbers.length);
  }

  /** Null where the two methods have no seed in common. */
  private @Nullable Interval lessThanUnprotected(Column column, DoublePredicate isReplica) {
    List<Long> seeds = seedsOfBoth();
    return seeds.isEmpty()
        ? null
        : PairedShares.difference(
            flags(UNPROTECTED, seeds, column, isReplica),
            flags(PROTECTED, seeds, column, isReplica),
            Bootstrap.usual(settings.seed()));
  }

  private boolean[] flags(
      String method, List<Long> seeds, Column column, DoublePredicate isReplica) {
    Map<Long, ImageMatch> matches = Checks.entry(methods, method);
    boolean[] flags = new boolean[seeds.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = isReplica.test(column.of(Checks.entry(matches, seeds.get(i))));
    }
    return flags;
  }

  private List<Long> seedsOfBoth() {
    Map<Long, ImageMatch> unprotected = methods.getOrDefault(UNPROTECTED, Map.of());
    Map<Long, ImageMatch> guarded = methods.getOrDefault(PROTECTED, Map.of());
    return unprotected.keySet().stream().filter(guarded::containsKey).toList();
  }

  /**
   * The seeds whose unprotected samples are nearest to a training image by the fixed rule's ratio
   * in pixels, nearest first.
   *
   * @param count how many at most
   * @return their pairs; empty without these methods
   */
  public List<WorstPair> worst(int count) {
    return seedsOfBoth().stream()
        .map(this::pair)
        .sorted(Comparator.comparingDouble(WorstPair::ratio).thenComparingLong(WorstPair::seed))
        .limit(count)
        .toList();
  }

  private ImageMatch match(String method, long seed) {
    return Checks.entry(Checks.entry(methods, method), seed);
  }

  private WorstPair pair(long seed) {
    SpaceMatch unprotected = match(UNPROTECTED, seed).spaces().get(0);
    SpaceMatch guarded = match(PROTECTED, seed).spaces().get(0);
    return new WorstPair(
        seed,
        unprotected.nearest(),
        unprotected.ratio(),
        guarded.ratio(),
        unprotected.ratio() < RULE.threshold(),
        guarded.ratio() < RULE.threshold());
  }

  /**
   * Histograms of one measure of several sets in the same bins. They reach from the nearest number
   * of all to where the farthest 0.5 % of them begin, which the last bin holds as well.
   */
  private static final class CommonBins {

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
      List<Double> edges =
          IntStream.rangeClosed(0, BINS).mapToObj(bin -> low + bin * width).toList();
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
}
