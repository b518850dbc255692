package io.github.cpsample.image;

import io.github.cpsample.base.Checks;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/**
 * Many images on one, in rows from the top left, on white. Every cell is as large as the largest
 * image; smaller ones lie at its top left. Immutable and thread-safe.
 *
 * @param columns images per row, at least 1
 * @param padding white pixels between the images and around them, at least 0
 * @param scale every pixel becomes a square of this many pixels, at least 1
 */
public record ContactSheet(int columns, int padding, int scale) {
  private static final int WHITE = 0xFFFFFF;

  public ContactSheet {
    Checks.argument(
        columns >= 1 && padding >= 0 && scale >= 1,
        "contact sheet",
        "columns >= 1, padding >= 0, scale >= 1",
        "columns " + columns + ", padding " + padding + ", scale " + scale);
  }

  /**
   * Renders a sheet.
   *
   * @param images at least one image, not modified
   * @return a new image of type {@link BufferedImage#TYPE_INT_RGB}
   * @throws IllegalArgumentException if there is no image
   */
  public BufferedImage render(List<BufferedImage> images) {
    Checks.argument(!images.isEmpty(), "contact sheet", "at least one image", "none");
    int cellWidth =
        images.stream().mapToInt(BufferedImage::getWidth).max().orElseThrow() * scale + padding;
    int cellHeight =
        images.stream().mapToInt(BufferedImage::getHeight).max().orElseThrow() * scale + padding;
    int across = Math.min(columns, images.size());
    int down = (images.size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            Math.addExact(Math.multiplyExact(across, cellWidth), padding),
            Math.addExact(Math.multiplyExact(down, cellHeight), padding),
            BufferedImage.TYPE_INT_RGB);
    int[] row = new int[sheet.getWidth()];
    Arrays.fill(row, WHITE);
    for (int y = 0; y < sheet.getHeight(); y++) {
      sheet.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    for (int i = 0; i < images.size(); i++) {
      draw(
          images.get(i),
          sheet,
          padding + i % columns * cellWidth,
          padding + i / columns * cellHeight);
    }
    return sheet;
  }

  private void draw(BufferedImage image, BufferedImage sheet, int left, int top) {
    PixelRows rows = new PixelRows(image);
    double[][] source = new double[3][rows.width()];
    int[] target = new int[rows.width() * scale];
    for (int y = 0; y < rows.height(); y++) {
      rows.read(0, y, rows.width(), source);
      for (int x = 0; x < target.length; x++) {
        int from = x / scale;
        target[x] =
            level(source[0][from]) << 16 | level(source[1][from]) << 8 | level(source[2][from]);
      }
      for (int k = 0; k < scale; k++) {
        sheet.setRGB(left, top + y * scale + k, target.length, 1, target, 0, target.length);
      }
    }
  }

  private static int level(double value) {
    return (int) Math.round(Math.max(0, Math.min(1, value)) * 255);
  }
}
