package io.github.cpsample.evaluation.store;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads records, one line of JSON each, one after the other. Used by one thread.
 *
 * @param <T> type of the records
 */
public final class LineReader<T> implements Closeable {

  private static final Gson JSON = new Gson();

  private final InputStream in;
  private final Class<T> type;
  private long position;

  LineReader(Path file, Class<T> type, long start) throws IOException {
    this.in = new BufferedInputStream(Files.newInputStream(file));
    this.type = type;
    this.position = start;
    try {
      in.skipNBytes(start);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The next record.
   *
   * @return empty after the last one, and for one that is not whole
   * @throws IOException if the file cannot be read
   */
  public Optional<T> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    Optional<T> record = next < 0 ? Optional.empty() : parse(line.toString(StandardCharsets.UTF_8));
    if (record.isPresent()) {
      position += line.size() + 1L;
    }
    return record;
  }

  private Optional<T> parse(String line) {
    try {
      return Optional.ofNullable(JSON.fromJson(line, type));
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  /** Where the last whole record ends, in bytes. */
  long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
