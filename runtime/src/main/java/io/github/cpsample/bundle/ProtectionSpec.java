package io.github.cpsample.bundle;

import java.util.List;

/**
 * How the model is protected unless a request says otherwise: the settings its classifier was
 * calibrated with.
 *
 * @param gate one of {@link #GATES}
 * @param force one of {@link #FORCES}
 * @param alpha uncertainty below which a step is guarded, in (0, 1/2]
 * @param scale strength s of the guidance, at least 0
 * @param firstGuardedTimestep smallest timestep at which the classifier is asked
 * @param lastGuardedTimestep largest timestep at which the classifier is asked
 */
public record ProtectionSpec(
    String gate,
    String force,
    double alpha,
    double scale,
    int firstGuardedTimestep,
    int lastGuardedTimestep) {
  /** The gates a manifest may name. */
  public static final List<String> GATES = List.of("paper", "code");

  /** The forces a manifest may name. */
  public static final List<String> FORCES = List.of("opposite-label", "own-label");

  /**
   * Refuses unknown kinds and values out of range.
   *
   * @param gate as the component says
   * @param force as the component says
   * @param alpha as the component says
   * @param scale as the component says
   * @param firstGuardedTimestep as the component says
   * @param lastGuardedTimestep as the component says
   */
  public ProtectionSpec {
    ManifestChecks.oneOf("protection.gate", gate, GATES);
    ManifestChecks.oneOf("protection.force", force, FORCES);
    ManifestChecks.within("protection.alpha", alpha, Double.MIN_VALUE, 0.5);
    ManifestChecks.within("protection.scale", scale, 0, Double.MAX_VALUE);
    ManifestChecks.atLeast("protection.guardedTimesteps[0]", firstGuardedTimestep, 0);
    ManifestChecks.atLeast(
        "protection.guardedTimesteps[1]", lastGuardedTimestep, firstGuardedTimestep);
  }
}
