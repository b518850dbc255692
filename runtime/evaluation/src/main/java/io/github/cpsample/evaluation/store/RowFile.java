package io.github.cpsample.evaluation.store;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.statistics.RowSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Rows in a file: little-endian float32 without a header, so that other tools read them too. Rows
 * are appended by one thread and may be read by several. An interrupt of a thread that reads or
 * writes closes the file.
 */
public final class RowFile implements RowSource, Closeable {

  private final Path file;
  private final FileChannel channel;
  private final int width;
  private int size;

  private RowFile(Path file, FileChannel channel, int width) throws IOException {
    this.file = file;
    this.channel = channel;
    this.width = width;
    this.size = Math.toIntExact(channel.size() / bytes(1));
  }

  /**
   * Opens a file, or makes it with its folder. What is torn at its end is cut off by {@link #keep}
   * or the next {@link #append}.
   *
   * @param file its name
   * @param width the length of a row, at least 1
   * @return the rows that are whole
   * @throws IOException if it cannot be opened
   */
  public static RowFile open(Path file, int width) throws IOException {
    Checks.argument(width >= 1, "width", "at least 1 value", width);
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new RowFile(file, channel, width);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Cuts off what comes after some rows.
   *
   * @param rows how many stay, at most {@link #size()}
   * @throws IOException if the file cannot be changed
   */
  public void keep(int rows) throws IOException {
    Checks.argument(rows >= 0 && rows <= size, file, "to keep 0 to " + size + " rows", rows);
    channel.truncate(bytes(rows));
    size = rows;
  }

  /**
   * Writes rows after the last one.
   *
   * @param rows as many values each as {@link #width()}
   * @throws IOException if they cannot be written, as on a full disk; none of them counts then
   */
  public void append(float[]... rows) throws IOException {
    if (rows.length == 0) {
      return;
    }
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(bytes(rows.length))).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      if (row.length != width) {
        throw new IllegalArgumentException(
            file + ": expected rows of " + width + " values, found " + row.length);
      }
      buffer.asFloatBuffer().put(row);
      buffer.position(buffer.position() + row.length * Float.BYTES);
    }
    buffer.flip();
    Appended.write(file, channel, buffer, bytes(size));
    size += rows.length;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void read(int row, float[] target, int offset) {
    if (row < 0 || row >= size) {
      throw new IndexOutOfBoundsException(
          file + ": expected a row below " + size + ", found " + row);
    }
    ByteBuffer buffer = ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      long position = bytes(row);
      while (buffer.hasRemaining()) {
        int read = channel.read(buffer, position + buffer.position());
        if (read < 0) {
          throw new IOException(file + ": expected " + size + " rows, the file ends at " + row);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    buffer.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(target, offset, width);
  }

  /**
   * Has the disk take what was written.
   *
   * @throws IOException if it does not
   */
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private long bytes(int rows) {
    return (long) rows * width * Float.BYTES;
  }
}
