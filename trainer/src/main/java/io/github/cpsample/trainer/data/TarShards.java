package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * The images in tar files, as WebDataset packs them: an image and, if there are classes, a file
 * {@code .cls} with its number, both of one name up to the first dot. Opening reads the headers of
 * all files; an image is read and decoded each time it is asked for, so the files may exceed memory
 * by far. The order is that of the names of the tar files, and within one the file's own.
 *
 * <p>Either every image has a class or none has. Whether an image is broken shows when it is read.
 */
public final class TarShards implements ImageDataset {

  private static final String SUFFIX = ".tar";
  private static final String CLASS_SUFFIX = ".cls";
  private static final int LONGEST_CLASS = 32;
  private static final int BLOCK = 512;

  private final ImageShape shape;
  private final List<Path> files;
  private final List<ByteSource> sources;
  private final List<Member> images;
  private final int[] labels;

  /** A file within a tar file. */
  private record Member(int file, String name, long offset, long length) {

    /** What an image and its class have in common. */
    String key() {
      int folder = name.lastIndexOf('/') + 1;
      int dot = name.indexOf('.', folder);
      return file + ":" + (dot < 0 ? name : name.substring(0, dot));
    }
  }

  private TarShards(
      ImageShape shape,
      List<Path> files,
      List<ByteSource> sources,
      List<Member> images,
      int[] labels) {
    this.shape = shape;
    this.files = files;
    this.sources = sources;
    this.images = images;
    this.labels = labels;
  }

  /**
   * Opens a tar file, or all of them in a folder.
   *
   * @param path a file {@code *.tar}, or a folder with at least one, in which subfolders are not
   *     looked at
   * @param shape that images shall have: they are centre-cropped to its aspect and scaled
   * @return the data set, to be closed
   * @throws DataException if a file cannot be read or is no tar file, there is no image, or some
   *     images have a class and others have none
   */
  public static TarShards open(Path path, ImageShape shape) {
    Objects.requireNonNull(shape, "shape");
    List<Path> files = files(path);
    List<ByteSource> sources = new ArrayList<>();
    try {
      List<Member> images = new ArrayList<>();
      Map<String, Integer> classes = new HashMap<>();
      for (int i = 0; i < files.size(); i++) {
        sources.add(new ByteSource.OnDisk(files.get(i)));
        index(files.get(i), i, sources.get(i), images, classes);
      }
      if (images.isEmpty()) {
        throw new DataException(path + ": expected images in " + files + ", found none");
      }
      return new TarShards(shape, files, sources, images, labels(files, images, classes));
    } catch (IOException e) {
      sources.forEach(ByteSource::close);
      throw new DataException(path + ": expected tar files: " + e, e);
    } catch (RuntimeException e) {
      sources.forEach(ByteSource::close);
      throw e;
    }
  }

  /** Whether a file's name says that it is one. */
  static boolean isShard(Path file) {
    return file.getFileName().toString().endsWith(SUFFIX);
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(TarShards::isShard).sorted().toList();
    } catch (IOException e) {
      throw new DataException(path + ": cannot be listed: " + e, e);
    }
  }

  private static void index(
      Path path, int file, ByteSource source, List<Member> images, Map<String, Integer> classes)
      throws IOException {
    long end = 0;
    try (TarFile tar = new TarFile(path)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        long blocks = (entry.getSize() + BLOCK - 1) / BLOCK;
        end = Math.max(end, entry.getDataOffset() + blocks * BLOCK);
        if (!entry.isFile() || entry.isSparse()) {
          continue;
        }
        Member member = new Member(file, entry.getName(), entry.getDataOffset(), entry.getSize());
        if (FolderScan.isImage(Path.of(entry.getName()))) {
          images.add(member);
        } else if (entry.getName().endsWith(CLASS_SUFFIX)) {
          classes.put(member.key(), number(path, member, source));
        }
      }
    }
    // A block of zeros follows the last file; without it there may have been others.
    if (source.length() < end + BLOCK) {
      throw new DataException(
          path
              + ": expected the mark of its end at byte "
              + end
              + ", found the end of the file at "
              + source.length()
              + "; it was truncated");
    }
  }

  private static int number(Path path, Member member, ByteSource source) throws IOException {
    String text = "a file of " + member.length() + " bytes";
    if (member.length() <= LONGEST_CLASS) {
      byte[] bytes = new byte[(int) member.length()];
      source.read(member.offset(), bytes);
      text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (text.matches("\\d{1,9}")) {
        return Integer.parseInt(text);
      }
    }
    throw new DataException(
        path + ", " + member.name() + ": expected the number of a class, found " + text);
  }

  private static int[] labels(List<Path> files, List<Member> images, Map<String, Integer> classes) {
    if (classes.isEmpty()) {
      return new int[0];
    }
    int[] labels = new int[images.size()];
    for (int i = 0; i < labels.length; i++) {
      Member image = images.get(i);
      Integer label = classes.get(image.key());
      if (label == null) {
        throw new DataException(
            files.get(image.file())
                + ", "
                + image.name()
                + ": expected a class, as other images have, found no file "
                + CLASS_SUFFIX
                + " of its name");
      }
      labels[i] = label;
    }
    return labels;
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String name(int index) {
    Member image = images.get(index);
    return files.get(image.file()) + ", " + image.name();
  }

  @Override
  public void read(int index, float[] target, int offset) throws BrokenImageException {
    Member image = images.get(index);
    Objects.checkFromIndexSize(offset, shape.size(), target.length);
    if (image.length() > ByteSource.MAX_HELD) {
      throw new BrokenImageException(name(index), "it has " + image.length() + " bytes", null);
    }
    byte[] bytes = new byte[(int) image.length()];
    try {
      sources.get(image.file()).read(image.offset(), bytes);
    } catch (IOException e) {
      throw new DataException(name(index) + " cannot be read: " + e, e);
    }
    try {
      float[] values = ImageDecoder.read("image", bytes, shape, Integer.MAX_VALUE);
      System.arraycopy(values, 0, target, offset, values.length);
    } catch (IOException e) {
      throw new BrokenImageException(name(index), String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public OptionalInt label(int index) {
    Objects.checkIndex(index, size());
    return labels.length == 0 ? OptionalInt.empty() : OptionalInt.of(labels[index]);
  }

  @Override
  public void close() {
    sources.forEach(ByteSource::close);
  }
}
