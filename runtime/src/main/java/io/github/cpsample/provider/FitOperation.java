package io.github.cpsample.provider;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.plugin.ImageOperation;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * Images in the form that models are trained on: centre cropped, resized without aliasing, grey or
 * RGB. Settings: {@code channels} (1 or 3), {@code height} and {@code width} in pixels.
 */
public final class FitOperation implements ImageOperation {
  private static final int LARGEST = 16_384;

  /** Called by {@link java.util.ServiceLoader}. */
  public FitOperation() {}

  @Override
  public String name() {
    return "fit";
  }

  @Override
  public String description() {
    return "Crops the centre of images and resizes it to a size, in grey or colour";
  }

  @Override
  public Map<String, String> defaults() {
    return Map.of("channels", "3", "height", "64", "width", "64");
  }

  @Override
  public List<BufferedImage> apply(List<BufferedImage> images, Map<String, String> settings) {
    OperationSettings checked = new OperationSettings(this, settings, images.size());
    ImageShape shape =
        new ImageShape(
            Integer.parseInt(checked.choice("channels", List.of("1", "3"))),
            checked.integer("height", 1, LARGEST),
            checked.integer("width", 1, LARGEST));
    return images.stream()
        .map(image -> FloatImage.copyOf(shape, ImageDecoder.fit(image, shape), 0).toBufferedImage())
        .toList();
  }
}
