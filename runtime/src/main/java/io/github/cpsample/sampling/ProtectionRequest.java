package io.github.cpsample.sampling;

import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The part of a request that says how samples are protected. Immutable.
 *
 * @param <R> the request, of which a changed copy is returned
 */
abstract class ProtectionRequest<R> {
  /** Valid settings, which a change is tried on so that what is out of range fails at once. */
  private static final ProtectionSettings ANY =
      ProtectionSettings.of("code", "opposite-label", 0.5, 1, 0, 0);

  ProtectionRequest() {}

  /**
   * Replaces the model's settings by others, all of them.
   *
   * @param settings how samples are protected where they are
   * @return a changed copy
   */
  public R withProtection(ProtectionSettings settings) {
    Objects.requireNonNull(settings, "settings");
    return checked(s -> settings);
  }

  /**
   * Changes the gate.
   *
   * @param gate when a sample is guarded
   * @return a changed copy
   */
  public R withGate(Gate gate) {
    Objects.requireNonNull(gate, "gate");
    return checked(s -> s.withGate(gate));
  }

  /**
   * Changes the force.
   *
   * @param force which way a guarded sample is pushed
   * @return a changed copy
   */
  public R withForce(Force force) {
    Objects.requireNonNull(force, "force");
    return checked(s -> s.withForce(force));
  }

  /**
   * Changes the uncertainty below which a sample is guarded.
   *
   * @param alpha in (0, 1/2]; 1/2 guards always
   * @return a changed copy
   */
  public R withAlpha(double alpha) {
    return checked(s -> s.withAlpha(alpha));
  }

  /**
   * Changes the strength s of the guidance.
   *
   * @param scale at least 0
   * @return a changed copy
   */
  public R withScale(double scale) {
    return checked(s -> s.withScale(scale));
  }

  /**
   * Changes at which timesteps the classifier is asked.
   *
   * @param first the smallest, at least 0
   * @param last the largest, at least {@code first}
   * @return a changed copy
   */
  public R withGuardedTimesteps(int first, int last) {
    return checked(s -> s.withTimesteps(first, last));
  }

  /**
   * Changes how often the classifier is asked.
   *
   * @param timesteps once in how many timesteps, at least 1; 1 asks in every step
   * @return a changed copy
   */
  public R withAskEvery(int timesteps) {
    return checked(s -> s.withAskEvery(timesteps));
  }

  /**
   * Changes what the classifier is asked about.
   *
   * @param asks x_t or the image that the denoiser sees in it; take the one that the classifier was
   *     trained for
   * @return a changed copy
   */
  public R withAsks(Subject asks) {
    Objects.requireNonNull(asks, "asks");
    return checked(s -> s.withAsks(asks));
  }

  /**
   * Changes what is done with guarded samples.
   *
   * @param correction not null
   * @return a changed copy
   */
  public R withCorrection(Correction correction) {
    Objects.requireNonNull(correction, "correction");
    return checked(s -> s.withCorrection(correction));
  }

  /**
   * Changes the gate's thresholds, which then stand instead of alpha.
   *
   * @param thresholds one for every noise level
   * @return a changed copy
   */
  public R withThresholds(Thresholds thresholds) {
    Objects.requireNonNull(thresholds, "thresholds");
    return checked(s -> s.withThresholds(thresholds));
  }

  /** A copy that changes the model's settings. */
  abstract R override(UnaryOperator<ProtectionSettings> change);

  private R checked(UnaryOperator<ProtectionSettings> change) {
    Objects.requireNonNull(change.apply(ANY), "settings");
    return override(change);
  }
}
