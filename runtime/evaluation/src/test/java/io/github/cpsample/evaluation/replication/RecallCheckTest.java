package io.github.cpsample.evaluation.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recall of answers that are wrong on purpose. */
class RecallCheckTest {

  private static final float[][] ROWS = {{0}, {1}, {2}, {4}, {8}};

  @Test
  void countsWhatWasMissed() {
    MeteredSearch.RecallCheck check = new MeteredSearch.RecallCheck(10, 1);
    check.note(new float[] {0.25f}, List.of(at(0, 0.25f), at(1, 0.75f)));
    check.note(new float[] {3.5f}, List.of(at(2, 1.5f), at(1, 2.5f)));
    check.note(new float[] {7}, List.of(at(4, 1), at(1, 6)));
    check.note(new float[] {3}, List.of(at(3, 1), at(4, 5)));
    MeteredSearch.RecallCheck.Recall recall = check.against(new Scan(RowSource.of(ROWS)));
    assertEquals(4, recall.queries());
    assertEquals(0.75, recall.nearest().value());
    assertEquals((1 + 0.5 + 0.5 + 0.5) / 4, recall.next().value());
    assertTrue(recall.nearest().low() < 0.5 && recall.nearest().high() < 1);
  }

  /** Every query is kept equally often. */
  @Test
  void theSampleIsFair() {
    int[] kept = new int[20];
    for (int trial = 0; trial < 2000; trial++) {
      MeteredSearch.RecallCheck check = new MeteredSearch.RecallCheck(5, trial);
      for (int i = 0; i < 20; i++) {
        boolean right = i == trial % 20;
        check.note(new float[] {0.2f}, List.of(right ? at(0, 0.2f) : at(4, 7.8f)));
      }
      double share = check.against(new Scan(RowSource.of(ROWS))).nearest().value();
      kept[trial % 20] += share > 0 ? 1 : 0;
    }
    for (int count : kept) {
      assertEquals(25, count, 20);
    }
  }

  private static NearestNeighbours.Neighbour at(int index, float distance) {
    return new NearestNeighbours.Neighbour(index, distance);
  }
}
