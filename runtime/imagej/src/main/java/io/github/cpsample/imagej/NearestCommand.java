package io.github.cpsample.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.ContactSheet;
import io.github.cpsample.image.FloatImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code Nearest Training Images...}: every slice beside what is nearest to it in an index. */
public final class NearestCommand extends OpenImageCommand {
  private static final int PADDING = 2;

  /** Called by ImageJ. */
  public NearestCommand() {}

  @Override
  void execute(Slices slices) throws IOException {
    CommandDialog dialog =
        new CommandDialog("Nearest Training Images")
            .withIndex()
            .withNumber("Count", 5, "training images for each")
            .ask();
    TrainingIndex index = dialog.index();
    int count = dialog.count("Count", 1);
    EscapableProgress progress = new EscapableProgress();
    ImageStack stack = null;
    for (int i = 0; i < slices.count(); i++) {
      progress.step(i, slices.count());
      FloatImage image = slices.read(i, index.shape());
      List<TrainingIndex.Neighbour> nearest = index.nearest(image, Math.min(count, index.size()));
      ImageProcessor row = row(image, nearest);
      stack = stack == null ? new ImageStack(row.getWidth(), row.getHeight()) : stack;
      stack.addSlice(slices.label(i) + " | " + describe(nearest), row);
    }
    new ImagePlus("Nearest to " + slices.image().getShortTitle(), stack).show();
    status("left the image, then the training images, the nearest first");
  }

  private static ImageProcessor row(FloatImage image, List<TrainingIndex.Neighbour> nearest) {
    List<BufferedImage> pictures =
        Stream.concat(Stream.of(image), nearest.stream().map(TrainingIndex.Neighbour::image))
            .map(FloatImage::toBufferedImage)
            .toList();
    ColorProcessor row =
        new ColorProcessor(new ContactSheet(pictures.size(), PADDING, 1).render(pictures));
    if (image.shape().channels() > 1) {
      return row;
    }
    byte[] grey = row.getChannel(1);
    return new ByteProcessor(row.getWidth(), row.getHeight(), grey);
  }

  private static String describe(List<TrainingIndex.Neighbour> nearest) {
    return nearest.stream()
        .map(one -> String.format(Locale.ROOT, "%s %.3f", one.name(), one.distance()))
        .collect(Collectors.joining(", "));
  }
}
