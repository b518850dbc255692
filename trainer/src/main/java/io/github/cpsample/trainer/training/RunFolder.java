package io.github.cpsample.trainer.training;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.cpsample.files.WholeFile;
import io.github.cpsample.trainer.network.Network;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

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

  /**
   * A training state in a file: a magic number, the fingerprint of the run's configuration, the
   * state and a checksum. Written to a temporary name and moved, so a half-written checkpoint never
   * bears the name of a whole one.
   */
  static final class Checkpoint {

    private static final long MAGIC = 0x4350534d434b5031L;

    private Checkpoint() {}

    static void write(Path file, String fingerprint, TrainingState state) throws IOException {
      WholeFile.write(file, out -> write(out, fingerprint, state));
    }

    private static void write(OutputStream target, String fingerprint, TrainingState state)
        throws IOException {
      CRC32 checksum = new CRC32();
      DataOutputStream out = new DataOutputStream(new CheckedOutputStream(target, checksum));
      out.writeLong(MAGIC);
      out.writeUTF(fingerprint);
      out.writeLong(state.step());
      out.writeInt(state.weights().length);
      for (float[] values : arrays(state)) {
        for (float value : values) {
          out.writeFloat(value);
        }
      }
      out.writeLong(checksum.getValue());
      out.flush();
    }

    static TrainingState read(Path file, String fingerprint, int size) throws IOException {
      CRC32 checksum = new CRC32();
      try (DataInputStream in =
          new DataInputStream(
              new CheckedInputStream(
                  new BufferedInputStream(Files.newInputStream(file), 1 << 16), checksum))) {
        check(file, "magic number", MAGIC, in.readLong());
        check(file, "configuration", fingerprint, in.readUTF());
        long step = in.readLong();
        check(file, "number of weights", size, in.readInt());
        float[][] arrays = new float[4][size];
        for (float[] values : arrays) {
          for (int i = 0; i < size; i++) {
            values[i] = in.readFloat();
          }
        }
        long computed = checksum.getValue();
        check(file, "checksum", computed, in.readLong());
        return new TrainingState(step, arrays[0], arrays[1], arrays[2], arrays[3]);
      } catch (EOFException e) {
        throw new IOException("Checkpoint " + file + " is truncated; delete it to start anew", e);
      }
    }

    private static float[][] arrays(TrainingState state) {
      return new float[][] {state.weights(), state.mean(), state.variance(), state.average()};
    }

    private static void check(Path file, String what, Object expected, Object found)
        throws IOException {
      if (!expected.equals(found)) {
        throw new IOException(
            "Checkpoint "
                + file
                + ": expected "
                + what
                + " "
                + expected
                + ", found "
                + found
                + "; delete it to start anew");
      }
    }
  }

  /** Short names for long descriptions, and hashes of weights. */
  static final class Fingerprints {

    private static final int SHORT = 16;

    private Fingerprints() {}

    static String of(String text) {
      byte[] hash = sha256(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, SHORT);
    }

    /** SHA-256 of values as big-endian float32. */
    static String of(float[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
      bytes.asFloatBuffer().put(values);
      return HexFormat.of().formatHex(sha256(bytes.array()));
    }

    private static byte[] sha256(byte[] bytes) {
      try {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every Java platform has SHA-256", e);
      }
    }
  }

  /**
   * Appends one JSON object per line: step, loss, gradNorm, learningRate, imagesPerSecond, repeats.
   */
  static final class MetricsLog implements AutoCloseable {

    private final BufferedWriter out;

    MetricsLog(Path file) {
      try {
        out =
            Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException("Metrics " + file + " cannot be written", e);
      }
    }

    void write(Optimization.StepResult result, double imagesPerSecond, long repeats) {
      JsonObject line = new JsonObject();
      line.addProperty("step", result.step());
      line.addProperty("loss", result.loss());
      line.addProperty("gradNorm", result.gradientNorm());
      line.addProperty("learningRate", result.learningRate());
      line.addProperty("imagesPerSecond", imagesPerSecond);
      line.addProperty("repeats", repeats);
      try {
        out.write(line.toString());
        out.newLine();
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("Metrics cannot be written", e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Metrics cannot be written", e);
      }
    }
  }
}
