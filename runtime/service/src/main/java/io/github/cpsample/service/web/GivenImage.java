package io.github.cpsample.service.web;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import java.util.Optional;

/**
 * An image that a request brings, and how it is to be changed.
 *
 * @param image the picture
 * @param mask which part is filled in; empty to change the whole image
 * @param strength how far the whole image is changed, in (0, 1]
 */
record GivenImage(ImageFile image, Optional<MaskFile> mask, double strength) {

  /**
   * A picture that says what is filled in.
   *
   * @param file the picture
   * @param meaning of its pixels
   */
  record MaskFile(ImageFile file, Meaning meaning) {}

  /** What is filled in. */
  enum Meaning {
    /** What is transparent. */
    TRANSPARENT,
    /** What is white. */
    WHITE
  }

  /** The mask, cropped and resized as the image is. */
  Optional<Mask> decodedMask(ImageShape shape, long mostPixels) {
    ImageShape grey = new ImageShape(1, shape.height(), shape.width());
    return mask.map(
        it ->
            maskOf(
                it.meaning() == Meaning.WHITE
                    ? it.file().decoded(grey, mostPixels)
                    : it.file().transparency(grey, mostPixels)));
  }

  private static Mask maskOf(FloatImage picture) {
    try {
      return Mask.of(picture.toBufferedImage());
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(
          "mask", "mask: expected a part that is to be filled in, found none: " + e.getMessage());
    }
  }
}
