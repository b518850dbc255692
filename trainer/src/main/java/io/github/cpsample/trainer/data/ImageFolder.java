package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The images in a folder and its subfolders, in any format that ImageIO or TwelveMonkeys reads.
 * They are decoded each time they are read, so they may exceed memory; nothing stays open in
 * between.
 *
 * <p>Where every image lies in a subfolder, the first-level subfolders are the classes, numbered by
 * their names. Otherwise there are none. Whether an image is broken shows when it is read.
 */
public final class ImageFolder implements ImageDataset {

  private final ImageShape shape;
  private final FolderScan scan;
  private final List<String> classNames;
  private final int[] labels;

  private ImageFolder(Path folder, ImageShape shape, FolderScan scan) {
    this.shape = shape;
    this.scan = scan;
    List<String> classes =
        scan.images().stream()
            .map(file -> folder.relativize(file))
            .map(file -> file.getNameCount() > 1 ? file.getName(0).toString() : "")
            .toList();
    boolean labelled = !classes.contains("");
    this.classNames = labelled ? List.copyOf(new TreeSet<>(classes)) : List.of();
    this.labels = labelled ? classes.stream().mapToInt(classNames::indexOf).toArray() : new int[0];
  }

  /**
   * Looks through a folder.
   *
   * @param folder with at least one image in it or in a subfolder
   * @param shape that images shall have: they are centre-cropped to its aspect and scaled
   * @return the data set
   * @throws DataException if it is no folder, cannot be listed, or has no image; the message then
   *     tells what it has
   */
  public static ImageFolder open(Path folder, ImageShape shape) {
    return of(folder, shape, FolderScan.of(folder));
  }

  static ImageFolder of(Path folder, ImageShape shape, FolderScan scan) {
    Objects.requireNonNull(shape, "shape");
    if (scan.images().isEmpty()) {
      throw new DataException(
          folder + ": expected images in it or in its subfolders, found " + scan.withoutImages());
    }
    return new ImageFolder(folder, shape, scan);
  }

  /**
   * What the folder holds besides images, to be told to the user.
   *
   * @return the scan made when it was opened
   */
  public FolderScan scan() {
    return scan;
  }

  /**
   * The classes.
   *
   * @return the names of the first-level subfolders by label, empty where the images have no labels
   */
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int size() {
    return scan.images().size();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String name(int index) {
    return scan.images().get(index).toString();
  }

  @Override
  public void read(int index, float[] target, int offset) throws BrokenImageException {
    Path file = scan.images().get(index);
    Objects.checkFromIndexSize(offset, shape.size(), target.length);
    try {
      float[] image = ImageDecoder.read(file, shape);
      System.arraycopy(image, 0, target, offset, image.length);
    } catch (IOException e) {
      throw new BrokenImageException(file.toString(), reason(file, e), e);
    }
  }

  /** What the decoder says, without the path that it begins with as a rule. */
  private static String reason(Path file, IOException fault) {
    String message = fault.toString();
    String path = file + ": ";
    int at = message.indexOf(path);
    return at < 0 ? message : message.substring(at + path.length());
  }

  @Override
  public OptionalInt label(int index) {
    Objects.checkIndex(index, size());
    return labels.length == 0 ? OptionalInt.empty() : OptionalInt.of(labels[index]);
  }
}
