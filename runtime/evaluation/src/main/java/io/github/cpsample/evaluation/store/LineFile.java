package io.github.cpsample.evaluation.store;

import com.google.gson.Gson;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Records in a file, one line of JSON each, which are appended and read one after the other; memory
 * holds one of them. Used by one thread.
 *
 * @param <T> type of the records, made of records, lists and numbers
 */
public final class LineFile<T> implements Closeable {

  private static final Gson JSON = new Gson();

  private final Path file;
  private final Class<T> type;
  private final FileChannel channel;
  private int size;
  private long end;

  private LineFile(Path file, Class<T> type, FileChannel channel) {
    this.file = file;
    this.type = type;
    this.channel = channel;
  }

  /**
   * Opens a file, or makes it with its folder, and cuts off what is torn at its end.
   *
   * @param file its name
   * @param type of the records
   * @param <T> type of the records
   * @return the records that are whole
   * @throws IOException if it cannot be read or changed
   */
  public static <T> LineFile<T> open(Path file, Class<T> type) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    LineFile<T> lines = new LineFile<>(file, type, channel);
    try {
      lines.keep(Integer.MAX_VALUE);
      return lines;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Cuts off what comes after some records, and after the first one that is not whole.
   *
   * @param most how many stay at most
   * @throws IOException if the file cannot be read or changed
   */
  public void keep(int most) throws IOException {
    int count = 0;
    try (LineReader<T> reader = reader()) {
      while (count < most && reader.next().isPresent()) {
        count++;
      }
      end = reader.position();
    }
    channel.truncate(end);
    size = count;
  }

  /**
   * Writes records after the last one.
   *
   * @param records any number
   * @throws IOException if they cannot be written, as on a full disk
   */
  public void append(List<T> records) throws IOException {
    StringBuilder text = new StringBuilder();
    records.forEach(record -> text.append(JSON.toJson(record)).append('\n'));
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    Appended.write(file, channel, bytes, end);
    end += bytes.limit();
    size += records.size();
  }

  /**
   * Reads the records from the first one on.
   *
   * @return a reader, which the caller closes
   * @throws IOException if the file cannot be read
   */
  public LineReader<T> reader() throws IOException {
    return reader(0);
  }

  /** Reads from a place where a record begins. */
  LineReader<T> reader(long start) throws IOException {
    return new LineReader<>(file, type, start);
  }

  /** Where the next record will begin. */
  long end() {
    return end;
  }

  /**
   * The number of records.
   *
   * @return at least 0
   */
  public int size() {
    return size;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
