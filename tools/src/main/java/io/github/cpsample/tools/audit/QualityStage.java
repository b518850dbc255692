package io.github.cpsample.tools.audit;

import io.github.cpsample.tools.audit.figures.QualityFigures;
import io.github.cpsample.tools.audit.quality.FeatureSet;
import io.github.cpsample.tools.audit.quality.QualityMeasures;
import io.github.cpsample.tools.audit.store.RowSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Compares the samples of every method with held-out and with training images, in the features of
 * one embedder, and, to tell what to expect, training images with held-out ones, and every second
 * held-out image with the others. Sets that are too small are left out.
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
    List<Comparison> comparisons = comparisons(methods);
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

  private List<Comparison> comparisons(Set<String> methods) {
    Optional<FeatureSet> heldOut = whole(AuditImages.HELD_OUT);
    Optional<FeatureSet> training = whole(AuditImages.TRAINING);
    List<Optional<FeatureSet>> samples = methods.stream().map(this::whole).toList();
    List<Comparison> comparisons = new ArrayList<>();
    samples.forEach(set -> add(comparisons, set, heldOut));
    add(comparisons, training, heldOut);
    add(comparisons, half(0), half(1));
    samples.forEach(set -> add(comparisons, set, training));
    return comparisons;
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

  private Optional<FeatureSet> half(int first) {
    return summarised(
        AuditImages.HELD_OUT, new EverySecond(features.of(AuditImages.HELD_OUT), first));
  }

  private static Optional<FeatureSet> summarised(String name, RowSource rows) {
    return rows.size() < QualityMeasures.LEAST
        ? Optional.empty()
        : Optional.of(FeatureSet.of(name, rows));
  }

  /** Every second row, from the first or the second on. */
  private record EverySecond(RowSource rows, int first) implements RowSource {

    @Override
    public int size() {
      return (rows.size() + 1 - first) / 2;
    }

    @Override
    public int width() {
      return rows.width();
    }

    @Override
    public void read(int row, float[] target, int offset) {
      rows.read(2 * row + first, target, offset);
    }
  }
}
