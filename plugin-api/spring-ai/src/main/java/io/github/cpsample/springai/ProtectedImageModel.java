package io.github.cpsample.springai;

import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImageOptions;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;

/**
 * An image model that does not reproduce its training images. A prompt {@code class:N} names a
 * class; other prompts mean nothing to models without text. Of the options only the number counts;
 * images are PNG in base64, of the model's size. As thread-safe as its generator.
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
  public ImageResponse call(ImagePrompt prompt) {
    String text =
        prompt.getInstructions().stream()
            .map(ImageMessage::getText)
            .collect(Collectors.joining(" "));
    long seed = seeds.getAsLong();
    GenerationRequest request = GenerationRequest.of(count(prompt.getOptions())).withSeed(seed);
    OptionalInt label = generator.model().classOf(text, seed);
    if (label.isPresent()) {
      request = request.withClassLabel(label.getAsInt());
    }
    return new ImageResponse(
        generator.generate(request, GenerationListener.none()).images().stream()
            .map(ProtectedImageModel::image)
            .toList());
  }

  private static int count(@Nullable ImageOptions options) {
    return options == null || options.getN() == null ? 1 : options.getN();
  }

  private static ImageGeneration image(GeneratedImage image) {
    return new ImageGeneration(new Image(null, Base64.getEncoder().encodeToString(image.toPng())));
  }
}
