package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.base.Checks;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import java.util.Locale;
import java.util.Objects;

/**
 * A setting that may be chosen.
 *
 * @param bits of the classifier's code, which names the classifier
 * @param settings the protection
 */
public record Candidate(int bits, ProtectionSettings settings) {

  public Candidate {
    Checks.atLeast("bits", bits, 1);
    Objects.requireNonNull(settings, "settings");
    settings.gate().requireBits(bits);
  }

  /**
   * The setting in words, the same for equal settings only.
   *
   * @return one line
   */
  public String text() {
    String paper =
        String.format(
            Locale.ROOT,
            "K %d, %s, s %s, t %d-%d, %s, gate %s",
            bits,
            settings.describeThreshold(),
            settings.scale(),
            settings.firstTimestep(),
            settings.lastTimestep(),
            settings.force().label(),
            settings.gate().label());
    String asked =
        (settings.asks() == Subject.X_T ? "" : ", asks " + settings.asks())
            + (settings.askEvery() == 1 ? "" : ", every " + settings.askEvery());
    boolean pushed = settings.correction().equals(Correction.PAPER);
    return paper + asked + (pushed ? "" : ", " + settings.correction().describe());
  }

  /**
   * Whether another setting guards at least wherever this one does, and does the same with what it
   * guards, pushing at least as hard. It is then taken for granted that it lets no more replicas
   * through.
   *
   * @param other another setting
   * @return true for equal settings too
   */
  boolean isNoStrongerThan(Candidate other) {
    ProtectionSettings a = settings;
    ProtectionSettings b = other.settings;
    return bits == other.bits
        && a.gate().equals(b.gate())
        && a.force().equals(b.force())
        && a.asks() == b.asks()
        && a.askEvery() == b.askEvery()
        && a.correction().equals(b.correction())
        && a.thresholds().equals(b.thresholds())
        && (a.thresholds().isPresent() || a.alpha() <= b.alpha())
        && a.scale() <= b.scale()
        && a.firstTimestep() >= b.firstTimestep()
        && a.lastTimestep() <= b.lastTimestep();
  }
}
