package io.github.cpsample.tools.pipeline;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;

/** Writes images so that a file that bears its name is whole. */
final class ImageFiles {

  private ImageFiles() {}

  static void writePng(BufferedImage image, Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".part");
    try {
      if (!ImageIO.write(image, "png", temporary.toFile())) {
        throw new IOException(file + ": this Java runtime cannot write PNG files");
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
