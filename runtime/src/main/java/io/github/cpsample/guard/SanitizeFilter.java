package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.SampleRequest;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.util.Objects;

/**
 * A sanitizer as a filter of {@code java.awt}: what comes out passes the sanitizer's check. Images
 * have the model's size, since a filter that resized them unasked would hide what it takes away;
 * colours become the model's. An image that never passes is an exception. Thread-safe.
 *
 * <pre>{@code
 * BufferedImageOp sanitize = new SanitizeFilter(sanitizer, index.shape(), SampleRequest.of(1));
 * ImageIO.write(sanitize.filter(image, null), "png", file);
 * }</pre>
 */
public final class SanitizeFilter extends PictureFilter implements BufferedImageOp {
  private final Sanitizer sanitizer;
  private final ImageShape shape;
  private final SampleRequest request;

  /**
   * Makes a filter of a sanitizer.
   *
   * @param sanitizer stays the caller's
   * @param shape the model's shape, of 1 or 3 channels
   * @param request as {@link Sanitizer#sanitize} takes it; every image has its seed
   * @throws IllegalArgumentException if the shape is that of latents
   */
  public SanitizeFilter(Sanitizer sanitizer, ImageShape shape, SampleRequest request) {
    shape.requirePicture();
    this.sanitizer = Objects.requireNonNull(sanitizer, "sanitizer");
    this.shape = shape;
    this.request = Objects.requireNonNull(request, "request");
  }

  @Override
  BufferedImage filtered(BufferedImage source) {
    requireModelSize(source);
    FloatImage image = FloatImage.of(source, shape.channels());
    return sanitizer.sanitize(image, request, Progress.none()).image().toBufferedImage();
  }

  @Override
  BufferedImage empty(BufferedImage source) {
    requireModelSize(source);
    return FloatImage.copyOf(shape, new float[shape.size()], 0).toBufferedImage();
  }

  private void requireModelSize(BufferedImage source) {
    if (source.getWidth() != shape.width() || source.getHeight() != shape.height()) {
      throw new IllegalArgumentException(
          "image: expected the model's size of "
              + shape.width()
              + " x "
              + shape.height()
              + " pixels, found "
              + source.getWidth()
              + " x "
              + source.getHeight()
              + "; crop and resize it first");
    }
  }
}
