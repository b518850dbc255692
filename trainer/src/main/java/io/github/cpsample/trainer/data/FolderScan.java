package io.github.cpsample.trainer.data;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;

/**
 * What a folder and its subfolders hold. Every entry is in exactly one of the lists, so that
 * nothing is dropped silently. Symbolic links are followed.
 *
 * @param images files whose name ends like an image format that can be read here, sorted by their
 *     path below the folder, its parts joined by slashes, so alike on every system
 * @param otherFiles files that are no images by their name
 * @param hidden hidden files and folders (what is in such a folder is not looked at)
 * @param unreadable files and folders that could not be looked at, and links that lead nowhere or
 *     in a circle
 */
public record FolderScan(
    List<Path> images, List<Path> otherFiles, List<Path> hidden, List<Path> unreadable) {

  private static final Set<String> SUFFIXES =
      Arrays.stream(ImageIO.getReaderFileSuffixes())
          .map(suffix -> suffix.toLowerCase(Locale.ROOT))
          .filter(suffix -> !suffix.isEmpty())
          .collect(Collectors.toUnmodifiableSet());

  private static final int NAMED = 5;

  public FolderScan {
    images = List.copyOf(images);
    otherFiles = List.copyOf(otherFiles);
    hidden = List.copyOf(hidden);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Walks through a folder.
   *
   * @param folder where to begin
   * @return what is there
   * @throws DataException if it is no folder or cannot be listed
   */
  public static FolderScan of(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(folder + ": expected a folder of images, found none there");
    }
    Walker walker = new Walker(folder);
    try {
      Files.walkFileTree(
          folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walker);
    } catch (IOException e) {
      throw new DataException(folder + ": cannot be listed: " + e, e);
    }
    walker.images.sort(Comparator.comparing(file -> relativeName(folder, file)));
    return new FolderScan(walker.images, walker.otherFiles, walker.hidden, walker.unreadable);
  }

  /**
   * What was passed over, for a log or the terminal.
   *
   * @return one clause that counts and names files, empty if nothing was passed over
   */
  public String passedOver() {
    List<String> parts = new ArrayList<>();
    addPart(parts, "that are no images by their names", otherFiles);
    addPart(parts, "that are hidden", hidden);
    addPart(parts, "that cannot be looked at", unreadable);
    return String.join("; ", parts);
  }

  /** What a folder without images has instead, as the end of a sentence. */
  String withoutImages() {
    String passedOver = passedOver();
    return passedOver.isEmpty() ? "an empty folder" : "only files and folders: " + passedOver;
  }

  private static void addPart(List<String> parts, String what, List<Path> paths) {
    if (!paths.isEmpty()) {
      String names =
          paths.stream().limit(NAMED).map(Path::toString).collect(Collectors.joining(", "));
      parts.add(
          paths.size() + " " + what + " (" + names + (paths.size() > NAMED ? ", ..." : "") + ")");
    }
  }

  static String relativeName(Path folder, Path file) {
    return StreamSupport.stream(folder.relativize(file).spliterator(), false)
        .map(Path::toString)
        .collect(Collectors.joining("/"));
  }

  /** Whether a file is an image by its name. */
  static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot >= 0 && SUFFIXES.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private static final class Walker extends SimpleFileVisitor<Path> {

    private final Path root;
    private final List<Path> images = new ArrayList<>();
    private final List<Path> otherFiles = new ArrayList<>();
    private final List<Path> hidden = new ArrayList<>();
    private final List<Path> unreadable = new ArrayList<>();

    Walker(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (!folder.equals(root) && isHidden(folder)) {
        hidden.add(folder);
        return FileVisitResult.SKIP_SUBTREE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (isHidden(file)) {
        hidden.add(file);
      } else if (!attributes.isRegularFile()) {
        unreadable.add(file);
      } else {
        (isImage(file) ? images : otherFiles).add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
      if (file.equals(root)) {
        throw fault;
      }
      unreadable.add(file);
      return FileVisitResult.CONTINUE;
    }

    /**
     * As a name says on Unix, so that a data set is the same on every system; and as Windows says.
     */
    private static boolean isHidden(Path path) throws IOException {
      return path.getFileName().toString().startsWith(".") || Files.isHidden(path);
    }
  }
}
