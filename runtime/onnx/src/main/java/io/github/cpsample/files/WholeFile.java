package io.github.cpsample.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Writes files under a temporary name in the same folder and gives them their own name when they
 * are whole. What fails leaves neither, and what is killed leaves at most the temporary name.
 * Thread-safe; of two writers of one file the later wins.
 */
public final class WholeFile {

  private static final int BUFFER = 1 << 16;

  private WholeFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes all of it.
     *
     * @param out where to write; buffered, closed by the caller
     * @throws IOException if writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, replacing one of this name. Missing folders are made.
   *
   * @param file its name
   * @param content what it holds
   * @throws IOException if it cannot be written; a file of this name is then unchanged
   */
  public static void write(Path file, Content content) throws IOException {
    write(file, content, WholeFile::create, whole -> {});
  }

  /**
   * Writes a file that is tried before it gets its name.
   *
   * @param file its name
   * @param content what it holds
   * @param check is given the whole file under its temporary name; if it throws, the file is
   *     deleted
   * @throws IOException if it cannot be written; a file of this name is then unchanged
   */
  public static void write(Path file, Content content, Consumer<Path> check) throws IOException {
    write(file, content, WholeFile::create, check);
  }

  /**
   * Writes a file that its owner alone may read, where the file system knows owners; so it is from
   * its first byte on.
   *
   * @param file its name
   * @param content what it holds
   * @throws IOException if it cannot be written; a file of this name is then unchanged
   */
  public static void writePrivate(Path file, Content content) throws IOException {
    write(file, content, WholeFile::createPrivate, whole -> {});
  }

  /** Makes an empty file and opens it. */
  @FunctionalInterface
  private interface Creation {
    OutputStream open(Path temporary) throws IOException;
  }

  private static void write(Path file, Content content, Creation creation, Consumer<Path> check)
      throws IOException {
    Path target = file.toAbsolutePath();
    Files.createDirectories(target.getParent());
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + unique() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(creation.open(temporary), BUFFER)) {
        content.writeTo(out);
      }
      check.accept(temporary);
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Unlike a temporary file of the JDK's it has the permissions of any other new file. */
  private static OutputStream create(Path temporary) throws IOException {
    return Files.newOutputStream(
        temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static OutputStream createPrivate(Path temporary) throws IOException {
    if (!temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return create(temporary);
    }
    return Channels.newOutputStream(
        Files.newByteChannel(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }

  private static String unique() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  /**
   * Moves a file or folder, at once where the file system can.
   *
   * @param from what to move
   * @param to its new name, on the same file system; a file of this name is replaced
   * @throws IOException if it cannot be moved
   */
  public static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
