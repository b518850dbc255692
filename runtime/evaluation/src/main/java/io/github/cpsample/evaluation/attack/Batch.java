package io.github.cpsample.evaluation.attack;

/** A batch of images of one attack, whose arithmetic is in double; networks take floats. */
final class Batch {

  private final NoisePredictor model;
  private final int rows;
  private final float[] images;

  Batch(NoisePredictor model, float[] images, int rows) {
    if (rows < 1 || images.length == 0 || images.length % rows != 0) {
      throw new IllegalArgumentException(
          "images: expected the values of " + rows + " images, found " + images.length);
    }
    this.model = model;
    this.rows = rows;
    this.images = images;
  }

  /** The number of values of an image. */
  int size() {
    return images.length / rows;
  }

  /** The images in double, a new array. */
  double[] images() {
    double[] values = new double[images.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = images[i];
    }
    return values;
  }

  /** {@code sqrt(abar) x + sqrt(1 - abar) noise}; a shorter noise is that of every image. */
  double[] noised(float[] noise, double abar) {
    double signal = Math.sqrt(abar);
    double spread = Math.sqrt(1 - abar);
    double[] noised = new double[images.length];
    for (int i = 0; i < noised.length; i++) {
      noised[i] = signal * images[i] + spread * noise[i % noise.length];
    }
    return noised;
  }

  /** The model's noise in images of this batch's shape. */
  float[] epsilon(double[] noised, int timestep) {
    float[] single = new float[noised.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) noised[i];
    }
    float[] epsilon = model.epsilon(single, rows, timestep);
    if (epsilon.length != single.length) {
      throw new IllegalArgumentException(
          "model: expected " + single.length + " values of noise, found " + epsilon.length);
    }
    for (int i = 0; i < epsilon.length; i++) {
      if (!Float.isFinite(epsilon[i])) {
        throw new IllegalArgumentException(
            "model: expected finite noise, found "
                + epsilon[i]
                + " for image "
                + i / size()
                + " at timestep "
                + timestep);
      }
    }
    return epsilon;
  }

  /** For each image the sum over its values. */
  double[] sums(Term term) {
    int size = size();
    double[] sums = new double[rows];
    for (int row = 0; row < rows; row++) {
      for (int i = row * size; i < (row + 1) * size; i++) {
        sums[row] += term.at(i);
      }
    }
    return sums;
  }

  /** What one value of the batch contributes. */
  @FunctionalInterface
  interface Term {
    double at(int index);
  }
}
