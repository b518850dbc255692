package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusers.PipelineFolder;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TextEncoder;
import io.github.cpsample.inference.Tokenizer;
import io.github.cpsample.latent.LatentDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tries a pipeline's decoder and text encoder before a classifier is trained for it. */
final class PartsTrial {
  private static final int WIDTH_AXIS = 2;

  private PartsTrial() {}

  /**
   * Decodes a latent of zeros and encodes the empty text.
   *
   * @return the empty text, as the denoiser receives it; empty for a model without prompts
   * @throws IOException if a file cannot be read
   * @throws RuntimeException if a part cannot be run, or gives what the others do not take
   */
  static Optional<TextEncoder.HiddenStates> run(ThirdPartyDenoiser denoiser, ResolvedDevice device)
      throws IOException {
    PipelineSpec pipeline = denoiser.pipeline();
    if (pipeline.latent().isPresent()) {
      decode(denoiser, pipeline.latent().get(), device);
    }
    return pipeline.text().isPresent()
        ? Optional.of(encode(denoiser, pipeline.text().get(), device))
        : Optional.empty();
  }

  private static void decode(
      ThirdPartyDenoiser denoiser, PipelineSpec.Latent spec, ResolvedDevice device) {
    Path file = denoiser.parts().network(spec.decoder());
    ImageShape latent = denoiser.shape();
    try (InferenceSession session = open("decoder " + file, file, device)) {
      new LatentDecoder(session, spec, denoiser.parts().image(latent))
          .decode(List.of(FloatImage.copyOf(latent, new float[latent.size()], 0)));
    }
  }

  private static TextEncoder.HiddenStates encode(
      ThirdPartyDenoiser denoiser, PipelineSpec.Text spec, ResolvedDevice device)
      throws IOException {
    PipelineFolder parts = denoiser.parts();
    Path file = parts.network(spec.encoder());
    TensorPort port =
        denoiser.spec().signature().conditions().stream()
            .filter(condition -> condition.name().equals(spec.input()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "pipeline "
                            + parts.folder()
                            + ": expected a denoiser with an input "
                            + spec.input()
                            + " for the text encoder, found none"));
    int width = Math.toIntExact(port.sizes().get(WIDTH_AXIS));
    try (Tokenizer tokenizer = Tokenizer.open("tokenizer of " + parts.folder(), tokens(parts));
        InferenceSession session = open("text encoder " + file, file, device)) {
      TextEncoder.HiddenStates states = new TextEncoder(tokenizer, session, width).encode("");
      if (states.width() != width || (port.isFixed(1) && port.sizes().get(1) != states.tokens())) {
        throw new IllegalArgumentException(
            session.name()
                + ": expected hidden states that the denoiser's input "
                + port.name()
                + " "
                + port.describe()
                + " takes, found "
                + states.tokens()
                + " tokens of "
                + states.width()
                + " values");
      }
      return states;
    }
  }

  private static Map<String, byte[]> tokens(PipelineFolder parts) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : parts.tokenizer()) {
      files.put(name, Files.readAllBytes(parts.folder().resolve("tokenizer").resolve(name)));
    }
    return files;
  }

  private static InferenceSession open(String name, Path file, ResolvedDevice device) {
    return InferenceSession.open(name, file, device, SessionSettings.defaults());
  }
}
