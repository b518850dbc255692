package io.github.cpsample.sampling;

import io.github.cpsample.base.Resources;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.ConditionsBuilder;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TextEncoder;
import io.github.cpsample.inference.Tokenizer;
import io.github.cpsample.latent.LatentDecoder;
import io.github.cpsample.latent.LatentEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a model consists of besides denoiser and classifier, ready to run. Thread-safe. */
final class PipelineParts implements AutoCloseable {
  private static final int STATES_RANK = 3;

  private final Resources open = new Resources();
  private final Manifest manifest;
  private final Optional<LatentDecoder> decoder;
  private final Optional<LazySession> encoder;
  private final Optional<TextEncoder> text;

  PipelineParts(ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    this.manifest = bundle.manifest();
    try {
      this.decoder =
          manifest
              .pipeline()
              .latent()
              .map(
                  spec ->
                      new LatentDecoder(
                          open("decoder", bundle, spec.decoder(), device, settings),
                          spec,
                          manifest.image()));
      this.encoder =
          manifest
              .pipeline()
              .latent()
              .flatMap(PipelineSpec.Latent::encoder)
              .map(file -> lazy("encoder", bundle, file, device, settings));
      this.text = manifest.pipeline().text().map(spec -> text(spec, bundle, device, settings));
    } catch (RuntimeException e) {
      open.closeAfter(e);
      throw e;
    }
  }

  /** What the denoiser sees of a picture: a latent, or the picture itself. */
  FloatImage sampled(FloatImage picture) {
    Optional<PipelineSpec.Latent> latent = manifest.pipeline().latent();
    if (latent.isEmpty()) {
      return picture;
    }
    LazySession session =
        encoder.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "start image or known image: expected a model with an encoder, found none in "
                        + manifest.name()));
    return new LatentEncoder(session.get(), latent.get(), manifest.image()).encode(picture);
  }

  /** What the denoiser sees of images of which a part is known. */
  Inpainting sampled(Inpainting known) {
    if (manifest.pipeline().latent().isEmpty()) {
      return known;
    }
    ImageShape cells = manifest.sampled();
    return new Inpainting(
        known.known().stream().map(this::sampled).toList(),
        known.masks().stream().map(it -> it.coarser(cells.height(), cells.width())).toList(),
        known.resampling());
  }

  /** What the images of a request are conditioned on. */
  Conditions.Guided conditions(SampleSettings settings) {
    Conditioning asked = settings.shown().conditioning();
    ConditionsBuilder conditions = new ConditionsBuilder(manifest.denoiser(), asked.guidance());
    if (settings.shown().classLabel().isPresent()) {
      conditions.label(settings.shown().classLabel().getAsInt(), asked.nullClass());
    }
    if (text.isPresent()) {
      String input = manifest.pipeline().text().orElseThrow().input();
      String negative = asked.negativePrompt().orElse("");
      conditions.text(
          input, text.get().encode(asked.prompt().orElse("")), text.get().encode(negative));
    }
    return conditions.build();
  }

  /** The tokens of a text, of a model that reads texts. */
  Optional<TextEncoder.TokenCount> count(String prompt) {
    return text.map(encoder -> encoder.count(prompt));
  }

  /** Images of what was sampled, with what is known of them. */
  List<FloatImage> images(List<FloatImage> sampled, Optional<Inpainting> known) {
    List<FloatImage> made = decoder.map(it -> it.decode(sampled)).orElse(sampled);
    return known
        .map(it -> IntStream.range(0, made.size()).mapToObj(i -> it.keep(made.get(i), i)).toList())
        .orElse(made);
  }

  /** Closes all parts, whatever fails. */
  @Override
  public void close() {
    open.close();
  }

  private TextEncoder text(
      PipelineSpec.Text spec, ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    spec.tokenizer().forEach(name -> files.put(name, bundle.file(name)));
    Tokenizer tokenizer = open.add(Tokenizer.open("tokenizer of " + manifest.name(), files));
    int width =
        manifest.denoiser().signature().conditions().stream()
            .filter(port -> port.name().equals(spec.input()) && port.isFixed(STATES_RANK - 1))
            .findFirst()
            .map(PipelineParts::width)
            .orElse(0);
    return new TextEncoder(
        tokenizer, open("text encoder", bundle, spec.encoder(), device, settings), width);
  }

  private static int width(TensorPort port) {
    return Math.toIntExact(port.sizes().get(STATES_RANK - 1));
  }

  private InferenceSession open(
      String part,
      ModelBundle bundle,
      String file,
      ResolvedDevice device,
      SessionSettings settings) {
    LazySession session = lazy(part, bundle, file, device, settings);
    return session.get();
  }

  private LazySession lazy(
      String part,
      ModelBundle bundle,
      String file,
      ResolvedDevice device,
      SessionSettings settings) {
    return open.add(
        LazySession.of(part + " of " + manifest.name(), bundle, file, device, settings));
  }
}
