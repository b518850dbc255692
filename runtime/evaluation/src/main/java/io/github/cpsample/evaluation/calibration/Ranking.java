package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationBounds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which settings deserve more images, and that in which they are chosen.
 *
 * @param bounds what was asked for
 */
record Ranking(CalibrationBounds bounds) {

  /**
   * The order of choice: what meets the bounds first, and among those what has shown that it does.
   * Among settings that have, the smallest loss of quality decides; among settings that have not,
   * the fewest replicas, since quality alone would favour those that were lucky. Last comes the
   * least work for the classifier.
   */
  Comparator<Entrant> choice() {
    return Comparator.comparing((Entrant entrant) -> !entrant.meets(bounds))
        .thenComparing(entrant -> !entrant.shows(bounds))
        .thenComparingDouble(entrant -> entrant.shows(bounds) ? 0 : entrant.replicaRate())
        .thenComparingDouble(Entrant::loss)
        .thenComparingDouble(Entrant::work)
        .thenComparing(entrant -> entrant.candidate().text());
  }

  /**
   * The order of attention. Early on few images say little about rare replicas, and quality alone
   * would favour weak settings. So the settings are peeled off front by front (non-dominated
   * sorting: Goldberg 1989): on the first front are those that no other one beats both in quality
   * and in the distance that its nearest images keep. Within a front the order is that of choice.
   */
  List<Entrant> attention(List<Entrant> entrants) {
    List<Entrant> left = new ArrayList<>(entrants);
    List<Entrant> order = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Entrant> front =
          left.stream()
              .filter(entrant -> left.stream().noneMatch(rival -> beats(rival, entrant)))
              .sorted(choice())
              .toList();
      order.addAll(front);
      left.removeAll(front);
    }
    return order;
  }

  private static boolean beats(Entrant rival, Entrant entrant) {
    double first = rival.tailRatio();
    double second = entrant.tailRatio();
    return first >= second
        && rival.loss() <= entrant.loss()
        && (first > second || rival.loss() < entrant.loss());
  }
}
