package io.github.cpsample.evaluation.calibration;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.store.FolderLock;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.evaluation.store.LineFile;
import io.github.cpsample.evaluation.store.LineReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folder of a calibration: {@code settings.json} says of what it is, and {@code batches.jsonl}
 * keeps a line for every finished block, so that a calibration that was interrupted goes on where
 * it stopped. Belongs to one thread; of two calibrations in one folder the second is refused.
 */
public final class CalibrationFolder implements Closeable {

  private static final String SETTINGS = "settings.json";
  private static final String BATCHES = "batches.jsonl";
  private static final String FORMAT = "format of the results";
  private static final String PRESENT_FORMAT = "2";

  private final FolderLock lock;
  private final LineFile<Line> batches;
  private final Map<Key, BatchResult> finished = new HashMap<>();

  /** Which block. */
  private record Key(Part part, String setting, long firstSeed, int count) {}

  /** A line of the log. */
  private record Line(Part part, String setting, BatchResult batch) {}

  private CalibrationFolder(FolderLock lock, LineFile<Line> batches) {
    this.lock = lock;
    this.batches = batches;
  }

  /**
   * Opens a folder, or begins one.
   *
   * @param folder made where missing
   * @param settings everything that the results depend on, in words, by name
   * @return the folder with the blocks that were finished
   * @throws IOException if it holds a calibration of other settings, naming the difference, or
   *     cannot be read or written
   */
  public static CalibrationFolder open(Path folder, Map<String, String> settings)
      throws IOException {
    Files.createDirectories(folder);
    FolderLock lock = FolderLock.take(folder, "calibration", "--work");
    Map<String, String> all = new TreeMap<>(settings);
    all.put(FORMAT, PRESENT_FORMAT);
    try {
      Path file = folder.resolve(SETTINGS);
      if (Files.exists(file)) {
        requireSame(folder, read(file), all);
      } else {
        JsonFile.write(file, all);
      }
      return open(lock, folder.resolve(BATCHES));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static CalibrationFolder open(FolderLock lock, Path file) throws IOException {
    LineFile<Line> batches = LineFile.open(file, Line.class);
    CalibrationFolder opened = new CalibrationFolder(lock, batches);
    try (LineReader<Line> reader = batches.reader()) {
      for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
        opened.add(line.get());
      }
      return opened;
    } catch (NullPointerException e) {
      batches.close();
      throw new IOException(
          file + ": expected a finished block in every line, found a damaged one", e);
    } catch (IOException | RuntimeException e) {
      batches.close();
      throw e;
    }
  }

  private static Map<String, String> read(Path file) throws IOException {
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      Map<String, String> settings = new TreeMap<>();
      json.entrySet()
          .forEach(field -> settings.put(field.getKey(), field.getValue().getAsString()));
      return settings;
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException(
          file + ": expected the settings of a calibration, found something else", e);
    }
  }

  private static void requireSame(Path folder, Map<String, String> before, Map<String, String> now)
      throws IOException {
    Map<String, String> names = new TreeMap<>(before);
    names.putAll(now);
    for (String name : names.keySet()) {
      if (!Objects.equals(before.get(name), now.get(name))) {
        throw new IOException(
            folder
                + ": expected a calibration whose "
                + name
                + " is "
                + now.get(name)
                + ", found one with "
                + before.get(name)
                + "; give the same options to go on with it, or another --work to begin anew");
      }
    }
  }

  private void add(Line line) {
    BatchResult batch = line.batch();
    Key key = new Key(line.part(), line.setting(), batch.firstSeed(), batch.images().size());
    finished.put(key, batch);
  }

  /**
   * How many blocks are finished.
   *
   * @return at least 0
   */
  public int finishedBlocks() {
    return finished.size();
  }

  /**
   * Work that is done once: what is finished is read, what is not is done and kept.
   *
   * @param sampler does it
   * @return the same sampler with a memory
   */
  public BatchSampler recording(BatchSampler sampler) {
    return (candidate, part, firstSeed, count) -> {
      String setting = name(candidate);
      BatchResult known = finished.get(new Key(part, setting, firstSeed, count));
      if (known != null) {
        return known;
      }
      Line line = new Line(part, setting, sampler.sample(candidate, part, firstSeed, count));
      batches.append(List.of(line));
      add(line);
      return line.batch();
    };
  }

  private static String name(Optional<Candidate> candidate) {
    return candidate.map(Candidate::text).orElse("unprotected");
  }

  @Override
  public void close() throws IOException {
    try (lock;
        batches) {
      // Closing is all there is to do.
    }
  }
}
