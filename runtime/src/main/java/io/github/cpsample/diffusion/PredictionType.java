package io.github.cpsample.diffusion;

import java.util.Arrays;
import java.util.Locale;

/** What a denoiser predicts. */
public enum PredictionType {
  /** The noise e. */
  EPSILON("epsilon"),
  /** v = sqrt(abar) e - sqrt(1-abar) x_0 (Salimans and Ho, 2022, arXiv 2202.00512). */
  V_PREDICTION("v_prediction"),
  /** The clean sample x_0. */
  SAMPLE("sample");

  private final String label;

  PredictionType(String label) {
    this.label = label;
  }

  /**
   * The name in configuration files.
   *
   * @return {@code epsilon}, {@code v_prediction} or {@code sample}
   */
  public String label() {
    return label;
  }

  /**
   * A prediction type by its name.
   *
   * @param label the name in configuration files; hyphens count as underscores
   * @return the type
   */
  public static PredictionType named(String label) {
    String wanted = label.toLowerCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .filter(type -> type.label.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Prediction type: expected epsilon, v_prediction or sample, found " + label));
  }

  /**
   * The clean sample that a prediction implies.
   *
   * @param abar alphasCumprod at the sample's timestep
   * @param x one element of x_t
   * @param prediction the same element of the prediction
   * @return the same element of x_0
   */
  public double sample(double abar, double x, double prediction) {
    return switch (this) {
      case EPSILON -> (x - Math.sqrt(1 - abar) * prediction) / Math.sqrt(abar);
      case V_PREDICTION -> Math.sqrt(abar) * x - Math.sqrt(1 - abar) * prediction;
      case SAMPLE -> prediction;
    };
  }
}
