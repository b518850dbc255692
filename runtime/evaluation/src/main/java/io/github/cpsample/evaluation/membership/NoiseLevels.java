package io.github.cpsample.evaluation.membership;

import io.github.cpsample.bundle.Manifest;
import java.util.List;
import java.util.TreeSet;

/** At which noise levels a classifier is examined. */
final class NoiseLevels {

  private static final int LEVELS = 10;

  private NoiseLevels() {}

  /**
   * Those of the model's memorisation curve, and where it has fewer than ten, the middles of ten
   * equal parts of the schedule as well.
   *
   * @return timesteps in ascending order
   */
  static List<Integer> of(Manifest manifest) {
    TreeSet<Integer> levels = new TreeSet<>();
    int all = manifest.schedule().trainTimesteps();
    manifest.memorisation().stream().map(Manifest.MemorisationPoint::t).forEach(levels::add);
    if (levels.size() < LEVELS) {
      for (int i = 0; i < LEVELS; i++) {
        levels.add((int) ((2L * i + 1) * all / (2 * LEVELS)));
      }
    }
    return List.copyOf(levels);
  }
}
