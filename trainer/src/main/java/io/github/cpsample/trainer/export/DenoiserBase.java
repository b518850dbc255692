package io.github.cpsample.trainer.export;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.files.WholeFile;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.LearningCurve;
import io.github.cpsample.trainer.training.Trained;
import io.github.cpsample.trainer.training.Weights;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A denoiser to fine-tune, as a folder of two files: {@code denoiser.onnx}, its weights in half
 * precision, and {@code recipe.json}, how it was made. It guards nothing and must not have seen
 * what is to be protected.
 */
public final class DenoiserBase {

  /** The name of the recipe in the folder. */
  public static final String RECIPE = "recipe.json";

  /** The salt of the fingerprint of the training images, in ASCII. */
  public static final String SALT = "cpsample base";

  private static final String DENOISER = "denoiser.onnx";
  private static final int CURVE_POINTS = 50;
  private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

  private DenoiserBase() {}

  /**
   * Writes a trained denoiser as a base.
   *
   * @param run the folder of a denoiser's run
   * @param images what it was trained on; not owned
   * @param broken where broken images are reported
   * @param folder the base's folder, made where missing
   * @return the recipe
   * @throws IOException if the run cannot be read or the folder not be written
   */
  public static BaseRecipe write(Path run, ImageDataset images, BrokenImages broken, Path folder)
      throws IOException {
    Trained<DenoiserRun> trained = DenoiserTraining.read(run);
    byte[] salt = SALT.getBytes(StandardCharsets.US_ASCII);
    UNet network = new UNet(trained.run().settings().network());
    byte[] model = OnnxCodec.toBytes(halved(network, trained.weights()));
    BaseRecipe recipe =
        new BaseRecipe(
            trained.run().settings(),
            trained.run().steps(),
            DatasetFingerprint.of(images, salt, broken),
            sha256(model),
            LearningCurve.read(run, CURVE_POINTS));
    byte[] description = (JSON.toJson(recipe) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.createDirectories(folder);
    WholeFile.write(folder.resolve(DENOISER), out -> out.write(model));
    WholeFile.write(folder.resolve(RECIPE), out -> out.write(description));
    return recipe;
  }

  /**
   * Opens a base.
   *
   * @param folder the base's folder
   * @return the denoiser with its schedule and what it predicts
   * @throws IOException if a file is missing or is not what the recipe says
   */
  public static StartingDenoiser read(Path folder) throws IOException {
    BaseRecipe recipe = recipe(folder);
    Path file = folder.resolve(DENOISER);
    byte[] model = Files.readAllBytes(file);
    if (!sha256(model).equals(recipe.sha256())) {
      throw new IOException(
          file
              + ": expected the file with the hash that "
              + RECIPE
              + " names, found another; take both files from the same place");
    }
    UNet network = new UNet(recipe.settings().network());
    return StartingDenoiser.of(
        recipe.settings(), NetworkImporter.weights(OnnxCodec.read(model), network));
  }

  /**
   * Reads how a base was made.
   *
   * @param folder the base's folder
   * @return the recipe
   * @throws IOException if there is none, or it cannot be read
   */
  public static BaseRecipe recipe(Path folder) throws IOException {
    Path file = folder.resolve(RECIPE);
    try {
      return JSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), BaseRecipe.class);
    } catch (JsonParseException | IllegalArgumentException e) {
      throw new IOException("Base " + file + " is not readable: " + e.getMessage(), e);
    }
  }

  private static OnnxModel halved(Network network, float[] weights) {
    return HalfPrecision.store(
        NetworkExporter.export(network, weights, "denoiser", "prediction"),
        Weights.of(network).values(weights).keySet());
  }

  private static String sha256(byte[] bytes) throws IOException {
    return Manifest.FileEntry.of(new ByteArrayInputStream(bytes)).sha256();
  }

  /**
   * How a base was made; stored as {@code recipe.json}.
   *
   * @param settings what was trained, with the seed
   * @param steps updates
   * @param data fingerprint of the training images under the salt {@link DenoiserBase#SALT}, which
   *     is public: bases are trained on images that everybody may know
   * @param sha256 hash of {@code denoiser.onnx}
   * @param curve loss by step
   */
  public record BaseRecipe(
      DenoiserSettings settings,
      long steps,
      DatasetFingerprint data,
      String sha256,
      List<LearningCurve.LossPoint> curve) {

    public BaseRecipe {
      Objects.requireNonNull(settings, "settings");
      Objects.requireNonNull(data, "data");
      Objects.requireNonNull(sha256, "sha256");
      curve = List.copyOf(curve);
    }
  }
}
