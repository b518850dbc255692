package io.github.cpsample.sampling;

import java.util.ArrayList;
import java.util.List;

/** Which steps of a plan are taken, in order; where an index does not grow, x is noised back. */
final class Itinerary {
  private final List<Integer> visits = new ArrayList<>();

  /**
   * @param first index of the first step that is taken
   * @param steps the number of steps of the plan
   */
  Itinerary(int first, int steps, Resampling resampling) {
    int jump = resampling.jump();
    if (resampling.repeats() && jump > steps - 1 - first) {
      throw new IllegalArgumentException(
          "resampling: expected a jump of at most "
              + Math.max(0, steps - 1 - first)
              + ", since "
              + (steps - first)
              + " steps are taken and the last one is not repeated, found "
              + jump);
    }
    for (int next = first; next < steps; next++) {
      if (next - jump >= first && (steps - 1 - next) % jump == 0) {
        repeat(next, resampling);
      }
      visits.add(next);
    }
  }

  private void repeat(int next, Resampling resampling) {
    for (int again = 1; again < resampling.times(); again++) {
      for (int step = next - resampling.jump(); step < next; step++) {
        visits.add(step);
      }
    }
  }

  /** The number of steps that are taken. */
  int length() {
    return visits.size();
  }

  /** The index, within the plan, of a step that is taken. */
  int step(int visit) {
    return visits.get(visit);
  }

  /** Whether x is noised back before a step. */
  boolean returns(int visit) {
    return visit > 0 && visits.get(visit) <= visits.get(visit - 1);
  }
}
