package io.github.cpsample.trainer.training;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.cpsample.files.WholeFile;
import io.github.cpsample.trainer.network.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of one training run: {@code run.json} (what was trained, from what, how it ended),
 * {@code checkpoint.bin} (weights and optimiser) and {@code metrics.jsonl} (one line per logged
 * step). A run in a folder that holds a checkpoint of the same configuration goes on from there.
 *
 * <p>Not thread-safe; one run at a time.
 */
public final class RunFolder {

  private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path folder;
  private final String fingerprint;

  private RunFolder(Path folder, String fingerprint) {
    this.folder = folder;
    this.fingerprint = fingerprint;
  }

  /**
   * Opens a folder for a run, creating it where needed.
   *
   * @param folder the folder
   * @param configuration everything that decides what the run computes; a checkpoint of another
   *     configuration is refused
   * @return the open folder
   * @throws IOException if the folder cannot be made
   */
  static RunFolder open(Path folder, Object configuration) throws IOException {
    Files.createDirectories(folder);
    return new RunFolder(folder, Fingerprints.of(JSON.toJson(configuration)));
  }

  MetricsLog metrics() {
    return new MetricsLog(folder.resolve("metrics.jsonl"));
  }

  void checkpoint(TrainingState state) throws IOException {
    Checkpoint.write(folder.resolve("checkpoint.bin"), fingerprint, state);
  }

  Optional<TrainingState> resume(int size) throws IOException {
    Path file = folder.resolve("checkpoint.bin");
    return Files.exists(file)
        ? Optional.of(Checkpoint.read(file, fingerprint, size))
        : Optional.empty();
  }

  /** The state to begin with: the checkpoint's, or that of fresh weights. */
  TrainingState start(Network network, long seed) throws IOException {
    return start(network, seed, Optional.empty());
  }

  /** The state to begin with: the checkpoint's, or that of given weights, or of fresh ones. */
  TrainingState start(Network network, long seed, Optional<float[]> given) throws IOException {
    Weights layout = Weights.of(network);
    given.ifPresent(layout::requireFit);
    Optional<TrainingState> checkpoint = resume(layout.size());
    return checkpoint.orElseGet(
        () -> TrainingState.start(given.orElseGet(() -> layout.initialize(seed))));
  }

  void describe(Object run) throws IOException {
    byte[] description = JSON.toJson(run).getBytes(StandardCharsets.UTF_8);
    WholeFile.write(folder.resolve("run.json"), out -> out.write(description));
  }

  /**
   * Reads the weights of a finished or interrupted run.
   *
   * @param folder the run's folder
   * @param type what {@code run.json} holds
   * @return the description
   * @throws IOException if there is no such run or its description cannot be read
   */
  static <R> R description(Path folder, Class<R> type) throws IOException {
    Path file = folder.resolve("run.json");
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "Training run " + folder + ": expected a file run.json, found none; train first");
    }
    try {
      return JSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), type);
    } catch (RuntimeException e) {
      throw new IOException(
          "Training run "
              + file
              + " is not readable, expected one of this version: "
              + e.getMessage()
              + "; train again into another folder",
          e);
    }
  }

  static float[] averagedWeights(Path folder, Object configuration, int size) throws IOException {
    return open(folder, configuration)
        .resume(size)
        .orElseThrow(
            () ->
                new IOException(
                    "Training run " + folder + ": expected a file checkpoint.bin, found none"))
        .average();
  }
}
