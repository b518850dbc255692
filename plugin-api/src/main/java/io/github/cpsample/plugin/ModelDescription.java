package io.github.cpsample.plugin;

import java.util.Objects;

/**
 * What a host may show about a model before and after opening it.
 *
 * @param name the name to open it by
 * @param channels channels of its images: 1 grey, 3 red, green, blue
 * @param height height in pixels
 * @param width width in pixels
 * @param classes number of class labels the model can be conditioned on; 0 if it is unconditional
 */
public record ModelDescription(String name, int channels, int height, int width, int classes) {
  public ModelDescription {
    Objects.requireNonNull(name, "name");
    if (channels < 1 || height < 1 || width < 1 || classes < 0) {
      throw new IllegalArgumentException(
          "model "
              + name
              + ": expected positive sizes and classes >= 0, found "
              + channels
              + " x "
              + height
              + " x "
              + width
              + ", classes "
              + classes);
    }
  }
}
