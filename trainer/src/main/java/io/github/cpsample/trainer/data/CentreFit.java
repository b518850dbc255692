package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.util.Objects;

/**
 * Brings an image to a shape: cuts the largest centred part of the wanted aspect, scales it with a
 * triangle filter that widens with the scale (bilinear without aliasing, PIL's {@code BILINEAR}),
 * and turns RGB into grey or grey into RGB.
 */
final class CentreFit {

  private CentreFit() {}

  static void write(Planes image, ImageShape shape, float[] target, int offset) {
    Objects.checkFromIndexSize(offset, shape.size(), target.length);
    if (image.shape().equals(shape)) {
      image.copyTo(target, offset);
      return;
    }
    double width = image.shape().width();
    double height = image.shape().height();
    double scale = Math.min(width / shape.width(), height / shape.height());
    Filter columns = new Filter(image.shape().width(), shape.width(), scale);
    Filter rows = new Filter(image.shape().height(), shape.height(), scale);
    for (int channel = 0; channel < shape.channels(); channel++) {
      float[] plane = image.plane(channel, shape.channels());
      float[] narrow = columns.apply(plane, image.shape().height(), true);
      float[] small = rows.apply(narrow, shape.width(), false);
      System.arraycopy(small, 0, target, offset + channel * small.length, small.length);
    }
  }

  /** Weights of source positions for every target position along one axis. */
  private static final class Filter {

    private final int source;
    private final int[] first;
    private final float[][] weights;

    Filter(int source, int target, double scale) {
      this.source = source;
      this.first = new int[target];
      this.weights = new float[target][];
      double start = (source - target * scale) / 2;
      double radius = Math.max(1, scale);
      for (int i = 0; i < target; i++) {
        double centre = start + (i + 0.5) * scale;
        int from = Math.max(0, (int) Math.floor(centre - radius));
        int to = Math.min(source, (int) Math.ceil(centre + radius));
        first[i] = from;
        weights[i] = triangle(from, to, centre, radius);
      }
    }

    private static float[] triangle(int from, int to, double centre, double radius) {
      double[] raw = new double[to - from];
      double sum = 0;
      for (int j = 0; j < raw.length; j++) {
        raw[j] = Math.max(0, 1 - Math.abs(from + j + 0.5 - centre) / radius);
        sum += raw[j];
      }
      float[] normalised = new float[raw.length];
      for (int j = 0; j < raw.length; j++) {
        normalised[j] = (float) (raw[j] / sum);
      }
      return normalised;
    }

    /**
     * Along rows, the axis is the inner one of {@code [lines, source]}; otherwise the outer one.
     */
    float[] apply(float[] plane, int lines, boolean alongRows) {
      int target = first.length;
      float[] result = new float[target * lines];
      for (int line = 0; line < lines; line++) {
        for (int i = 0; i < target; i++) {
          float sum = 0;
          for (int j = 0; j < weights[i].length; j++) {
            int at = first[i] + j;
            sum += weights[i][j] * plane[alongRows ? line * source + at : at * lines + line];
          }
          result[alongRows ? line * target + i : i * lines + line] = sum;
        }
      }
      return result;
    }
  }
}
