package io.github.cpsample.langchain4j;

import dev.langchain4j.data.image.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Images of LangChain4j as pictures of Java. */
final class Base64Picture {
  private static final int ALPHA_SHIFT = 24;
  private static final int WHITE = 255;

  private Base64Picture() {}

  /**
   * Decodes an image. Nothing is fetched: an image of a URL is refused.
   *
   * @param name what errors call it
   */
  static BufferedImage read(String name, Image image) {
    if (image.base64Data() == null) {
      throw new IllegalArgumentException(
          name
              + ": expected an image in base64, found "
              + (image.url() == null ? "none" : "the URL " + image.url() + "; load it first"));
    }
    try {
      byte[] file = Base64.getDecoder().decode(image.base64Data());
      BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file));
      if (picture != null) {
        return picture;
      }
    } catch (IllegalArgumentException | IOException e) {
      throw new IllegalArgumentException(
          name + ": expected an image file in base64, found: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        name + ": expected an image file in base64, found another kind of file");
  }

  /** A picture that is white where another one is wholly transparent, and black elsewhere. */
  static BufferedImage transparency(BufferedImage picture) {
    BufferedImage mask =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        if (picture.getRGB(x, y) >>> ALPHA_SHIFT == 0) {
          mask.getRaster().setSample(x, y, 0, WHITE);
        }
      }
    }
    return mask;
  }
}
