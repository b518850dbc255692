package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The held-out images in two halves at random: thresholds are chosen on the first and measured on
 * the second.
 *
 * @param chosenOn the smaller half, where the halves are not equal
 * @param measuredOn the other one
 */
record HeldOutHalves(List<ImageMatch> chosenOn, List<ImageMatch> measuredOn) {

  /** Copies the lists. */
  HeldOutHalves {
    chosenOn = List.copyOf(chosenOn);
    measuredOn = List.copyOf(measuredOn);
  }

  /** Halves which depend on the number of images and the seed alone. */
  static HeldOutHalves of(List<ImageMatch> heldOut, long seed) {
    Checks.atLeast("held-out images", heldOut.size(), 2);
    List<ImageMatch> shuffled = new ArrayList<>(heldOut);
    Collections.shuffle(shuffled, new Random(seed));
    int half = shuffled.size() / 2;
    return new HeldOutHalves(shuffled.subList(0, half), shuffled.subList(half, shuffled.size()));
  }
}
