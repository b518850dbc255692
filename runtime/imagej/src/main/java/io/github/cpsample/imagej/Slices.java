package io.github.cpsample.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;

/**
 * The slices of an open image, each an image of its own.
 *
 * @param image the open image
 * @param type the kind of its pixels
 */
record Slices(ImagePlus image, PixelType type) {
  /**
   * The slices of an image.
   *
   * @throws IllegalArgumentException if no model has such pixels
   */
  static Slices of(ImagePlus image) {
    return new Slices(image, PixelType.of(image));
  }

  int count() {
    return image.getStackSize();
  }

  /** Slice {@code index}, from 0, in a model's shape. */
  FloatImage read(int index, ImageShape shape) {
    return type.read(image.getStack().getProcessor(index + 1), shape);
  }

  /** What slice {@code index}, from 0, is called. */
  String label(int index) {
    ImageStack stack = image.getStack();
    String label = stack.getShortSliceLabel(index + 1);
    if (label != null && !label.isBlank()) {
      return label;
    }
    return count() == 1 ? image.getShortTitle() : image.getShortTitle() + ":" + (index + 1);
  }
}
