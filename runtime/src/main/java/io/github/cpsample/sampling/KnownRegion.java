package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.random.NormalStream;

/**
 * Keeps the known part of the images of a batch: {@code x = m (sqrt(abar) known + sqrt(1 - abar) z)
 * + (1 - m) x} before every step (Lugmayr et al. 2022, arXiv 2201.09865, equation 8). Belongs to
 * one thread.
 */
final class KnownRegion {
  private final Inpainting inpainting;
  private final ImageShape shape;
  private final SamplerState state;
  private final boolean freshNoise;
  private final float[] noise;

  /**
   * @param freshNoise whether z is drawn anew in every step, or is the starting noise in all of
   *     them
   */
  KnownRegion(Inpainting inpainting, ImageShape shape, SamplerState state, boolean freshNoise) {
    this.inpainting = inpainting;
    this.shape = shape;
    this.state = state;
    this.freshNoise = freshNoise;
    this.noise = new float[state.x().length];
  }

  /** Takes the starting noise of a row of the batch. */
  void begin(int row, float[] initial) {
    System.arraycopy(initial, state.offset(row), noise, state.offset(row), shape.size());
  }

  /** Replaces the known part of a row by the known pixels at a noise level. */
  void compose(int row, int image, double abar, NormalStream stream) {
    int from = state.offset(row);
    if (freshNoise) {
      stream.fill(noise, from, shape.size());
    }
    put(row, image, Math.sqrt(abar), Math.sqrt(1 - abar));
  }

  private void put(int row, int image, double signal, double spread) {
    FloatImage known = inpainting.knownOf(image);
    Mask mask = inpainting.maskOf(image);
    int at = state.offset(row);
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          if (!mask.fills(y, x)) {
            double value = signal * known.value(channel, y, x);
            state.x()[at] = (float) (value + spread * noise[at]);
          }
          at++;
        }
      }
    }
  }
}
