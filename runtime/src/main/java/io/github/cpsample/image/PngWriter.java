package io.github.cpsample.image;

import io.github.cpsample.files.WholeFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes PNG files so that a reader sees a whole picture or none. Thread-safe. */
public final class PngWriter {
  private PngWriter() {}

  /**
   * Writes an image under a temporary name in the same folder, which is created if need be, and
   * moves it into place.
   *
   * @param image any image that PNG can hold
   * @param file where to; replaced if it exists
   * @throws IOException if it cannot be written; nothing is left behind
   */
  public static void write(BufferedImage image, Path file) throws IOException {
    WholeFile.write(
        file,
        out -> {
          if (!ImageIO.write(image, "png", out)) {
            throw new IOException(file + ": expected an image that PNG can hold, found " + image);
          }
        });
  }
}
