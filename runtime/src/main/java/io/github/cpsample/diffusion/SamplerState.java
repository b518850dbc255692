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
   * Noises one image: {@code x = sqrt(abar) x + sqrt(1 - abar) z}, z being the noise buffer, which
   * must hold fresh standard normal numbers. So a trajectory can start from an image, at the step
   * whose level is abar.
   *
   * @param row in [0, N); x of this row is modified, nothing else
   * @param alphasCumprod the fraction of signal variance afterwards, in (0, 1]
   */
  public void addNoise(int row, double alphasCumprod) {
    if (!(alphasCumprod > 0 && alphasCumprod <= 1)) {
      throw new IllegalArgumentException(
          "alphasCumprod: expected a number in (0, 1], found " + alphasCumprod);
    }
    double signal = Math.sqrt(alphasCumprod);
    double spread = Math.sqrt(1 - alphasCumprod);
    int from = offset(row);
    for (int i = from; i < from + rowSize; i++) {
      x[i] = (float) (signal * x[i] + spread * noise[i]);
    }
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
