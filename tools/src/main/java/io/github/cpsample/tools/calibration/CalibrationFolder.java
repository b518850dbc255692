package io.github.cpsample.tools.calibration;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.cpsample.tools.output.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folder of a calibration: {@code settings.json} says of what it is, and {@code batches.jsonl}
 * keeps a line for every finished block, so that a calibration that was interrupted goes on where
 * it stopped. Belongs to one thread; the folder must be used by one calibration at a time.
 */
public final class CalibrationFolder {

  private static final String SETTINGS = "settings.json";
  private static final String BATCHES = "batches.jsonl";
  private static final Gson JSON = new Gson();

  private final Path batches;
  private final Map<Key, BatchResult> finished = new HashMap<>();

  /** Which block. */
  private record Key(Part part, String setting, long firstSeed, int count) {}

  /** A line of the log. */
  private record Line(Part part, String setting, BatchResult batch) {}

  private CalibrationFolder(Path folder) {
    this.batches = folder.resolve(BATCHES);
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
    Path file = folder.resolve(SETTINGS);
    if (Files.exists(file)) {
      requireSame(folder, read(file), new TreeMap<>(settings));
    } else {
      JsonFile.write(file, new TreeMap<>(settings));
    }
    CalibrationFolder opened = new CalibrationFolder(folder);
    opened.readBatches();
    return opened;
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

  /** Reads the log, and cuts off a line that was not finished. */
  private void readBatches() throws IOException {
    if (!Files.exists(batches)) {
      return;
    }
    String text = Files.readString(batches, StandardCharsets.UTF_8);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    for (String line : whole.lines().toList()) {
      Line entry;
      try {
        entry = JSON.fromJson(line, Line.class);
        add(entry);
      } catch (JsonParseException | IllegalArgumentException | NullPointerException e) {
        throw new IOException(
            batches + ": expected a finished block in every line, found a damaged one", e);
      }
    }
    if (whole.length() < text.length()) {
      Files.writeString(batches, whole, StandardCharsets.UTF_8);
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
   * @param laboratory does it
   * @return the same laboratory with a memory
   */
  public Laboratory recording(Laboratory laboratory) {
    return (candidate, part, firstSeed, count) -> {
      String setting = name(candidate);
      BatchResult known = finished.get(new Key(part, setting, firstSeed, count));
      if (known != null) {
        return known;
      }
      Line line = new Line(part, setting, laboratory.sample(candidate, part, firstSeed, count));
      append(line);
      add(line);
      return line.batch();
    };
  }

  private static String name(Optional<Candidate> candidate) {
    return candidate.map(Candidate::text).orElse("unprotected");
  }

  private void append(Line line) throws IOException {
    Files.write(
        batches,
        List.of(JSON.toJson(line)),
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
