package io.github.cpsample.tools.commands;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import javax.imageio.ImageIO;

/** Images as a command line names them: files, folders, or everything that can be trained on. */
final class InputImages {

  private static final Set<String> SUFFIXES = Set.copyOf(List.of(ImageIO.getReaderFileSuffixes()));

  private InputImages() {}

  /** An image in a model's shape, and what it is called. */
  record Named(String name, FloatImage image) {}

  /** Reads all images, or fails at the first that cannot be read. */
  static List<Named> read(List<String> sources, ImageShape shape) throws IOException {
    List<Named> images = new ArrayList<>();
    for (String source : sources) {
      if (isImageFile(source)) {
        float[] values = ImageDecoder.read(Path.of(source), shape);
        images.add(new Named(source, FloatImage.copyOf(shape, values, 0)));
      } else {
        images.addAll(readAll(source, shape));
      }
    }
    return images;
  }

  static List<FloatImage> images(List<Named> named) {
    return named.stream().map(Named::image).toList();
  }

  private static boolean isImageFile(String source) {
    String suffix = source.substring(source.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return SUFFIXES.contains(suffix) && Files.isRegularFile(Path.of(source));
  }

  private static List<Named> readAll(String source, ImageShape shape) throws IOException {
    List<Named> images = new ArrayList<>();
    float[] values = new float[shape.size()];
    try (ImageDataset all = new TrainingImages(source, OptionalInt.empty()).openHeldOut(shape)) {
      for (int i = 0; i < all.size(); i++) {
        all.read(i, values, 0);
        images.add(new Named(all.name(i), FloatImage.copyOf(shape, values, 0)));
      }
    } catch (BrokenImageException e) {
      throw new IOException(e.getMessage(), e);
    }
    return images;
  }
}
