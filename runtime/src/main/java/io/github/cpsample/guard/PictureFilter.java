package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import java.awt.RenderingHints;
import java.awt.color.ColorSpace;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import org.jspecify.annotations.Nullable;

/** What filters have in common that leave an image's size as it is. */
abstract class PictureFilter implements BufferedImageOp {
  /** Makes the filtered image: a new one, or the source itself where nothing is to be changed. */
  abstract BufferedImage filtered(BufferedImage source);

  /** An image of the source's size, as {@link #filtered} makes it. */
  abstract BufferedImage empty(BufferedImage source);

  @Override
  public final BufferedImage filter(BufferedImage source, @Nullable BufferedImage destination) {
    if (destination != null) {
      requireSize(source, destination);
    }
    BufferedImage filtered = filtered(source);
    if (destination == filtered) {
      return destination;
    }
    BufferedImage target =
        destination == null ? createCompatibleDestImage(source, null) : destination;
    copy(filtered, target);
    return target;
  }

  /** Java takes grey for linear light and would brighten it, so it is converted here before. */
  private static void copy(BufferedImage from, BufferedImage to) {
    if (to.getColorModel().equals(from.getColorModel())) {
      to.setData(from.getData());
      return;
    }
    boolean grey = to.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    BufferedImage plain = FloatImage.of(from, grey ? 1 : 3).toBufferedImage();
    new ColorConvertOp(null).filter(plain, to);
  }

  private static void requireSize(BufferedImage source, BufferedImage destination) {
    if (source.getWidth() != destination.getWidth()
        || source.getHeight() != destination.getHeight()) {
      throw new IllegalArgumentException(
          "destination: expected the source's size of "
              + source.getWidth()
              + " x "
              + source.getHeight()
              + " pixels, found "
              + destination.getWidth()
              + " x "
              + destination.getHeight());
    }
  }

  @Override
  public final Rectangle2D getBounds2D(BufferedImage source) {
    return source.getRaster().getBounds();
  }

  @Override
  public final BufferedImage createCompatibleDestImage(
      BufferedImage source, @Nullable ColorModel colors) {
    return colors == null
        ? empty(source)
        : new BufferedImage(
            colors,
            colors.createCompatibleWritableRaster(source.getWidth(), source.getHeight()),
            colors.isAlphaPremultiplied(),
            null);
  }

  @Override
  public final Point2D getPoint2D(Point2D source, @Nullable Point2D destination) {
    Point2D target = destination == null ? new Point2D.Double() : destination;
    target.setLocation(source);
    return target;
  }

  @Override
  public final @Nullable RenderingHints getRenderingHints() {
    return null;
  }
}
