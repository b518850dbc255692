package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rings, each picture with a width of its own; keeps what it was asked for. */
final class SamplePictures implements ReportPictures {

  private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

  final List<String> asked = new ArrayList<>();

  @Override
  public Optional<FloatImage> sample(String method, long seed) {
    asked.add("sample " + method + " " + seed);
    return Optional.of(rings(2 + method.length() + (int) (seed % 5)));
  }

  @Override
  public Optional<FloatImage> trainingImage(int index) {
    asked.add("training " + index);
    return Optional.of(rings(3 + index));
  }

  @Override
  public Optional<FloatImage> frame(long seed, int frame, boolean guarded) {
    asked.add("frame " + seed + " " + frame + " " + guarded);
    return Optional.of(rings(2 + frame));
  }

  private static FloatImage rings(double width) {
    float[] values = new float[SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      int row = i / 28;
      double x = i % 28 - 13.5;
      double y = row - 13.5;
      values[i] = (float) Math.sin(Math.hypot(x, y) * Math.PI / width);
    }
    return FloatImage.copyOf(SHAPE, values, 0);
  }
}
