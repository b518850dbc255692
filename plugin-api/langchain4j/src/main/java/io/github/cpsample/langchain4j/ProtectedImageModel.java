package io.github.cpsample.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * An image model that does not reproduce its training images. A prompt {@code class:N} names a
 * class; other prompts mean nothing to models without text. As thread-safe as its generator.
 */
public final class ProtectedImageModel implements ImageModel {
  private final ProtectedImageGenerator generator;
  private final LongSupplier seeds;

  /**
   * Makes images from any seeds.
   *
   * @param generator stays the caller's, who closes it
   */
  public ProtectedImageModel(ProtectedImageGenerator generator) {
    this(generator, new SecureRandom()::nextLong);
  }

  /**
   * Makes images from seeds of the caller's.
   *
   * @param generator stays the caller's, who closes it
   * @param seeds gives the seed of the first image of each call
   */
  public ProtectedImageModel(ProtectedImageGenerator generator, LongSupplier seeds) {
    this.generator = generator;
    this.seeds = seeds;
  }

  @Override
  public Response<Image> generate(String prompt) {
    return Response.from(generate(prompt, 1).content().get(0));
  }

  @Override
  public Response<List<Image>> generate(String prompt, int n) {
    long seed = seeds.getAsLong();
    GenerationRequest request = GenerationRequest.of(n).withSeed(seed);
    OptionalInt label = generator.model().classOf(prompt, seed);
    if (label.isPresent()) {
      request = request.withClassLabel(label.getAsInt());
    }
    return Response.from(
        generator.generate(request, GenerationListener.none()).images().stream()
            .map(ProtectedImageModel::image)
            .toList());
  }

  private static Image image(GeneratedImage image) {
    return Image.builder()
        .base64Data(Base64.getEncoder().encodeToString(image.toPng()))
        .mimeType("image/png")
        .build();
  }
}
