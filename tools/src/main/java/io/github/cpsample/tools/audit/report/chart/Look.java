package io.github.cpsample.tools.audit.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.Arrays;

/**
 * How series are told apart: by a colour, and, for those who cannot see it and for grey printers,
 * by dashes and marks. The colours are those of Okabe and Ito (2008), "Color Universal Design",
 * that are dark enough for thin lines on white.
 */
public enum Look {
  /** A solid line, circles. */
  VERMILION(0xD55E00, circle()),
  /** A dashed line, squares. */
  BLUE(0x0072B2, polygon(-4, -4, 4, -4, 4, 4, -4, 4), 7, 3),
  /** A dotted line, triangles. */
  GREEN(0x007A5A, polygon(0, -5, 5, 4, -5, 4), 2, 2),
  /** Dashes and dots, diamonds. */
  PURPLE(0xA5527F, polygon(0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0), 8, 3, 2, 3),
  /** Long dashes, triangles on their tips. */
  ORANGE(0xA86F00, polygon(0, 5, 5, -4, -5, -4), 12, 4),
  /** Short dashes, plus signs. */
  BLACK(
      0x000000,
      polygon(-1, -5, 1, -5, 1, -1, 5, -1, 5, 1, 1, 1, 1, 5, -1, 5, -1, 1, -5, 1, -5, -1, -1, -1),
      4,
      2),
  /** A fine line for what is only compared with. */
  GREY(0x6B6B6B, circle(), 1, 3);

  private final Color color;
  private final Shape mark;
  private final float[] dashes;

  Look(int rgb, Shape mark, float... dashes) {
    this.color = new Color(rgb);
    this.mark = mark;
    this.dashes = dashes;
  }

  /**
   * One of several series that have no look of their own.
   *
   * @param index of the series
   * @return a look; the first seven differ
   */
  public static Look of(int index) {
    return values()[index % values().length];
  }

  Color color() {
    return color;
  }

  Shape mark() {
    return mark;
  }

  Stroke stroke() {
    float width = this == GREY ? 1.2f : 2f;
    return dashes.length == 0
        ? new BasicStroke(width)
        : new BasicStroke(
            width,
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            10f,
            Arrays.copyOf(dashes, dashes.length),
            0f);
  }

  private static Shape circle() {
    return new Ellipse2D.Double(-4, -4, 8, 8);
  }

  private static Shape polygon(double... corners) {
    Path2D path = new Path2D.Double();
    path.moveTo(corners[0], corners[1]);
    for (int i = 2; i < corners.length; i += 2) {
      path.lineTo(corners[i], corners[i + 1]);
    }
    path.closePath();
    return path;
  }
}
