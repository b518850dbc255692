package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;
import java.util.Locale;

/**
 * How a composed model takes {@code alpha} and {@code scale}. ONNX has inputs that a caller may
 * leave out, but not every binding of ONNX Runtime can give them: those for Python and C can, those
 * for JavaScript and Java cannot.
 */
public enum StrengthInputs {
  /** Both may be left out: the manifest's are taken then. */
  OPTIONAL,
  /** Both have to be given; 0, or NaN, takes the manifest's. */
  REQUIRED;

  /**
   * The name on the command line.
   *
   * @return {@code optional} or {@code required}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds one by its name.
   *
   * @param label {@code optional} or {@code required}
   * @return the way to take them
   * @throws IllegalArgumentException if there is none of that name
   */
  public static StrengthInputs named(String label) {
    return Checks.named("strength inputs", values(), StrengthInputs::label, label);
  }
}
