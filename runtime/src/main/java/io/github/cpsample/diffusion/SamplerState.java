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
  private final SamplerMemory memory;
  private final int slots;
  private final float[] past;
  private final int[] remembered;
  private final int[] newest;
  private final float[] kept;
  private final float[] variance;

  /**
   * Allocates buffers of zeros for samplers that remember nothing.
   *
   * @param rows the number N of images, positive
   * @param rowSize the number C*H*W of values of an image, positive
   */
  public SamplerState(int rows, int rowSize) {
    this(rows, rowSize, SamplerMemory.NONE);
  }

  /**
   * Allocates buffers of zeros.
   *
   * @param rows the number N of images, positive
   * @param rowSize the number C*H*W of values of an image, positive
   * @param memory what the sampler remembers of each image
   */
  public SamplerState(int rows, int rowSize, SamplerMemory memory) {
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
    this.memory = memory;
    this.slots = memory.predictions();
    this.past = new float[Math.multiplyExact(size, slots)];
    this.remembered = new int[rows];
    this.newest = new int[rows];
    this.kept = new float[Math.multiplyExact(size, memory.samples())];
    this.variance = new float[memory.variances() ? size : 0];
  }

  /**
   * Forgets what earlier steps remembered of an image: needed wherever x of the row is replaced by
   * something that those steps did not lead to. {@link Sampler#begin} does it.
   *
   * @param row in [0, N)
   */
  public void forget(int row) {
    offset(row);
    remembered[row] = 0;
  }

  /** Refuses a sampler that remembers more than this was made for. */
  void requireRoom(SamplerMemory needed) {
    if (needed.predictions() > memory.predictions()
        || needed.samples() > memory.samples()
        || (needed.variances() && !memory.variances())) {
      throw new IllegalArgumentException(
          "state: expected one made for "
              + needed
              + ", found one made for "
              + memory
              + "; make it with the sampler's memory()");
    }
  }

  /** How many predictions of an image are remembered. */
  int remembered(int row) {
    return remembered[row];
  }

  /** Makes room for a prediction of an image, in place of the oldest; returns where it starts. */
  int remember(int row) {
    newest[row] = (newest[row] + 1) % slots;
    remembered[row] = Math.min(slots, remembered[row] + 1);
    return pastOffset(row, 0);
  }

  /** Where a remembered prediction starts; age 0 is the newest. */
  int pastOffset(int row, int age) {
    return (Math.floorMod(newest[row] - age, slots) * rows + row) * rowSize;
  }

  /** The remembered predictions. */
  float[] past() {
    return past;
  }

  /** Where an image besides x starts. */
  int keptOffset(int row, int slot) {
    return (slot * rows + row) * rowSize;
  }

  /** The images besides x. */
  float[] kept() {
    return kept;
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
   * @param alphasCumprod the fraction of signal variance afterwards, in [0, 1]
   */
  public void addNoise(int row, double alphasCumprod) {
    if (!(alphasCumprod >= 0 && alphasCumprod <= 1)) {
      throw new IllegalArgumentException(
          "alphasCumprod: expected a number in [0, 1], found " + alphasCumprod);
    }
    double signal = Math.sqrt(alphasCumprod);
    double spread = Math.sqrt(1 - alphasCumprod);
    int from = offset(row);
    for (int i = from; i < from + rowSize; i++) {
      x[i] = (float) (signal * x[i] + spread * noise[i]);
    }
  }

  /**
   * The images x_t, in the variance-preserving scale whatever the sampler: what denoiser and
   * classifier receive. Solvers in sigma space convert within their steps.
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

  /**
   * The second half of the denoiser's output channels, of which a learned variance is made.
   *
   * @return the live array, {@code [N,C,H,W]}; of length 0 unless the sampler's memory says that
   *     its steps read variances
   */
  public float[] variance() {
    return variance;
  }
}
