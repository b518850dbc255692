package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;

/** What the classifier is asked about in a step, and what a push moves. */
public enum Subject {
  /** The half-finished sample x_t at its timestep: the paper's question. */
  X_T("x_t"),
  /**
   * The image that the denoiser sees in x_t, {@code x_0 = (x_t - sqrt(1 - abar) epsilon) /
   * sqrt(abar)}, clipped to [-1, 1], at the same timestep. It shows where the sample is going, so a
   * copy is recognised earlier. A push moves x_0; the denoiser's Jacobian is left out, {@code d x_0
   * / d x_t = 1 / sqrt(abar)}.
   */
  X_0("x0");

  private final String label;

  Subject(String label) {
    this.label = label;
  }

  /**
   * The name used in manifests and on command lines.
   *
   * @return for example {@code x0}
   */
  public String label() {
    return label;
  }

  /**
   * Finds a subject by its name.
   *
   * @param name {@code x_t} or {@code x0}
   * @return the subject
   * @throws IllegalArgumentException if there is no such subject
   */
  public static Subject named(String name) {
    return Checks.named("asks", values(), subject -> subject.label, name);
  }

  @Override
  public String toString() {
    return label;
  }
}
