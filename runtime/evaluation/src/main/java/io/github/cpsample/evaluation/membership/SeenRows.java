package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.store.RowSource;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.ProtectedSampler;

/**
 * Images as denoiser and classifier of a model see them: its latents, encoded when they are read.
 */
final class SeenRows implements RowSource {

  private final ProtectedSampler sampler;
  private final ImageShape shape;
  private final RowSource images;

  /** A view; neither sampler nor images are owned. */
  SeenRows(ProtectedSampler sampler, RowSource images) {
    this.sampler = sampler;
    this.shape = sampler.manifest().image();
    this.images = images;
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int width() {
    return sampler.manifest().sampled().size();
  }

  @Override
  public void read(int row, float[] target, int offset) {
    float[] pixels = new float[images.width()];
    images.read(row, pixels, 0);
    sampler.seen(FloatImage.copyOf(shape, pixels, 0)).copyTo(target, offset);
  }
}
