package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ColorModel;
import java.util.List;
import java.util.Objects;

/**
 * A check as a filter of {@code java.awt}: an image that passes goes through as it is; one that
 * does not is an exception, so that nothing after the filter gets to see it. Any size and any
 * colours are taken; what is checked is the image brought to the model's shape. Thread-safe.
 *
 * <pre>{@code
 * BufferedImageOp check = new CheckFilter(IndexCheck.of(index), index.shape());
 * ImageIO.write(check.filter(image, null), "png", file);
 * }</pre>
 */
public final class CheckFilter extends PictureFilter implements BufferedImageOp {
  private final ImageCheck check;
  private final ImageShape shape;

  /**
   * Makes a filter of a check.
   *
   * @param check what an image has to pass; stays the caller's
   * @param shape the shape of the images that it takes: the model's
   */
  public CheckFilter(ImageCheck check, ImageShape shape) {
    this.check = Objects.requireNonNull(check, "check");
    this.shape = Objects.requireNonNull(shape, "shape");
  }

  @Override
  BufferedImage filtered(BufferedImage source) {
    FloatImage image = FloatImage.copyOf(shape, ImageDecoder.fit(source, shape), 0);
    GuardVerdict verdict = RoundedCheck.of(check, List.of(image)).get(0);
    if (!verdict.passes()) {
      throw new FlaggedException(verdict);
    }
    return source;
  }

  @Override
  BufferedImage empty(BufferedImage source) {
    ColorModel colors = source.getColorModel();
    return new BufferedImage(
        colors,
        source.getRaster().createCompatibleWritableRaster(source.getWidth(), source.getHeight()),
        colors.isAlphaPremultiplied(),
        null);
  }

  /** An image must not be passed on. */
  public static final class FlaggedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient GuardVerdict verdict;

    /**
     * Says why.
     *
     * @param verdict one that does not pass
     */
    public FlaggedException(GuardVerdict verdict) {
      super(
          "expected an image that passes, found one that is "
              + String.join(", and ", verdict.reasons()));
      this.verdict = verdict;
    }

    /**
     * What was found out about the image. Like the message it is for the party that holds the
     * training images.
     *
     * @return the verdict; null if the exception was serialised
     */
    public GuardVerdict verdict() {
      return verdict;
    }
  }
}
