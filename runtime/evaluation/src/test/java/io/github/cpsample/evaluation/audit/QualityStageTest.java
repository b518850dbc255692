package io.github.cpsample.evaluation.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityStageTest {

  private static final AuditDisplay.Stage SILENT =
      new AuditDisplay.Stage() {
        @Override
        public void show(long done, long total) {}

        @Override
        public void close() {}
      };

  @TempDir private Path folder;

  /** The pixels themselves. */
  private static final class Pixels implements Embedder {
    @Override
    public String name() {
      return "pixels-again";
    }

    @Override
    public String description() {
      return "the pixels";
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public float[][] embed(float[][] images) {
      return images;
    }

    @Override
    public void close() {}
  }

  /** Images of two kinds, one after the other, far from each other. */
  private static RowSource alternating(long seed, int count) {
    Random random = new Random(seed);
    float[][] rows = new float[count][2];
    for (int i = 0; i < count; i++) {
      rows[i][0] = (float) (10 * (i % 2) + random.nextGaussian());
      rows[i][1] = (float) random.nextGaussian();
    }
    return RowSource.of(rows);
  }

  @Test
  void everySetIsComparedAndHalvesDoNotFollowTheOrder() throws IOException {
    try (WorkFolder work = WorkFolder.open(folder.resolve("work"), Map.of());
        FeatureFiles features = new FeatureFiles(work, new Pixels())) {
      AuditDisplay display = (what, unit) -> SILENT;
      features.add(AuditImages.TRAINING, alternating(1, 40), display);
      features.add(AuditImages.HELD_OUT, alternating(2, 400), display);
      features.add("unprotected", alternating(3, 100), display);
      features.add("rejection", alternating(4, 3), display);
      Set<String> methods = new LinkedHashSet<>(List.of("unprotected", "rejection"));
      List<QualityFigures> found = new QualityStage(features).figures(methods, 7, SILENT);
      assertEquals(
          List.of(
              "unprotected against held-out images",
              "training images against held-out images",
              "held-out images against held-out images",
              "unprotected against training images"),
          found.stream().map(it -> it.method() + " against " + it.reference()).toList());
      QualityFigures halves = found.get(2);
      assertEquals(200, halves.images());
      assertEquals(200, halves.references());
      // The two kinds are 10^2 from each other.
      assertTrue(halves.frechetDistance().value() < 5, halves.toString());
      assertTrue(halves.precision().value() > 0.9, halves.toString());
    }
  }
}
