package io.github.cpsample.tools.audit.store;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
    int[] count = {0};
    long end =
        scan(
            record -> {
              if (count[0] == most) {
                return false;
              }
              count[0]++;
              return true;
            });
    channel.truncate(end);
    channel.position(end);
    size = count[0];
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
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    size += records.size();
  }

  /**
   * Reads the records in order.
   *
   * @param reader is given each, and says whether it wants the next one
   * @throws IOException if the file cannot be read
   */
  public void read(Predicate<T> reader) throws IOException {
    scan(reader);
  }

  /**
   * The number of records.
   *
   * @return at least 0
   */
  public int size() {
    return size;
  }

  /** Reads whole records as long as the reader wants; returns where the last wanted one ends. */
  private long scan(Predicate<T> reader) throws IOException {
    long end = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next != '\n') {
          line.write(next);
          continue;
        }
        Optional<T> record = parse(line.toString(StandardCharsets.UTF_8));
        if (record.isEmpty() || !reader.test(record.get())) {
          break;
        }
        end += line.size() + 1L;
        line.reset();
      }
    }
    return end;
  }

  private Optional<T> parse(String line) {
    try {
      return Optional.ofNullable(JSON.fromJson(line, type));
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
