package io.github.cpsample.diffusion;

/**
 * The buffers of a batch of N images on their way from noise to image: N rows of {@code C*H*W}
 * float values each. The accessors return the live arrays, so that nothing is copied per step:
 * whoever runs the networks writes prediction, guidance and noise, a {@link SamplerStep} reads them
 * and writes x. Several threads may work on different rows.
 */
public final class SamplerState {
  private final int rows;
  private final int rowSize;
  private final float[] x;
  private final float[] prediction;
  private final float[] guidance;
  private final float[] noise;

  /**
   * Allocates buffers of zeros.
   *
   * @param rows the number N of images, positive
   * @param rowSize the number C*H*W of values of an image, positive
   */
  public SamplerState(int rows, int rowSize) {
    if (rows < 1 || rowSize < 1) {
      throw new IllegalArgumentException(
          "rows and rowSize: expected positive numbers, found " + rows + " and " + rowSize);
    }
    this.rows = rows;
    this.rowSize = rowSize;
    int size = Math.multiplyExact(rows, rowSize);
    this.x = new float[size];
    this.prediction = new float[size];
    this.guidance = new float[size];
    this.noise = new float[size];
  }

  /**
   * The number of images.
   *
   * @return N
   */
  public int rows() {
    return rows;
  }

  /**
   * The number of values of an image.
   *
   * @return C*H*W
   */
  public int rowSize() {
    return rowSize;
  }

  /**
   * Where an image starts in each buffer.
   *
   * @param row in [0, N)
   * @return {@code row * rowSize}
   */
  public int offset(int row) {
    if (row < 0 || row >= rows) {
      throw new IllegalArgumentException(
          "row: expected a number in [0, " + (rows - 1) + "], found " + row);
    }
    return row * rowSize;
  }

  /**
   * The images x_t, in the variance-preserving scale.
   *
   * @return the live array, {@code [N,C,H,W]}
   */
  public float[] x() {
    return x;
  }

  /**
   * The denoiser's output for x_t.
   *
   * @return the live array, {@code [N,C,H,W]}
   */
  public float[] prediction() {
    return prediction;
  }

  /**
   * The guidance {@code g = s grad_{x_t} log p}; read for guided rows only.
   *
   * @return the live array, {@code [N,C,H,W]}
   */
  public float[] guidance() {
    return guidance;
  }

  /**
   * Standard normal noise; read by steps that use noise only.
   *
   * @return the live array, {@code [N,C,H,W]}
   */
  public float[] noise() {
    return noise;
  }
}
