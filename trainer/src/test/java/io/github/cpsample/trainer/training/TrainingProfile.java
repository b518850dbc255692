package io.github.cpsample.trainer.training;

import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.ShapeOps;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.Optimization.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Prints what docs/guide/training.md says of speed: images per second of both networks of the
 * build, and the share of step time in convolutions. Run by hand on a quiet machine; no test.
 */
final class TrainingProfile {

  private static final int WARM_UP = 20;
  private static final int STEPS = 100;
  private static final int PROFILED = 10;
  private static final Set<String> CONVOLUTIONS =
      Set.of("aten::conv2d", "aten::convolution_backward");

  private TrainingProfile() {}

  public static void main(String[] arguments) throws IOException {
    var schedule = NoiseScheduleConfig.linear(1000, 1e-4, 0.02).create();
    UNet denoiser =
        new UNet(new UNetConfig(1, 28, 28, 2, List.of(32, 64), 1, List.of(7), 128, 8, 0));
    MemorizingClassifier classifier =
        new MemorizingClassifier(new ClassifierConfig(1, 28, 28, 2, List.of(32, 64), 1, 64, 32));
    BrokenImages broken = new BrokenImages(fault -> {});
    try (ImageDataset images = BundledFashionMnist.trainingImages(32);
        Objective noise =
            new DenoiserTraining.DenoiserObjective(
                new DenoiserTraining.DenoiserDraws(
                    new BatchLoader(images, BatchSettings.of(32, 1), broken, 0), Optional.empty()),
                schedule,
                PredictionType.EPSILON,
                1);
        Objective bits =
            new ClassifierObjective(
                new BatchLoader(
                    images,
                    BatchSettings.of(64, 1).withCode(new MemorizationCode(new byte[] {1}, 32)),
                    broken,
                    0),
                schedule,
                new Background(0.5, 0.45, 0.65),
                1)) {
      print("denoiser", denoiser, noise);
      print("classifier", classifier, bits);
    }
  }

  private static void print(String name, Network network, Objective objective) throws IOException {
    OptimizerConfig optimizer =
        new OptimizerConfig(1e-3f, 0, OptimizerConfig.Decay.CONSTANT, 0, 1, 0.99f);
    TrainingState start = TrainingState.start(Weights.of(network).initialize(1));
    try (Optimization optimization =
        new Optimization(new Run(network, objective, optimizer, 10_000), start)) {
      int batch = 0;
      for (int i = 0; i < WARM_UP; i++) {
        batch = optimization.step().count();
      }
      long begin = System.nanoTime();
      for (int i = 0; i < STEPS; i++) {
        optimization.step();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      long multiplications = ShapeOps.describe(network).multiplications();
      System.out.printf(
          Locale.ROOT,
          "%s: %d parameters, %.1f million multiplications per image, %.0f images/s, %.1f ms per"
              + " step of %d, %.0f GFLOP/s, convolutions %.0f %% of the step, %d repeated%n",
          name,
          Weights.of(network).size(),
          multiplications / 1e6,
          STEPS * batch / seconds,
          1e3 * seconds / STEPS,
          batch,
          6.0 * multiplications * STEPS * batch / seconds / 1e9,
          100 * convolutionShare(optimization),
          optimization.repeats());
    }
  }

  /** libtorch's own profiler: time inside convolutions over wall-clock time. */
  private static double convolutionShare(Optimization optimization) throws IOException {
    Path trace = Files.createTempFile("profile", ".json");
    try {
      JniUtils.startProfile(false, true, false);
      long begin = System.nanoTime();
      for (int i = 0; i < PROFILED; i++) {
        optimization.step();
      }
      double wall = (System.nanoTime() - begin) / 1e3;
      JniUtils.stopProfile(trace.toString());
      return convolutionMicros(trace) / wall;
    } finally {
      Files.delete(trace);
    }
  }

  private static double convolutionMicros(Path trace) throws IOException {
    JsonElement json = JsonParser.parseString(Files.readString(trace));
    JsonArray events =
        json.isJsonArray()
            ? json.getAsJsonArray()
            : json.getAsJsonObject().getAsJsonArray("traceEvents");
    double sum = 0;
    for (JsonElement element : events) {
      JsonObject event = element.getAsJsonObject();
      if (event.has("dur") && CONVOLUTIONS.contains(event.get("name").getAsString())) {
        sum += event.get("dur").getAsDouble();
      }
    }
    return sum;
  }
}
