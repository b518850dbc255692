package io.github.cpsample.latent;

import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns latents into images: {@code decoder(latent / scalingFactor + shiftFactor)}, clipped to [-1,
 * 1]. A few images at a time, since a decoder needs far more memory than a denoiser. Thread-safe;
 * does not own the network.
 */
public final class LatentDecoder {
  private static final int PIXELS_AT_ONCE = 1 << 18;

  private final InferenceSession session;
  private final CoderPort input;
  private final CoderPort output;
  private final PipelineSpec.Latent spec;
  private final ImageShape image;
  private final int rows;

  /**
   * Prepares a decoder.
   *
   * @param session the network; not closed by this
   * @param spec shape and factors of the latents
   * @param image shape of the images
   * @throws IllegalArgumentException if the network has other inputs or outputs
   */
  public LatentDecoder(InferenceSession session, PipelineSpec.Latent spec, ImageShape image) {
    this.session = session;
    this.input = CoderPort.input(session);
    this.output = CoderPort.output(session);
    this.spec = spec;
    this.image = image;
    this.rows = input.size(0, Math.max(1, PIXELS_AT_ONCE / (image.height() * image.width())));
  }

  /**
   * Decodes latents.
   *
   * @param latents scaled as they are when they are noised
   * @return the images, in order
   * @throws InferenceException if the network fails or an image is not finite
   */
  public List<FloatImage> decode(List<FloatImage> latents) {
    List<FloatImage> images = new ArrayList<>(latents.size());
    for (int first = 0; first < latents.size(); first += rows) {
      decode(latents.subList(first, Math.min(latents.size(), first + rows)), images);
    }
    return images;
  }

  private void decode(List<FloatImage> latents, List<FloatImage> images) {
    int run = input.size(0, latents.size());
    ImageShape shape = spec.shape();
    TensorBuffer in = input.allocate(run, shape.channels(), shape.height(), shape.width());
    TensorBuffer out = output.allocate(run, image.channels(), image.height(), image.width());
    for (int row = 0; row < latents.size(); row++) {
      float[] values = latents.get(row).values();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] / spec.scalingFactor() + spec.shiftFactor());
      }
      in.values().put(row * shape.size(), values, 0, values.length);
    }
    session.run(Map.of(input.name(), in), Map.of(output.name(), out));
    float[] pixels = new float[image.size()];
    for (int row = 0; row < latents.size(); row++) {
      out.values().get(row * image.size(), pixels, 0, image.size());
      CoderPort.requireFinite(session, output.name(), pixels);
      images.add(FloatImage.copyOf(image, clipped(pixels), 0));
    }
  }

  private static float[] clipped(float[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = Math.max(-1, Math.min(1, pixels[i]));
    }
    return pixels;
  }
}
