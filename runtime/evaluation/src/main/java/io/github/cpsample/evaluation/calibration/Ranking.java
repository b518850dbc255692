package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which settings deserve more images, and that in which they are chosen.
 *
 * @param bounds what was asked for
 */
record Ranking(CalibrationEvidence.Bounds bounds) {

  /**
   * The order of choice: what meets the bounds first, and among those what has shown that it does.
   * Among settings that have, the smallest loss of quality decides; among settings that have not,
   * the fewest replicas, since quality alone would favour those that were lucky. Last comes the
   * least work for the classifier.
   */
  Comparator<Trial> choice() {
    return Comparator.comparing((Trial trial) -> !trial.meets(bounds))
        .thenComparing(trial -> !trial.shows(bounds))
        .thenComparingDouble(trial -> trial.shows(bounds) ? 0 : trial.replicaRate())
        .thenComparingDouble(Trial::loss)
        .thenComparingDouble(Trial::work)
        .thenComparing(trial -> trial.candidate().text());
  }

  /**
   * The order of attention. Early on few images say little about rare replicas, and quality alone
   * would favour weak settings. So the settings are peeled off front by front (non-dominated
   * sorting: Goldberg 1989): on the first front are those that no other one beats both in quality
   * and in the distance that its nearest images keep. Within a front the order is that of choice.
   */
  List<Trial> attention(List<Trial> trials) {
    List<Trial> left = new ArrayList<>(trials);
    List<Trial> order = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Trial> front =
          left.stream()
              .filter(trial -> left.stream().noneMatch(rival -> beats(rival, trial)))
              .sorted(choice())
              .toList();
      order.addAll(front);
      left.removeAll(front);
    }
    return order;
  }

  private static boolean beats(Trial rival, Trial trial) {
    double first = rival.tailRatio();
    double second = trial.tailRatio();
    return first >= second
        && rival.loss() <= trial.loss()
        && (first > second || rival.loss() < trial.loss());
  }
}
