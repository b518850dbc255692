package io.github.cpsample.trainer.export;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.Trained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A trained denoiser from which a fine-tuning begins.
 *
 * @param network its configuration
 * @param weights its averaged weights, flat; shared, not copied
 * @param schedule the noise schedule that it was trained with, where that is known
 * @param prediction what it predicts, where that is known
 */
@SuppressWarnings("ArrayRecordComponent") // a hand-over of megabytes, never compared
public record StartingDenoiser(
    UNetConfig network,
    float[] weights,
    Optional<NoiseScheduleConfig> schedule,
    Optional<PredictionType> prediction) {

  public StartingDenoiser {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(prediction, "prediction");
  }

  static StartingDenoiser of(DenoiserSettings settings, float[] weights) {
    return new StartingDenoiser(
        settings.network(),
        weights,
        Optional.of(settings.schedule()),
        Optional.of(settings.prediction()));
  }

  /**
   * Reads a denoiser from whatever lies at a path: the folder of a run, of a base or of a bundle, a
   * bundle's {@code .zip}, or an ONNX file that {@link NetworkExporter} made, which does not say
   * schedule and prediction.
   *
   * @param path where it is
   * @return the denoiser
   * @throws IOException if there is nothing, or nothing of these, or it cannot be read
   * @throws MalformedModelException if the network was not made by this trainer
   */
  public static StartingDenoiser read(Path path) throws IOException {
    if (Files.exists(path.resolve("run.json"))) {
      Trained<DenoiserRun> run = DenoiserTraining.read(path);
      return of(run.run().settings(), run.weights());
    }
    if (Files.exists(path.resolve(DenoiserBase.RECIPE))) {
      return DenoiserBase.read(path);
    }
    if (Files.exists(path.resolve(Manifest.FILE_NAME)) || hasEnding(path, ".zip")) {
      try (ModelBundle bundle = ModelBundle.open(path)) {
        return of(bundle);
      }
    }
    if (Files.isRegularFile(path)) {
      OnnxModel model = OnnxCodec.read(path);
      return named(path.toString(), model, Optional.empty(), Optional.empty());
    }
    throw new IOException(
        path
            + ": expected the folder of a denoiser's run, of a base or of a bundle, a bundle's .zip"
            + " or an ONNX file, found "
            + (Files.exists(path) ? "a folder of another kind" : "nothing there"));
  }

  /**
   * Reads a bundle's denoiser.
   *
   * @param bundle the bundle; not owned
   * @return the denoiser
   * @throws IOException if its file cannot be read
   * @throws MalformedModelException if the network was not made by this trainer
   */
  public static StartingDenoiser of(ModelBundle bundle) throws IOException {
    Manifest manifest = bundle.manifest();
    String file = manifest.denoiser().file();
    Optional<Path> large = bundle.path(file);
    OnnxModel model =
        large.isPresent() ? OnnxCodec.read(large.get()) : OnnxCodec.read(bundle.file(file));
    return named(
        bundle.source() + ", " + file,
        model,
        Optional.of(manifest.schedule()),
        Optional.of(manifest.denoiser().predictionType()));
  }

  /**
   * The denoiser as a graph, as the trainer exports all.
   *
   * @return a new model
   */
  public OnnxModel toOnnx() {
    return NetworkExporter.export(new UNet(network), weights, "denoiser", "prediction");
  }

  private static StartingDenoiser named(
      String name,
      OnnxModel model,
      Optional<NoiseScheduleConfig> schedule,
      Optional<PredictionType> prediction) {
    try {
      UNetConfig network = NetworkImporter.denoiser(model);
      float[] weights = NetworkImporter.weights(model, new UNet(network));
      return new StartingDenoiser(network, weights, schedule, prediction);
    } catch (MalformedModelException e) {
      throw new MalformedModelException(name + ": " + e.getMessage(), e);
    }
  }

  private static boolean hasEnding(Path path, String ending) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }
}
