package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;

/**
 * The buffers of one image on its way from noise to image: {@code C*H*W} float values each. The
 * accessors return the live arrays, so that nothing is copied per step: whoever runs the networks
 * writes prediction, guidance and noise, a {@link SamplerStep} reads them and writes x. Belongs to
 * one thread at a time.
 */
public final class SamplerState {
  private static final float[] NOTHING = {};

  private final Sampler.Memory memory;
  private final float[] x;
  private final float[] prediction;
  private final float[] guidance;
  private final float[] noise;
  private final float[] variance;
  private final float[] kept;
  private final float[][] remembered;
  private int newest;
  private int stepsTaken;

  /**
   * Allocates buffers of zeros for samplers that remember nothing.
   *
   * @param size the number C*H*W of values of an image, positive
   */
  public SamplerState(int size) {
    this(size, Sampler.Memory.NONE);
  }

  /**
   * Allocates buffers of zeros.
   *
   * @param size the number C*H*W of values of an image, positive
   * @param memory what the sampler remembers of each image
   */
  public SamplerState(int size, Sampler.Memory memory) {
    Checks.atLeast("size", size, 1);
    this.memory = memory;
    this.x = new float[size];
    this.prediction = new float[size];
    this.guidance = new float[size];
    this.noise = new float[size];
    this.variance = new float[memory.variances() ? size : 0];
    this.kept = new float[memory.keeps() ? size : 0];
    this.remembered = new float[memory.predictions()][size];
  }

  /**
   * Forgets what earlier steps remembered of the image: needed wherever x is replaced by something
   * that those steps did not lead to. {@link Sampler#begin} does it.
   */
  public void forget() {
    stepsTaken = 0;
  }

  /** Refuses a sampler that remembers more than this was made for. */
  void requireRoom(Sampler.Memory needed) {
    if (needed.predictions() > memory.predictions()
        || (needed.keeps() && !memory.keeps())
        || (needed.variances() && !memory.variances())) {
      throw new IllegalArgumentException(
          "state: expected one made for "
              + needed
              + ", found one made for "
              + memory
              + "; make it with the sampler's memory()");
    }
  }

  /**
   * How many steps the image has taken since it began or was forgotten: what it remembers.
   *
   * @return at least 0
   */
  public int stepsTaken() {
    return stepsTaken;
  }

  /**
   * What a step some steps ago remembered.
   *
   * @param age at least 1, less than the memory's predictions
   * @return the live array, {@code [C,H,W]}
   */
  public float[] remembered(int age) {
    return remembered[Math.floorMod(newest + 1 - age, remembered.length)];
  }

  /**
   * Where the step that is being taken puts what it remembers, in place of the oldest.
   *
   * @return the live array, {@code [C,H,W]}; of length 0 where nothing is remembered
   */
  public float[] roomForNewest() {
    return remembered.length == 0 ? NOTHING : remembered[(newest + 1) % remembered.length];
  }

  /**
   * Ends a step, whose results have been written to x, {@link #roomForNewest} and {@link #kept()}.
   */
  public void stepTaken() {
    if (remembered.length > 0) {
      newest = (newest + 1) % remembered.length;
    }
    stepsTaken++;
  }

  /**
   * The image that is kept beside x.
   *
   * @return the live array, {@code [C,H,W]}; of length 0 unless the sampler keeps one
   */
  public float[] kept() {
    return kept;
  }

  /**
   * The number of values of the image.
   *
   * @return C*H*W
   */
  public int size() {
    return x.length;
  }

  /**
   * Noises the image: {@code x = sqrt(abar) x + sqrt(1 - abar) z}, z being the noise buffer, which
   * must hold fresh standard normal numbers. So a trajectory can start from an image, at the step
   * whose level is abar.
   *
   * @param alphasCumprod the fraction of signal variance afterwards, in [0, 1]
   */
  public void addNoise(double alphasCumprod) {
    NoiseLevel level = NoiseLevel.of(0, alphasCumprod);
    double signal = level.signal();
    double spread = level.spread();
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (signal * x[i] + spread * noise[i]);
    }
  }

  /**
   * The image x_t, in the variance-preserving scale whatever the sampler: what denoiser and
   * classifier receive. Solvers in sigma space convert within their steps.
   *
   * @return the live array, {@code [C,H,W]}
   */
  public float[] x() {
    return x;
  }

  /**
   * The denoiser's output for x_t.
   *
   * @return the live array, {@code [C,H,W]}
   */
  public float[] prediction() {
    return prediction;
  }

  /**
   * The guidance {@code g = s grad_{x_t} log p}; read where the image is guided only.
   *
   * @return the live array, {@code [C,H,W]}
   */
  public float[] guidance() {
    return guidance;
  }

  /**
   * Standard normal noise; read by steps that use noise only.
   *
   * @return the live array, {@code [C,H,W]}
   */
  public float[] noise() {
    return noise;
  }

  /**
   * The second half of the denoiser's output channels, of which a learned variance is made.
   *
   * @return the live array, {@code [C,H,W]}; of length 0 unless the sampler's memory says that its
   *     steps read variances
   */
  public float[] variance() {
    return variance;
  }
}
