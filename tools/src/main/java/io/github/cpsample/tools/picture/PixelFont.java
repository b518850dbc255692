package io.github.cpsample.tools.picture;

import java.awt.Color;
import java.awt.Graphics2D;

/**
 * Letters of 5 by 7 pixels. A JDK without desktop libraries or fonts, as servers have it, cannot
 * draw text; this can, and draws the same everywhere. Knows printable ASCII; anything else is drawn
 * as a question mark.
 */
final class PixelFont {

  /** Height of a line in pixels at scale 1, descenders and spacing included. */
  static final int LINE = 10;

  private static final int COLUMNS = 5;
  private static final int ROWS = 8;
  private static final int ADVANCE = COLUMNS + 1;
  private static final char FIRST = ' ';

  /** Five columns per character from space to tilde; in each, the lowest bit is the top row. */
  private static final String GLYPHS =
      "0000000000"
          + "00005F0000"
          + "0007000700"
          + "147F147F14"
          + "242A7F2A12"
          + "2313086462"
          + "3649552250"
          + "0005030000"
          + "001C224100"
          + "0041221C00"
          + "082A1C2A08"
          + "08083E0808"
          + "0050300000"
          + "0808080808"
          + "0060600000"
          + "2010080402"
          + "3E5149453E"
          + "00427F4000"
          + "4261514946"
          + "2141454B31"
          + "1814127F10"
          + "2745454539"
          + "3C4A494930"
          + "0171090503"
          + "3649494936"
          + "064949291E"
          + "0036360000"
          + "0056360000"
          + "0814224100"
          + "1414141414"
          + "0041221408"
          + "0201510906"
          + "324979413E"
          + "7E1111117E"
          + "7F49494936"
          + "3E41414122"
          + "7F4141221C"
          + "7F49494941"
          + "7F09090901"
          + "3E4149497A"
          + "7F0808087F"
          + "00417F4100"
          + "2040413F01"
          + "7F08142241"
          + "7F40404040"
          + "7F020C027F"
          + "7F0408107F"
          + "3E4141413E"
          + "7F09090906"
          + "3E4151215E"
          + "7F09192946"
          + "4649494931"
          + "01017F0101"
          + "3F4040403F"
          + "1F2040201F"
          + "3F4038403F"
          + "6314081463"
          + "0708700807"
          + "6151494543"
          + "007F414100"
          + "0204081020"
          + "0041417F00"
          + "0402010204"
          + "4040404040"
          + "0001020400"
          + "2054545478"
          + "7F48444438"
          + "3844444420"
          + "384444487F"
          + "3854545418"
          + "087E090102"
          + "18A4A4A47C"
          + "7F08040478"
          + "00447D4000"
          + "4080847D00"
          + "7F10284400"
          + "00417F4000"
          + "7C04180478"
          + "7C08040478"
          + "3844444438"
          + "FC24242418"
          + "18242418FC"
          + "7C08040408"
          + "4854545420"
          + "043F444020"
          + "3C4040207C"
          + "1C2040201C"
          + "3C4030403C"
          + "4428102844"
          + "1CA0A0A07C"
          + "4464544C44"
          + "0008364100"
          + "00007F0000"
          + "0041360800"
          + "0804080408";

  private PixelFont() {}

  /** Width of a text in pixels. */
  static int width(String text, int scale) {
    return Math.max(0, text.length() * ADVANCE - 1) * scale;
  }

  /** Draws a text with its top left corner at a point. */
  static void draw(Graphics2D graphics, String text, int left, int top, int scale, Color color) {
    graphics.setColor(color);
    for (int i = 0; i < text.length(); i++) {
      drawGlyph(graphics, text.charAt(i), left + i * ADVANCE * scale, top, scale);
    }
  }

  private static void drawGlyph(Graphics2D graphics, char letter, int left, int top, int scale) {
    char known = letter >= FIRST && letter <= '~' ? letter : '?';
    int start = (known - FIRST) * COLUMNS * 2;
    for (int column = 0; column < COLUMNS; column++) {
      int at = start + column * 2;
      int bits = Integer.parseInt(GLYPHS, at, at + 2, 16);
      for (int row = 0; row < ROWS; row++) {
        if ((bits >> row & 1) == 1) {
          graphics.fillRect(left + column * scale, top + row * scale, scale, scale);
        }
      }
    }
  }
}
