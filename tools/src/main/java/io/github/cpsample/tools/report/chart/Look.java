package io.github.cpsample.tools.report.chart;

/**
 * How series are told apart: by a colour, and, for those who cannot see it and for grey printers,
 * by dashes and marks. The colours are those of Okabe and Ito (2008), "Color Universal Design", the
 * lighter ones darkened so that thin lines can be seen on white.
 */
public enum Look {
  /** A solid line, circles. */
  VERMILION,
  /** A dashed line, squares. */
  BLUE,
  /** A dotted line, triangles. */
  GREEN,
  /** Dashes and dots, diamonds. */
  PURPLE,
  /** Long dashes, triangles on their tips. */
  ORANGE,
  /** Short dashes, plus signs. */
  BLACK,
  /** A fine line for what is only compared with. */
  GREY
}
