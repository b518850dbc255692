package io.github.cpsample.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the time of a network goes, by operator, from ONNX Runtime's profile. Sessions are set up
 * as the library does, except that they write a profile.
 */
final class OperatorProfile {

  private static final double MICROS_PER_SECOND = 1e6;

  private final Manifest manifest;
  private final NoisedBatch batch;
  private final int runs;

  OperatorProfile(Manifest manifest, NoisedBatch batch, int runs) {
    this.manifest = manifest;
    this.batch = batch;
    this.runs = runs;
  }

  /** What one operator took in all runs. */
  private record Cost(long calls, double micros) {

    Cost plus(Cost other) {
      return new Cost(calls + other.calls, micros + other.micros);
    }
  }

  void print(PrintStream out, String name, byte[] network) {
    Map<String, Cost> costs = profile(network);
    double total = costs.values().stream().mapToDouble(Cost::micros).sum();
    MarkdownTable table =
        new MarkdownTable(
            out,
            "Operators of the " + name + ", batch " + batch.rows(),
            "operator",
            "calls per run",
            "ms per run",
            "share");
    costs.entrySet().stream()
        .sorted((a, b) -> Double.compare(b.getValue().micros(), a.getValue().micros()))
        .forEach(
            cost ->
                table.row(
                    cost.getKey(),
                    cost.getValue().calls() / runs,
                    MarkdownTable.millis(cost.getValue().micros() / MICROS_PER_SECOND / runs),
                    MarkdownTable.percent(cost.getValue().micros() / total)));
  }

  private Map<String, Cost> profile(byte[] network) {
    try {
      Path folder = Files.createTempDirectory("cpsample-profile");
      try {
        return read(run(network, folder.resolve("profile")));
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot profile: " + e.getMessage(), e);
    }
  }

  private Path run(byte[] network, Path prefix) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment("cpsample");
    try (SessionOptions options = options(prefix);
        OrtSession session = environment.createSession(network, options)) {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      try {
        for (String input : session.getInputNames()) {
          inputs.put(input, tensor(environment, input));
        }
        for (int i = 0; i < runs; i++) {
          session.run(inputs).close();
        }
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
      return Path.of(session.endProfiling());
    }
  }

  private static SessionOptions options(Path prefix) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(TwoCores.THREADS);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    options.setMemoryPatternOptimization(false);
    options.addConfigEntry("session.force_spinning_stop", "1");
    options.enableProfiling(prefix.toString());
    return options;
  }

  private OnnxTensor tensor(OrtEnvironment environment, String input) throws OrtException {
    int rows = batch.rows();
    ImageShape image = manifest.image();
    String seed = ReverseDifferentiator.seedOf(manifest.classifier().output());
    if (input.equals(seed)) {
      return tensor(environment, batch.cotangents(), rows, manifest.classifier().bits());
    }
    boolean timestep =
        input.equals(manifest.denoiser().timestep())
            || input.equals(manifest.classifier().timestep());
    return timestep
        ? tensor(environment, batch.timesteps(), rows)
        : tensor(
            environment, batch.images(), rows, image.channels(), image.height(), image.width());
  }

  private static OnnxTensor tensor(OrtEnvironment environment, float[] values, long... shape)
      throws OrtException {
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  private static Map<String, Cost> read(Path file) throws IOException {
    Map<String, Cost> costs = new LinkedHashMap<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      for (JsonElement element : JsonParser.parseReader(reader).getAsJsonArray()) {
        JsonObject event = element.getAsJsonObject();
        if (event.get("cat").getAsString().equals("Node")
            && event.get("name").getAsString().endsWith("_kernel_time")) {
          String operator = event.getAsJsonObject("args").get("op_name").getAsString();
          costs.merge(operator, new Cost(1, event.get("dur").getAsDouble()), Cost::plus);
        }
      }
    }
    return costs;
  }
}
