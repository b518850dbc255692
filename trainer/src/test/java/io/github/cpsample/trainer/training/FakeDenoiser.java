package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;
import java.util.function.IntFunction;

/** A denoiser whose samples are given and whose trajectories are straight lines. */
class FakeDenoiser implements DenoisedStates {

  static final NoiseScheduleConfig SCHEDULE = NoiseScheduleConfig.linear(1000, 1e-4, 0.02);

  private final ImageShape shape;
  private final IntFunction<float[]> samples;
  int sampled;

  FakeDenoiser(ImageShape shape, IntFunction<float[]> samples) {
    this.shape = shape;
    this.samples = samples;
  }

  @Override
  public NoiseScheduleConfig schedule() {
    return SCHEDULE;
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String fingerprint() {
    return "fake";
  }

  /** Only scales the noise away: x_t / sqrt(abar), clipped. */
  @Override
  public float[] denoise(float[] noised, int count, double timestep) {
    float signal = (float) Math.sqrt(SCHEDULE.create().alphasCumprod(timestep));
    float[] x0 = new float[noised.length];
    for (int i = 0; i < x0.length; i++) {
      x0[i] = Math.max(-1, Math.min(1, noised[i] / signal));
    }
    return x0;
  }

  @Override
  public void sample(int count, long seed, Visitor visitor) {
    for (int image = 0; image < count; image++) {
      float[] end = samples.apply(image);
      for (int timestep = 900; timestep >= 0; timestep -= 300) {
        float[] noised = end.clone();
        noised[0] += timestep;
        visitor.state(image, timestep, noised, end.clone());
      }
      visitor.finished(image, end.clone());
      sampled++;
    }
  }
}
