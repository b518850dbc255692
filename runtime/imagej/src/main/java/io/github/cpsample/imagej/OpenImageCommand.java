package io.github.cpsample.imagej;

import ij.IJ;
import ij.ImagePlus;
import java.io.IOException;

/** A command that needs an open image or stack, which nobody else changes meanwhile. */
abstract class OpenImageCommand extends Command {
  /** Does the work with the slices of the image that is in front. */
  abstract void execute(Slices slices) throws IOException;

  @Override
  final void execute() throws IOException {
    ImagePlus image = IJ.getImage();
    Slices slices = Slices.of(image);
    if (!image.lock()) {
      return;
    }
    try {
      execute(slices);
    } finally {
      image.unlock();
    }
  }
}
