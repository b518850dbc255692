package io.github.cpsample.evaluation.calibration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model of a model: replicas fall with alpha times scale, and images drift from real ones as it
 * grows, so that the best setting is known. Its classifier is asked at every fifth timestep.
 */
final class KnownSampler implements BatchSampler {

  static final double UNPROTECTED = 0.4;
  private static final double DISTANCE = 0.3;

  private final double confirmationFactor;
  private final Map<Part, Set<Long>> seeds = new TreeMap<>();
  private final Map<String, Integer> sampled = new TreeMap<>();
  private final List<String> confirmed = new ArrayList<>();
  private int untilInterrupt = Integer.MAX_VALUE;

  /** A model that behaves on confirmation seeds as on tuning seeds. */
  KnownSampler() {
    this(1);
  }

  /**
   * A model that deceives.
   *
   * @param confirmationFactor how many times more replicas there are on confirmation seeds
   */
  KnownSampler(double confirmationFactor) {
    this.confirmationFactor = confirmationFactor;
  }

  /** Interrupts the block after so many. */
  KnownSampler interruptedAfter(int blocks) {
    untilInterrupt = blocks;
    return this;
  }

  /** The true share of replicas. */
  static double rate(Optional<Candidate> candidate) {
    return candidate
        .map(it -> UNPROTECTED * Math.exp(-it.settings().alpha() * it.settings().scale()))
        .orElse(UNPROTECTED);
  }

  /** The true additional distance to held-out images. */
  static double drift(Candidate candidate) {
    double alpha = candidate.settings().alpha();
    return 0.002 * alpha * candidate.settings().scale() + 0.05 * alpha;
  }

  @Override
  public BatchResult sample(Optional<Candidate> candidate, Part part, long firstSeed, int count)
      throws InterruptedException {
    if (untilInterrupt-- <= 0) {
      throw new InterruptedException("test");
    }
    String name = candidate.map(Candidate::text).orElse("unprotected");
    sampled.merge(part + " " + name, count, Integer::sum);
    if (part == Part.CONFIRMATION && candidate.isPresent() && !confirmed.contains(name)) {
      confirmed.add(name);
    }
    List<ImageResult> images = new ArrayList<>();
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      seeds.computeIfAbsent(part, key -> new HashSet<>()).add(seed);
      images.add(image(candidate, part, seed));
    }
    long asked = candidate.map(it -> it.settings().lastTimestep() / 5L).orElse(0L);
    double seconds = 1 + 0.001 * asked;
    return new BatchResult(firstSeed, images, 200L * count, asked * count, seconds);
  }

  private ImageResult image(Optional<Candidate> candidate, Part part, long seed) {
    Random random = new Random(31 * seed + 7);
    random.nextDouble();
    double luck = random.nextDouble();
    double rate = rate(candidate) * (part == Part.CONFIRMATION ? confirmationFactor : 1);
    double ratio = 0.4 * Math.sqrt(luck / rate);
    double distance =
        DISTANCE + 0.05 * random.nextGaussian() + candidate.map(KnownSampler::drift).orElse(0.0);
    return new ImageResult(ratio, luck < rate, Math.max(0, distance), 1, List.of());
  }

  Set<Long> seeds(Part part) {
    return seeds.getOrDefault(part, Set.of());
  }

  /** How many images were sampled for something. */
  int sampled(Part part, Candidate candidate) {
    return sampled.getOrDefault(part + " " + candidate.text(), 0);
  }

  int sampled() {
    return sampled.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The settings that were confirmed, in order. */
  List<String> confirmed() {
    return confirmed;
  }
}
