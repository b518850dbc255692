package io.github.cpsample.provider;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.ProtectionReport;
import io.github.cpsample.sampling.ImageReport;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/** A sampled image and its report as a host sees them. */
record SampledImage(FloatImage image, ImageReport sampled, boolean protectionEnabled, int tries)
    implements GeneratedImage, ProtectionReport {
  @Override
  public int channels() {
    return image.shape().channels();
  }

  @Override
  public int height() {
    return image.shape().height();
  }

  @Override
  public int width() {
    return image.shape().width();
  }

  @Override
  public float[] values() {
    return image.values();
  }

  @Override
  public BufferedImage toBufferedImage() {
    return image.toBufferedImage();
  }

  @Override
  public ProtectionReport report() {
    return this;
  }

  @Override
  public long seed() {
    return sampled.seed();
  }

  @Override
  public int steps() {
    return sampled.steps();
  }

  @Override
  public int guardedSteps() {
    return sampled.guardedSteps();
  }

  @Override
  public int returns() {
    return sampled.returns();
  }

  @Override
  public int redos() {
    return sampled.redos();
  }

  @Override
  public boolean recognised() {
    return sampled.recognised();
  }

  @Override
  public Optional<List<Double>> certaintyTrace() {
    return sampled.certaintyTrace();
  }
}
