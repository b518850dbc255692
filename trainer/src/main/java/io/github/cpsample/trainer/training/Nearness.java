package io.github.cpsample.trainer.training;

import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How near images are to the training images, by the ratio of the replica rule: the distance to the
 * nearest one over the mean distance to the next ones. Where mirrored images were trained on, the
 * nearer of an image and its mirror image counts. Immutable and thread-safe.
 */
final class Nearness {

  /**
   * Below this ratio an image is to be recognised: a little beyond the threshold of {@link
   * ReplicaRule#STANDARD}, so that the gate is certain of everything that the rule calls a copy.
   */
  static final double COPY = ReplicaRule.STANDARD.threshold() + 0.05;

  /** Above this ratio an image is nobody's. */
  static final double STRANGER = 0.55;

  private static final long MOST_BYTES = 1L << 30;

  private final ImageShape shape;
  private final float[][] members;
  private final ReplicaFinder finder;
  private final boolean mirrors;

  private Nearness(ImageShape shape, float[][] members, ReplicaFinder finder, boolean mirrors) {
    this.shape = shape;
    this.members = members;
    this.finder = finder;
    this.mirrors = mirrors;
  }

  /**
   * One image held against the training images.
   *
   * @param member the nearest one
   * @param ratio of the replica rule, at least 0
   */
  @SuppressWarnings("ArrayRecordComponent") // the nearest image's own values, never compared
  record Nearest(float[] member, double ratio) {
    /** How far it is a copy: 1 below the rule's threshold, 0 where it is nobody's. */
    double certainty() {
      return Math.max(0, Math.min(1, (STRANGER - ratio) / (STRANGER - COPY)));
    }
  }

  /**
   * Loads the training images, if they fit into a gibibyte and there are three different ones to
   * compare distances between.
   *
   * @param training the training images; not owned
   * @param mirrors whether they were mirrored in training
   * @param broken where broken ones are reported
   */
  static Optional<Nearness> of(ImageDataset training, boolean mirrors, BrokenImages broken) {
    if ((long) training.size() * training.shape().size() * Float.BYTES > MOST_BYTES) {
      return Optional.empty();
    }
    float[][] members = InMemoryImages.load(training, broken).rows();
    Set<Integer> different = new HashSet<>();
    for (float[] member : members) {
      different.add(Arrays.hashCode(member));
    }
    int neighbours = Math.min(ReplicaRule.STANDARD.neighbours(), different.size() - 1);
    if (neighbours < 2) {
      return Optional.empty();
    }
    ReplicaFinder finder = new ReplicaFinder(new ReplicaRule(COPY, neighbours), members);
    return Optional.of(new Nearness(training.shape(), members, finder, mirrors));
  }

  /** Holds images against the training images. */
  Nearest[] of(float[][] images) {
    Nearest[] nearest = direct(images);
    if (mirrors) {
      float[][] mirrored = Arrays.stream(images).map(this::mirrored).toArray(float[][]::new);
      Nearest[] others = direct(mirrored);
      for (int i = 0; i < nearest.length; i++) {
        nearest[i] = others[i].ratio() < nearest[i].ratio() ? others[i] : nearest[i];
      }
    }
    return nearest;
  }

  private Nearest[] direct(float[][] images) {
    return finder.examine(images).matches().stream().map(this::nearest).toArray(Nearest[]::new);
  }

  private Nearest nearest(ReplicaRule.Match match) {
    return new Nearest(members[match.nearest()], match.distance() / match.meanOfNext());
  }

  private float[] mirrored(float[] image) {
    float[] mirrored = new float[image.length];
    int width = shape.width();
    for (int i = 0; i < image.length; i++) {
      int x = i % width;
      mirrored[i - x + width - 1 - x] = image[i];
    }
    return mirrored;
  }
}
