package io.github.cpsample.tools.commands;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;

/** What a classifier sees of pictures. */
interface TrainingData {
  /** The shape of the pictures. */
  ImageShape pictures();

  /**
   * What it is trained on.
   *
   * @param pictures the pictures; closed with the result, or if this fails
   * @param name of the data set, a plain file name
   */
  ImageDataset of(ImageDataset pictures, String name) throws IOException;

  /** The pictures themselves. */
  static TrainingData pixels(ImageShape shape) {
    return new TrainingData() {
      @Override
      public ImageShape pictures() {
        return shape;
      }

      @Override
      public ImageDataset of(ImageDataset pictures, String name) {
        return pictures;
      }
    };
  }
}
