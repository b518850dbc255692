package io.github.cpsample.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, ".png", ".tmp");
    try {
      try (OutputStream output = Files.newOutputStream(temporary)) {
        if (!ImageIO.write(image, "png", output)) {
          throw new IOException(file + ": expected an image that PNG can hold, found " + image);
        }
      }
      try {
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
