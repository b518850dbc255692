package io.github.cpsample.trainer.network;

import java.util.random.RandomGenerator;

/** How a parameter starts. */
public enum Initializer {
  /** All zeros. */
  ZEROS {
    @Override
    float draw(int fanIn, RandomGenerator random) {
      return 0;
    }
  },
  /** All ones. */
  ONES {
    @Override
    float draw(int fanIn, RandomGenerator random) {
      return 1;
    }
  },
  /** Normal with variance 2 / fanIn (He et al., 2015, arXiv 1502.01852). */
  HE_NORMAL {
    @Override
    float draw(int fanIn, RandomGenerator random) {
      return (float) (random.nextGaussian() * Math.sqrt(2.0 / fanIn));
    }
  },
  /** Normal with variance 1 / fanIn. */
  LECUN_NORMAL {
    @Override
    float draw(int fanIn, RandomGenerator random) {
      return (float) (random.nextGaussian() * Math.sqrt(1.0 / fanIn));
    }
  };

  abstract float draw(int fanIn, RandomGenerator random);

  /**
   * Draws the initial values of a parameter.
   *
   * @param spec the parameter
   * @param random the source of randomness
   * @return its values, row-major
   */
  public static float[] initialize(ParameterSpec spec, RandomGenerator random) {
    float[] values = new float[spec.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = spec.initializer().draw(spec.fanIn(), random);
    }
    return values;
  }
}
