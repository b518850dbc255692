package io.github.cpsample.diffusion;

import java.util.Arrays;

/**
 * What a denoiser predicts for {@code x_t = sqrt(abar) x_0 + sqrt(1 - abar) epsilon}, and the
 * conversions between the parametrisations. {@code v = sqrt(abar) epsilon - sqrt(1 - abar) x_0}
 * (Salimans and Ho 2022).
 */
public enum PredictionType {
  /** The noise epsilon. */
  EPSILON("epsilon") {
    @Override
    double toSample(double x, double prediction, Mixing mixing) {
      return (x - mixing.spread() * prediction) * mixing.perSignal();
    }

    @Override
    double toEpsilon(double x, double prediction, Mixing mixing) {
      return prediction;
    }

    @Override
    public double ofParts(double sample, double epsilon, double abar) {
      return epsilon;
    }
  },
  /** The velocity v. */
  V_PREDICTION("v_prediction") {
    @Override
    double toSample(double x, double prediction, Mixing mixing) {
      return mixing.signal() * x - mixing.spread() * prediction;
    }

    @Override
    double toEpsilon(double x, double prediction, Mixing mixing) {
      return mixing.signal() * prediction + mixing.spread() * x;
    }

    @Override
    public double ofParts(double sample, double epsilon, double abar) {
      return Math.sqrt(abar) * epsilon - Math.sqrt(1 - abar) * sample;
    }
  },
  /** The clean image x_0. */
  SAMPLE("sample") {
    @Override
    double toSample(double x, double prediction, Mixing mixing) {
      return prediction;
    }

    @Override
    double toEpsilon(double x, double prediction, Mixing mixing) {
      return (x - mixing.signal() * prediction) * mixing.perSpread();
    }

    @Override
    public double ofParts(double sample, double epsilon, double abar) {
      return sample;
    }
  };

  private final String jsonName;

  PredictionType(String jsonName) {
    this.jsonName = jsonName;
  }

  /**
   * The clean image that a prediction implies.
   *
   * @param x one value of x_t
   * @param prediction the denoiser's output for it
   * @param abar the fraction of signal variance, in (0, 1)
   * @return one value of x_0, not clipped
   */
  public double toSample(double x, double prediction, double abar) {
    return toSample(x, prediction, Mixing.at(abar));
  }

  /** For loops over many values of one noise level. */
  abstract double toSample(double x, double prediction, Mixing mixing);

  /**
   * The noise that a prediction implies.
   *
   * @param x one value of x_t
   * @param prediction the denoiser's output for it
   * @param abar the fraction of signal variance, in (0, 1)
   * @return one value of epsilon
   */
  public double toEpsilon(double x, double prediction, double abar) {
    return toEpsilon(x, prediction, Mixing.at(abar));
  }

  /** For loops over many values of one noise level. */
  abstract double toEpsilon(double x, double prediction, Mixing mixing);

  /**
   * The prediction of this type for a known image and noise: the training target.
   *
   * @param sample one value of x_0
   * @param epsilon the noise added to it
   * @param abar the fraction of signal variance, in (0, 1)
   * @return what a perfect denoiser of this type outputs
   */
  public abstract double ofParts(double sample, double epsilon, double abar);

  /**
   * The name used in manifests.
   *
   * @return {@code epsilon}, {@code v_prediction} or {@code sample}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a type by the name used in manifests.
   *
   * @param name for example {@code epsilon}
   * @return the type
   * @throws IllegalArgumentException if there is no such type
   */
  public static PredictionType ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(type -> type.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "predictionType: expected epsilon, v_prediction or sample, found " + name));
  }
}
