package io.github.cpsample.tools.report.chart;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/**
 * Whether Java can measure letters here. On a machine without fonts, or without the library that
 * finds them, it throws errors of several kinds instead, as servers and small containers have it.
 */
public final class Letters {

  private static final boolean PRESENT = measures(ChartPlot.FONT);

  private Letters() {}

  /**
   * Whether charts can be drawn.
   *
   * @return found out once per process
   */
  public static boolean present() {
    return PRESENT;
  }

  private static boolean measures(Font font) {
    try {
      FontRenderContext plain = new FontRenderContext(null, true, true);
      return font.getFamily().length() > 0 && font.getStringBounds("M", plain).getWidth() > 0;
    } catch (RuntimeException | Error e) {
      return false;
    }
  }
}
