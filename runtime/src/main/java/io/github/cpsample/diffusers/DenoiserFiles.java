package io.github.cpsample.diffusers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a denoiser that was made elsewhere.
 *
 * @param model the ONNX model
 * @param scheduler its scheduler_config.json, if the folder has one
 * @param network the network's config.json, if the folder has one
 */
public record DenoiserFiles(Path model, Optional<Path> scheduler, Optional<Path> network) {
  private static final String MODEL = "model.onnx";

  /**
   * Finds the files.
   *
   * @param path a folder as diffusers and Optimum write it ({@code model_index.json}, {@code
   *     unet/model.onnx}, {@code scheduler/scheduler_config.json}), or an {@code .onnx} file
   * @return the files
   * @throws IllegalArgumentException if there is no denoiser, naming what was looked for
   */
  public static DenoiserFiles of(Path path) {
    if (Files.isRegularFile(path)) {
      return new DenoiserFiles(path, Optional.empty(), present(path.resolveSibling("config.json")));
    }
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "denoiser "
              + path
              + ": expected an .onnx file, or a folder with unet/"
              + MODEL
              + ", found nothing");
    }
    Path model = path.resolve("unet").resolve(MODEL);
    if (!Files.isRegularFile(model)) {
      throw new IllegalArgumentException(
          "denoiser "
              + path
              + ": expected a file unet/"
              + MODEL
              + " in this folder, found "
              + (Files.isDirectory(path.resolve("transformer"))
                  ? "a transformer, which is sampled by flow matching: only diffusion models with"
                      + " a noise schedule can be protected"
                  : "none; export the model with Optimum, or give the path of its .onnx file"));
    }
    return new DenoiserFiles(
        model,
        present(path.resolve("scheduler").resolve("scheduler_config.json")),
        present(model.resolveSibling("config.json")));
  }

  private static Optional<Path> present(Path file) {
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }
}
