package io.github.cpsample.evaluation.membership;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleRequest;
import java.util.List;
import java.util.Locale;

/**
 * What a service does with images that it is sent.
 *
 * @param id of the stage
 * @param name with its settings
 * @param source who proposed it, or the attack by it
 * @param given turns a request for some images into one for images made of given ones
 */
record Processing(String id, String name, String source, Given given) {

  /** Gives images to a request. */
  @FunctionalInterface
  interface Given {
    SampleRequest to(SampleRequest request, List<FloatImage> images);
  }

  /** Image-to-image of a strength in (0, 1]. */
  static Processing imageToImage(double strength) {
    return new Processing(
        "image-to-image-" + Math.round(100 * strength),
        String.format(Locale.ROOT, "image-to-image, strength %.1f", strength),
        "image-to-image: Meng et al. 2022, arXiv 2108.01073",
        (request, images) -> request.withStart(new SampleOrigin.StartImages(images, strength)));
  }

  /** The lower half is filled in. */
  static Processing inpainting() {
    return new Processing(
        "inpainting",
        "inpainting, lower half filled in",
        "inpainting as an attack: Carlini et al. 2023, arXiv 2301.13188",
        (request, images) ->
            request.withInpainting(
                new Inpainting(
                    images, List.of(lowerHalf(images.get(0))), Inpainting.Resampling.NONE)));
  }

  private static Mask lowerHalf(FloatImage image) {
    int height = image.shape().height();
    return Mask.of(height, image.shape().width(), (y, x) -> 2 * y >= height);
  }
}
