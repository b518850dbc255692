package io.github.cpsample.diffusers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a denoiser that was made elsewhere.
 *
 * @param model the ONNX model
 * @param scheduler its scheduler_config.json, if the folder has one
 * @param network the network's config.json, if the folder has one
 */
public record DenoiserFiles(Path model, Optional<Path> scheduler, Optional<Path> network) {
  private static final String MODEL = "model.onnx";
  private static final List<String> WEIGHTS =
      List.of(".safetensors", ".pth", ".pt", ".ckpt", ".bin");
  private static final String EXPORT =
      "weights without their network, which cannot be run; export the network to ONNX, in Python"
          + " for instance: torch.onnx.export(unet, (torch.zeros(1, 3, 64, 64), torch.tensor([0])),"
          + " 'model.onnx', input_names=['sample', 'timestep'], output_names=['out_sample'],"
          + " dynamic_axes={name: {0: 'batch'} for name in ('sample', 'timestep', 'out_sample')})"
          + " with its own size of images, or for a text-to-image pipeline: optimum-cli export onnx"
          + " --model PIPELINE OUT; docs/guide/third-party.md has the whole script";

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
      if (isWeights(path)) {
        throw new IllegalArgumentException(
            "denoiser " + path + ": expected an .onnx file, found " + EXPORT);
      }
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
                  : weightsIn(path)
                      .map(file -> file + ", which is " + EXPORT)
                      .orElse(
                          "none; export the model with Optimum, or give the path of its .onnx"
                              + " file")));
    }
    return new DenoiserFiles(
        model,
        present(path.resolve("scheduler").resolve("scheduler_config.json")),
        present(model.resolveSibling("config.json")));
  }

  private static boolean isWeights(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return WEIGHTS.stream().anyMatch(name::endsWith);
  }

  private static Optional<String> weightsIn(Path folder) {
    return Stream.of(folder.resolve("unet"), folder)
        .filter(Files::isDirectory)
        .flatMap(place -> weights(place).stream())
        .map(file -> folder.relativize(file).toString().replace('\\', '/'))
        .findFirst();
  }

  private static List<Path> weights(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(DenoiserFiles::isWeights).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read: " + e, e);
    }
  }

  private static Optional<Path> present(Path file) {
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }
}
