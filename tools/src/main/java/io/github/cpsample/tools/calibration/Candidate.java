package io.github.cpsample.tools.calibration;

import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
<<<<<<< HEAD
import io.github.cpsample.protection.Thresholds;
=======
>>>>>>> commands
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * A setting that may be chosen.
 *
 * @param bits of the classifier's code, which names the classifier
 * @param settings the protection
 */
public record Candidate(int bits, ProtectionSettings settings) {

  /**
   * Checks that there is something.
   *
   * @param bits at least 1
   * @param settings the protection
   */
  public Candidate {
    if (bits < 1) {
      throw new IllegalArgumentException("bits: expected at least 1, found " + bits);
    }
    Objects.requireNonNull(settings, "settings");
    settings.gate().requireBits(bits);
  }

  /**
   * The setting in words, the same for equal settings only.
   *
   * @return one line
   */
  public String text() {
<<<<<<< HEAD
    return String.format(
        Locale.ROOT,
        "K %d, %s, s %s, t %d-%d, %s, gate %s%s%s",
        bits,
        thresholds(),
        settings.scale(),
        settings.firstTimestep(),
        settings.lastTimestep(),
        settings.force().label(),
        settings.gate().label(),
        settings.asks() == Subject.X_T ? "" : " on " + settings.asks().label(),
        settings.correction().equals(Correction.PAPER)
            ? ""
            : ", " + settings.correction().describe());
  }

  private String thresholds() {
    return settings
        .thresholds()
        .map(
            it ->
                "alpha by level "
                    + it.levels().stream()
                        .map(level -> level.timestep() + ": " + level.alpha())
                        .collect(Collectors.joining(", ", "(", ")"))
                    + " for "
                    + it.falseAlarms()
                    + " false alarms")
        .orElse("alpha " + settings.alpha());
  }

  /**
   * Whether another setting guards at least wherever this one does, asks the same, corrects in the
   * same way, and pushes at least as hard. It is then taken for granted that it lets no more
   * replicas through.
=======
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
    String asked = settings.asks() == Subject.X_T ? "" : ", asks " + settings.asks();
    boolean pushed = settings.correction().equals(Correction.PAPER);
    return paper + asked + (pushed ? "" : ", " + settings.correction().describe());
  }

  /**
   * Whether another setting guards at least wherever this one does, and does the same with what it
   * guards, pushing at least as hard. It is then taken for granted that it lets no more replicas
   * through.
>>>>>>> commands
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
        && a.correction().equals(b.correction())
<<<<<<< HEAD
        && alphaIsNoLarger(a, b)
=======
        && a.thresholds().equals(b.thresholds())
        && (a.thresholds().isPresent() || a.alpha() <= b.alpha())
>>>>>>> commands
        && a.scale() <= b.scale()
        && a.firstTimestep() >= b.firstTimestep()
        && a.lastTimestep() <= b.lastTimestep();
  }

  /** At every timestep: between the levels of either both are linear. */
  private static boolean alphaIsNoLarger(ProtectionSettings a, ProtectionSettings b) {
    return DoubleStream.concat(levelsOf(a), levelsOf(b))
        .allMatch(t -> a.alphaAt(t) <= b.alphaAt(t));
  }

  private static DoubleStream levelsOf(ProtectionSettings settings) {
    return settings
        .thresholds()
        .map(it -> it.levels().stream().mapToDouble(Thresholds.Level::timestep))
        .orElse(DoubleStream.of(0));
  }
}
