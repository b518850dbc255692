package io.github.cpsample.trainer.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The published files of Fashion-MNIST, which are not part of the project. */
public final class PublishedFashionMnist {

  /** The images of the published training set. */
  public static final String TRAINING = "train-images-idx3-ubyte.gz";

  private PublishedFashionMnist() {}

  /** The folder with the files, where a folder above has them in {@code shared/data}. */
  public static Optional<Path> folder() {
    return Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
        .map(path -> path.resolve("shared").resolve("data"))
        .filter(path -> Files.exists(path.resolve(TRAINING)))
        .findFirst();
  }
}
