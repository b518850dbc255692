package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.LatentSpec;
import io.github.cpsample.diffusers.PipelineFolder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.latent.LatentEncoder;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.pipeline.LatentImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Pictures as the latents of a pipeline, kept in the folder of a run.
 *
 * @param parts the pipeline
 * @param latent shape of its latents
 * @param run the run's folder
 * @param device where the encoder runs
 */
record LatentData(PipelineFolder parts, ImageShape latent, Path run, ResolvedDevice device)
    implements TrainingData {
  @Override
  public ImageShape pictures() {
    return parts.image(latent);
  }

  @Override
  public ImageDataset of(ImageDataset pictures, String name) throws IOException {
    LatentSpec spec = parts.spec(latent).latent().orElseThrow();
    Path file = encoder();
    try (InferenceSession session =
        InferenceSession.open("encoder " + file, file, device, SessionSettings.defaults())) {
      return LatentImages.open(
          pictures,
          new LatentEncoder(session, spec, pictures.shape()),
          sha256(file) + " " + spec,
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

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
