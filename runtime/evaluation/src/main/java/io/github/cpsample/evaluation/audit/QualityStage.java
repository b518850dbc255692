package io.github.cpsample.evaluation.audit;

import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.quality.FeatureSet;
import io.github.cpsample.evaluation.quality.QualityMeasures;
import io.github.cpsample.evaluation.statistics.RandomRows;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.SelectedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Compares the samples of every method with held-out and with training images, in the features of
 * one embedder, and, to tell what to expect, training images with held-out ones, and one half of
 * those with the other. Sets that are too small are left out.
 */
final class QualityStage {

  private final FeatureFiles features;

  QualityStage(FeatureFiles features) {
    this.features = features;
  }

  /** A set and what it is compared with. */
  private record Comparison(FeatureSet images, FeatureSet reference) {}

  List<QualityFigures> figures(Set<String> methods, long seed, AuditDisplay.Stage stage) {
    QualityMeasures measures = new QualityMeasures(features.embedder().name(), seed);
    List<Comparison> comparisons = comparisons(methods, seed);
    List<QualityFigures> figures = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted while quality was measured");
      }
      stage.show(figures.size(), comparisons.size());
      figures.add(measures.compare(comparison.images(), comparison.reference()));
    }
    stage.show(comparisons.size(), comparisons.size());
    return figures;
  }

  private List<Comparison> comparisons(Set<String> methods, long seed) {
    Optional<FeatureSet> heldOut = whole(AuditImages.HELD_OUT);
    Optional<FeatureSet> training = whole(AuditImages.TRAINING);
    List<Optional<FeatureSet>> samples = methods.stream().map(this::whole).toList();
    List<Comparison> comparisons = new ArrayList<>();
    samples.forEach(set -> add(comparisons, set, heldOut));
    add(comparisons, training, heldOut);
    addHalves(comparisons, features.of(AuditImages.HELD_OUT), seed);
    samples.forEach(set -> add(comparisons, set, training));
    return comparisons;
  }

  /** Drawn at random, since images may come in an order, such as by class. */
  private static void addHalves(List<Comparison> comparisons, RowSource others, long seed) {
    int[] shuffled = RandomRows.draw(new Random(seed), others.size(), others.size());
    int middle = shuffled.length / 2;
    add(
        comparisons,
        half(others, Arrays.copyOf(shuffled, middle)),
        half(others, Arrays.copyOfRange(shuffled, middle, shuffled.length)));
  }

  private static void add(
      List<Comparison> comparisons, Optional<FeatureSet> images, Optional<FeatureSet> reference) {
    if (images.isPresent() && reference.isPresent()) {
      comparisons.add(new Comparison(images.get(), reference.get()));
    }
  }

  private Optional<FeatureSet> whole(String set) {
    return summarised(set, features.of(set));
  }

  private static Optional<FeatureSet> half(RowSource others, int[] indices) {
    return summarised(AuditImages.HELD_OUT, new SelectedRows(others, indices));
  }

  private static Optional<FeatureSet> summarised(String name, RowSource rows) {
    return rows.size() < QualityMeasures.LEAST
        ? Optional.empty()
        : Optional.of(FeatureSet.of(name, rows));
  }
}
