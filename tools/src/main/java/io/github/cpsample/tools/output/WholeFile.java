package io.github.cpsample.tools.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes files under a temporary name in the same folder and gives them their own name when they
 * are whole. What is interrupted or fails leaves neither.
 */
public final class WholeFile {

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

  /** Writes a file at a path. */
  @FunctionalInterface
  public interface Writer {

    /**
     * Writes all of it.
     *
     * @param temporary where to write
     * @throws Exception if writing fails
     */
    void write(Path temporary) throws Exception;
  }

  /**
   * Writes a file, replacing one of this name. Missing folders are made.
   *
   * @param file its name
   * @param content what it holds
   * @throws IOException if it cannot be written; a file of this name is then unchanged
   */
  public static void write(Path file, Content content) throws IOException {
    Path temporary = temporary(file);
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
        content.writeTo(out);
      }
      publish(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Lets another class write a file, replacing one of this name. Missing folders are made.
   *
   * @param file its name
   * @param writer writes to the path it is given
   * @throws Exception if it cannot be written; a file of this name is then unchanged
   */
  public static void writeBy(Path file, Writer writer) throws Exception {
    Path temporary = temporary(file);
    try {
      writer.write(temporary);
      publish(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static Path temporary(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    return absolute.resolveSibling(absolute.getFileName() + ".part");
  }

  private static void publish(Path temporary, Path file) throws IOException {
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
