package io.github.cpsample.protection;

import java.util.Objects;

/**
 * How samples are protected. Immutable.
 *
 * @param gate when a sample is guarded
 * @param force which way it is pushed
 * @param alpha certainty that the gate tolerates, in (0, 1/2]; 1/2 always guards
 * @param scale s, how hard a guarded sample is pushed, at least 0
 * @param firstGuardedTimestep lowest timestep at which the classifier is asked
 * @param lastGuardedTimestep highest timestep at which the classifier is asked
 */
public record ProtectionSettings(
    Gate gate,
    Force force,
    double alpha,
    double scale,
    int firstGuardedTimestep,
    int lastGuardedTimestep) {

  /**
   * Checks the ranges.
   *
   * @param gate when a sample is guarded
   * @param force which way it is pushed
   * @param alpha certainty that the gate tolerates
   * @param scale how hard a guarded sample is pushed
   * @param firstGuardedTimestep lowest guarded timestep
   * @param lastGuardedTimestep highest guarded timestep
   */
  public ProtectionSettings {
    Objects.requireNonNull(gate, "gate");
    Objects.requireNonNull(force, "force");
    if (!(alpha > 0 && alpha <= 0.5)) {
      throw new IllegalArgumentException("alpha: expected a number in (0, 0.5], found " + alpha);
    }
    if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale: expected a finite number >= 0, found " + scale);
    }
    if (firstGuardedTimestep < 0 || lastGuardedTimestep < firstGuardedTimestep) {
      throw new IllegalArgumentException(
          "Guarded timesteps: expected 0 <= first <= last, found "
              + firstGuardedTimestep
              + " to "
              + lastGuardedTimestep);
    }
  }

  /**
   * Whether the classifier is asked at a timestep.
   *
   * @param t the original timestep, possibly fractional
   * @return whether it lies in the guarded range
   */
  public boolean covers(double t) {
    return t >= firstGuardedTimestep && t <= lastGuardedTimestep;
  }
}
