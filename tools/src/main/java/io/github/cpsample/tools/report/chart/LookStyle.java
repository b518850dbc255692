package io.github.cpsample.tools.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** How a {@link Look} is drawn. */
final class LookStyle {

  private static final float THICK = 2f;
  private static final float FINE = 1.2f;
  private static final float MITER = 10f;

  private LookStyle() {}

  static Color color(Look look) {
    return switch (look) {
      case VERMILION -> new Color(0xD55E00);
      case BLUE -> new Color(0x0072B2);
      case GREEN -> new Color(0x007A5A);
      case PURPLE -> new Color(0xA5527F);
      case ORANGE -> new Color(0xA86F00);
      case BLACK -> new Color(0x000000);
      case GREY -> new Color(0x6B6B6B);
    };
  }

  static BasicStroke stroke(Look look) {
    return switch (look) {
      case VERMILION -> new BasicStroke(THICK);
      case BLUE -> dashed(THICK, 7, 3);
      case GREEN -> dashed(THICK, 2, 2);
      case PURPLE -> dashed(THICK, 8, 3, 2, 3);
      case ORANGE -> dashed(THICK, 12, 4);
      case BLACK -> dashed(THICK, 4, 2);
      case GREY -> dashed(FINE, 1, 3);
    };
  }

  static Shape mark(Look look) {
    return switch (look) {
      case VERMILION, GREY -> new Ellipse2D.Double(-4, -4, 8, 8);
      case BLUE -> polygon(-4, -4, 4, -4, 4, 4, -4, 4);
      case GREEN -> polygon(0, -5, 5, 4, -5, 4);
      case PURPLE -> polygon(0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0);
      case ORANGE -> polygon(0, 5, 5, -4, -5, -4);
      case BLACK ->
          polygon(
              -1, -5, 1, -5, 1, -1, 5, -1, 5, 1, 1, 1, 1, 5, -1, 5, -1, 1, -5, 1, -5, -1, -1, -1);
    };
  }

  private static BasicStroke dashed(float width, float... dashes) {
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, MITER, dashes, 0f);
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
