package io.github.cpsample.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import java.awt.image.BufferedImage;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * An image model that does not reproduce its training images. A prompt {@code class:N} names a
 * class; other prompts mean nothing to models without text. Images that are edited are given as
 * base64; what comes back has the model's size. As thread-safe as its generator.
 */
public final class ProtectedImageModel implements ImageModel {
  /** How far an image is changed that is edited without a mask, as in the service. */
  private static final double EDITED = 0.75;

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
    return one(prompt, GenerationRequest.of(1));
  }

  @Override
  public Response<List<Image>> generate(String prompt, int n) {
    return Response.from(generate(prompt, GenerationRequest.of(n)));
  }

  /**
   * Changes all of an image.
   *
   * @param image PNG, JPEG or another file that Java reads, in base64
   * @param prompt as for {@link #generate(String)}
   * @return one image, which resembles the one given
   * @throws IllegalArgumentException if the image is given in another way or cannot be read
   */
  @Override
  public Response<Image> edit(Image image, String prompt) {
    BufferedImage picture = Base64Picture.read("image", image);
    return one(prompt, GenerationRequest.of(1).withVariation(picture, EDITED));
  }

  /**
   * Fills in a part of an image.
   *
   * @param image PNG, JPEG or another file that Java reads, in base64
   * @param mask PNG in base64, of the image's size, wholly transparent where the image is filled in
   * @param prompt as for {@link #generate(String)}
   * @return one image, which is the one given where the mask is not transparent
   * @throws IllegalArgumentException if one of the two is given in another way or cannot be read,
   *     or the sizes differ
   */
  @Override
  public Response<Image> edit(Image image, Image mask, String prompt) {
    BufferedImage picture = Base64Picture.read("image", image);
    BufferedImage filled = Base64Picture.transparency(Base64Picture.read("mask", mask));
    return one(prompt, GenerationRequest.of(1).withInpainting(picture, filled));
  }

  private Response<Image> one(String prompt, GenerationRequest request) {
    return Response.from(generate(prompt, request).get(0));
  }

  private List<Image> generate(String prompt, GenerationRequest request) {
    long seed = seeds.getAsLong();
    GenerationRequest seeded = request.withSeed(seed);
    OptionalInt label = generator.model().classOf(prompt, seed);
    if (label.isPresent()) {
      seeded = seeded.withClassLabel(label.getAsInt());
    }
    return generator.generate(seeded, GenerationListener.none()).images().stream()
        .map(ProtectedImageModel::image)
        .toList();
  }

  private static Image image(GeneratedImage image) {
    return Image.builder()
        .base64Data(Base64.getEncoder().encodeToString(image.toPng()))
        .mimeType("image/png")
        .build();
  }
}
