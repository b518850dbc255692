package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.diffusers.PipelineFolder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.latent.LatentEncoder;
import io.github.cpsample.onnx.ModelHeader;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.LatentImages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pictures as the latents of a pipeline, kept in the folder of a run.
 *
 * @param parts the pipeline
 * @param latent shape of its latents
 * @param run the run's folder
 * @param device where the encoder runs
 */
record LatentData(PipelineFolder parts, ImageShape latent, Path run, ResolvedDevice device)
    implements ClassifierOptions.TrainingData {
  @Override
  public ImageShape pictures() {
    return parts.image(latent);
  }

  @Override
  public ImageDataset of(ImageDataset pictures, String name) throws IOException {
    PipelineSpec.Latent spec = parts.spec(latent).latent().orElseThrow();
    try (InferenceSession session = openEncoder()) {
      return LatentImages.open(
          pictures,
          new LatentEncoder(session, spec, pictures.shape()),
          fingerprint(encoder()) + " " + spec,
          latent,
          run.resolve(name + ".latents"));
    } catch (IOException | RuntimeException e) {
      pictures.close();
      throw e;
    }
  }

  private Path encoder() {
    return parts
        .encoder()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pipeline "
                        + parts.folder()
                        + ": expected vae_encoder/model.onnx, which makes the latents that the"
                        + " classifier is trained on, found none; export it too"));
  }

  private InferenceSession openEncoder() {
    Path file = encoder();
    return InferenceSession.open("encoder " + file, file, device, SessionSettings.defaults());
  }

  /** Hash of the encoder, followed by those of its files of constants. */
  private static String fingerprint(Path model) throws IOException {
    StringBuilder hashes = new StringBuilder(sha256(model));
    for (String data : ModelHeader.read(model).dataFiles()) {
      hashes.append(' ').append(sha256(model.resolveSibling(data)));
    }
    return hashes.toString();
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Manifest.FileEntry.of(in).sha256();
    }
  }
}
