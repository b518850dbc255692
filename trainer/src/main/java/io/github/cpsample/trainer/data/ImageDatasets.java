package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens a data set of any kind by looking at what lies at a path. */
public final class ImageDatasets {

  private static final String EXPECTED =
      "expected a folder of images, a tar file (*.tar) or a CIFAR-10 binary file (*.bin) or a folder"
          + " of them, or an IDX file of images (plain or .gz)";

  private ImageDatasets() {}

  /**
   * Opens what lies at a path.
   *
   * <ul>
   *   <li>A folder with images in it or below it: {@link ImageFolder}.
   *   <li>A folder without images but with files {@code *.bin}: {@link Cifar10Binary}.
   *   <li>A file {@code *.tar}, or a folder with such files and no images: {@link TarShards}.
   *   <li>A file {@code *.bin} or {@code *.bin.gz}: {@link Cifar10Binary}.
   *   <li>A file that begins as an IDX file of images or has {@code idx} in its name, gzipped or
   *       not: {@link IdxImages}, with the labels beside it if they are there.
   * </ul>
   *
   * @param path of a file or a folder
   * @param shape that images shall have
   * @return the data set, to be closed
   * @throws DataException if there is nothing, or nothing of these, or it cannot be used
   */
  public static ImageDataset open(Path path, ImageShape shape) {
    if (Files.isDirectory(path)) {
      return openFolder(path, shape);
    }
    if (!Files.exists(path)) {
      throw new DataException(path + ": " + EXPECTED + ", found nothing there");
    }
    if (TarShards.isShard(path)) {
      return TarShards.open(path, shape);
    }
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".bin") || name.endsWith(".bin.gz")) {
      return Cifar10Binary.open(path, shape);
    }
    if (name.contains("idx") || beginsAsIdx(path)) {
      return IdxImages.open(path, shape);
    }
    throw new DataException(path + ": " + EXPECTED + ", found a file of another kind");
  }

  private static ImageDataset openFolder(Path folder, ImageShape shape) {
    FolderScan scan = FolderScan.of(folder);
    if (!scan.images().isEmpty()) {
      return ImageFolder.of(folder, shape, scan);
    }
    if (scan.otherFiles().stream()
        .anyMatch(file -> folder.equals(file.getParent()) && TarShards.isShard(file))) {
      return TarShards.open(folder, shape);
    }
    boolean binaries =
        scan.otherFiles().stream()
            .anyMatch(file -> folder.equals(file.getParent()) && file.toString().endsWith(".bin"));
    if (binaries) {
      return Cifar10Binary.open(folder, shape);
    }
    throw new DataException(folder + ": " + EXPECTED + ", found " + scan.withoutImages());
  }

  private static boolean beginsAsIdx(Path file) {
    try {
      return IdxFile.hasImageMagic(file);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e, e);
    }
  }
}
