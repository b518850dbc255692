package io.github.cpsample.service.web;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.service.engine.ServedModel;
import io.github.cpsample.service.engine.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A task that a model has accepted.
 *
 * @param model which
 * @param work its images under way
 * @param asked what they are to it
 */
record Order(ServedModel model, Work work, SampleRequests asked) {

  /**
   * Its images as base64 of PNG.
   *
   * @param images in the order of their seeds
   * @param result reports, settings
   */
  record Delivery(List<String> images, SampleResult result) {

    /** Encodes the images of a result. */
    static Delivery of(SampleResult result) {
      List<String> images = new ArrayList<>();
      for (FloatImage image : result.images()) {
        images.add(Base64.getEncoder().encodeToString(png(image)));
      }
      return new Delivery(images, result);
    }

    /** In memory: images of others are nothing for temporary files. */
    private static byte[] png(FloatImage image) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
        ImageIO.write(image.toBufferedImage(), "png", stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }
  }
}
