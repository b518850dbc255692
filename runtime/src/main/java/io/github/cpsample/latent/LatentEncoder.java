package io.github.cpsample.latent;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * Turns images into latents: {@code scalingFactor (mean - shiftFactor)}, the mean being that of the
 * distribution that the encoder gives. An encoder that gives mean and logarithm of the variance,
 * [N,2C,H,W], is read in its first half; one that gives [N,C,H,W] must give the mean. Images are
 * encoded one by one, so that a latent depends on its image alone. Belongs to one thread; does not
 * own the network.
 */
public final class LatentEncoder {
  private final InferenceSession session;
  private final CoderPort input;
  private final CoderPort output;
  private final PipelineSpec.Latent spec;
  private final ImageShape image;
  private final TensorBuffer in;
  private final TensorBuffer out;

  /**
   * Prepares an encoder.
   *
   * @param session the network; not closed by this
   * @param spec shape and factors of the latents
   * @param image shape of the images
   * @throws IllegalArgumentException if the network has other inputs or outputs
   */
  public LatentEncoder(InferenceSession session, PipelineSpec.Latent spec, ImageShape image) {
    this.session = session;
    this.input = CoderPort.input(session);
    this.output = CoderPort.output(session);
    this.spec = spec;
    this.image = image;
    int rows = input.size(0, 1);
    ImageShape latent = spec.shape();
    int channels = output.size(1, latent.channels());
    Checks.argument(
        channels == latent.channels() || channels == 2 * latent.channels(),
        session.name(),
        latent.channels() + " or " + 2 * latent.channels() + " channels",
        channels);
    this.in = input.allocate(rows, image.channels(), image.height(), image.width());
    this.out = output.allocate(rows, channels, latent.height(), latent.width());
  }

  /**
   * Encodes an image.
   *
   * @param picture values in [-1, 1]
   * @return the latent, scaled as it is when it is noised
   * @throws IllegalArgumentException if the image has another shape
   * @throws io.github.cpsample.inference.InferenceException if the network fails or the latent is
   *     not finite
   */
  public FloatImage encode(FloatImage picture) {
    Checks.argument(picture.shape().equals(image), "image", image, picture.shape());
    float[] values = run(picture.values());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (spec.scalingFactor() * (values[i] - spec.shiftFactor()));
    }
    return FloatImage.copyOf(spec.shape(), values, 0);
  }

  private float[] run(float[] pixels) {
    in.values().put(0, pixels, 0, pixels.length);
    session.run(Map.of(input.name(), in), Map.of(output.name(), out));
    float[] values = new float[spec.shape().size()];
    out.values().get(0, values, 0, values.length);
    CoderPort.requireFinite(session, output.name(), values);
    return values;
  }

  /**
   * Refuses an encoder that draws from its distribution, as some exports do: the label that the
   * classifier memorises for an image could not be derived from its latent again.
   *
   * @throws IllegalArgumentException if the same image gives two latents
   * @throws io.github.cpsample.inference.InferenceException if the network fails
   */
  public void requireRepeatable() {
    float[] grey = new float[image.size()];
    if (!Arrays.equals(run(grey), run(grey))) {
      throw new IllegalArgumentException(
          session.name()
              + ": expected the same latent for the same image, found two that differ; export an"
              + " encoder that gives the parameters of the distribution, as Optimum does");
    }
  }
}
