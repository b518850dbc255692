package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;

/**
 * What a denoiser predicts for {@code x_t = sqrt(abar) x_0 + sqrt(1 - abar) epsilon}, and the
 * conversions between the parametrisations. {@code v = sqrt(abar) epsilon - sqrt(1 - abar) x_0}
 * (Salimans and Ho 2022).
 */
public enum PredictionType {
  /** The noise epsilon. */
  EPSILON("epsilon") {
    @Override
    public Combination sample(NoiseLevel level) {
      return ofBoth(1 / level.signal(), -level.spread() / level.signal());
    }

    @Override
    public Combination epsilon(NoiseLevel level) {
      return ofBoth(0, 1);
    }

    @Override
    double guidance(NoiseLevel level) {
      return level.guidanceInEpsilon();
    }

    @Override
    public double ofParts(double sample, double epsilon, NoiseLevel level) {
      return epsilon;
    }
  },
  /** The velocity v. */
  V_PREDICTION("v_prediction") {
    @Override
    public Combination sample(NoiseLevel level) {
      return ofBoth(level.signal(), -level.spread());
    }

    @Override
    public Combination epsilon(NoiseLevel level) {
      return ofBoth(level.spread(), level.signal());
    }

    @Override
    double guidance(NoiseLevel level) {
      return level.guidanceInVelocity();
    }

    @Override
    public double ofParts(double sample, double epsilon, NoiseLevel level) {
      return level.signal() * epsilon - level.spread() * sample;
    }
  },
  /** The clean image x_0. */
  SAMPLE("sample") {
    @Override
    public Combination sample(NoiseLevel level) {
      return ofBoth(0, 1);
    }

    @Override
    public Combination epsilon(NoiseLevel level) {
      return ofBoth(1 / level.spread(), -level.signal() / level.spread());
    }

    @Override
    double guidance(NoiseLevel level) {
      return level.guidanceInSample();
    }

    @Override
    public double ofParts(double sample, double epsilon, NoiseLevel level) {
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
   * @param level of x_t
   * @return x_0, not clipped, of state and prediction
   */
  public abstract Combination sample(NoiseLevel level);

  /**
   * The noise that a prediction implies.
   *
   * @param level of x_t
   * @return epsilon, of state and prediction
   */
  public abstract Combination epsilon(NoiseLevel level);

  /** The factor of guidance in a prediction of this type. */
  abstract double guidance(NoiseLevel level);

  private static Combination ofBoth(double ofState, double ofPrediction) {
    return Combination.STATE.times(ofState).plus(Combination.PREDICTION.times(ofPrediction));
  }

  /**
   * The clean image that a prediction implies.
   *
   * @param x x_t
   * @param prediction the denoiser's output for it
   * @param level of x_t
   * @return x_0, not clipped; a new array
   */
  public float[] toSample(float[] x, float[] prediction, NoiseLevel level) {
    float[] values = new float[x.length];
    toSample(x, prediction, level, values);
    return values;
  }

  /**
   * The image that a prediction implies.
   *
   * @param x x_t
   * @param prediction the denoiser's output for it
   * @param level of x_t
   * @param target receives x_0, as long as x
   */
  public void toSample(float[] x, float[] prediction, NoiseLevel level, float[] target) {
    combine(sample(level), x, prediction, target);
  }

  /**
   * The noise that a prediction implies.
   *
   * @param x x_t
   * @param prediction the denoiser's output for it
   * @param level of x_t
   * @return epsilon, a new array
   */
  public float[] toEpsilon(float[] x, float[] prediction, NoiseLevel level) {
    float[] values = new float[x.length];
    combine(epsilon(level), x, prediction, values);
    return values;
  }

  private static void combine(Combination factors, float[] x, float[] prediction, float[] values) {
    double ofState = factors.of(Combination.Term.STATE);
    double ofPrediction = factors.of(Combination.Term.PREDICTION);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (ofState * x[i] + ofPrediction * prediction[i]);
    }
  }

  /**
   * The prediction of this type for a known image and noise: the training target.
   *
   * @param sample one value of x_0
   * @param epsilon the noise added to it
   * @param level the noise level, abar in (0, 1)
   * @return what a perfect denoiser of this type outputs
   */
  public abstract double ofParts(double sample, double epsilon, NoiseLevel level);

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
    return Checks.named("predictionType", values(), type -> type.jsonName, name);
  }
}
