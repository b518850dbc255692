package io.github.cpsample.evaluation.store;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The results of stages, each in a file of its own that is written when the stage is over: a stage
 * is computed once, however often its audit is interrupted. Numbers come back as they were.
 */
public final class FinishedStages {

  private static final Gson JSON = new Gson();

  private static final String SUFFIX = ".json";

  private final Path folder;

  /**
   * Computes what a stage is about.
   *
   * @param <T> type of the results
   */
  @FunctionalInterface
  public interface Stage<T> {

    /**
     * Does the work.
     *
     * @return its results, made of records, lists, maps and numbers
     * @throws IOException if a file cannot be read or written
     */
    T compute() throws IOException;
  }

  /**
   * The stages of some work.
   *
   * @param folder where the results are, made when the first stage is over
   */
  public FinishedStages(Path folder) {
    this.folder = folder;
  }

  /**
   * The results of a stage.
   *
   * @param name of the stage and its file
   * @param type of the results
   * @param stage computes them where they are not there yet
   * @param <T> type of the results
   * @return the results
   * @throws IOException if they cannot be computed, written or read
   */
  public <T> T once(String name, TypeToken<T> type, Stage<T> stage) throws IOException {
    Path file = folder.resolve(name + SUFFIX);
    if (!Files.exists(file)) {
      T results = stage.compute();
      JsonFile.write(file, results);
      return results;
    }
    return JSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), type);
  }

  /**
   * The stages that are over.
   *
   * @return their names, in alphabetical order
   * @throws IOException if the folder cannot be read
   */
  public List<String> names() throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }
}
