package io.github.cpsample.service.web;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;

/** An image file that a request brings. Immutable. */
final class ImageFile {
  private static final int OPAQUE = 128;
  private static final int WHITE = 255;
  private static final int ALPHA_SHIFT = 24;

  private final String field;
  private final byte[] bytes;

  /**
   * @param field what the request calls it
   * @param bytes not modified from here on
   */
  ImageFile(String field, byte[] bytes) {
    this.field = field;
    this.bytes = bytes;
  }

  /** The picture in a shape: its centre cropped and resized. */
  FloatImage decoded(ImageShape shape, long mostPixels) {
    try {
      return FloatImage.copyOf(shape, ImageDecoder.read(field, bytes, shape, mostPixels), 0);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /** White where the picture is transparent, else black; cropped and resized likewise. */
  FloatImage transparency(ImageShape shape, long mostPixels) {
    BufferedImage picture = stored(mostPixels);
    BufferedImage grey =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster target = grey.getRaster();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        boolean seen = picture.getRGB(x, y) >>> ALPHA_SHIFT >= OPAQUE;
        target.setSample(x, y, 0, seen ? 0 : WHITE);
      }
    }
    return FloatImage.copyOf(shape, ImageDecoder.fit(grey, shape), 0);
  }

  private ApiException refused(IOException e) {
    String message = String.valueOf(e.getMessage());
    return ApiException.invalid(
        field,
        message.contains("expected")
            ? message
            : field + ": expected an image that can be read, found another one: " + message);
  }

  private BufferedImage stored(long mostPixels) {
    try {
      BufferedImage picture = ImageDecoder.stored(field, bytes, mostPixels);
      if (!picture.getColorModel().hasAlpha()) {
        throw ApiException.invalid(
            field,
            field
                + ": expected a picture that is transparent where it is to be filled in, found one"
                + " without an alpha channel");
      }
      return picture;
    } catch (IOException e) {
      throw refused(e);
    }
  }
}
