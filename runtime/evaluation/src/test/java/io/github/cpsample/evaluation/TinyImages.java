package io.github.cpsample.evaluation;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Grey images of random pixels, 8 x 8, for {@link TinyBundle}. */
public final class TinyImages {

  private TinyImages() {}

  /** The image of a seed. */
  public static BufferedImage image(long seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 64; i++) {
      image.getRaster().setSample(i % 8, i / 8, 0, random.nextInt(256));
    }
    return image;
  }

  /** Writes image-0.png and so on, one for every seed. */
  public static void write(Path folder, long... seeds) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < seeds.length; i++) {
      ImageIO.write(image(seeds[i]), "png", folder.resolve("image-" + i + ".png").toFile());
    }
  }
}
