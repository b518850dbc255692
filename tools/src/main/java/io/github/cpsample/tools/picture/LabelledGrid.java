package io.github.cpsample.tools.picture;

import io.github.cpsample.base.Checks;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;

/**
 * Rows of small images of one size with a title above and a label before every row.
 *
 * @param title lines above everything
 * @param rows the rows, from top to bottom
 * @param scale every pixel of an image becomes a square of this many pixels
 */
public record LabelledGrid(List<String> title, List<Row> rows, int scale) {

  private static final int MARGIN = 12;
  private static final int GAP = 3;
  private static final int BLOCK_GAP = 14;
  private static final int TEXT_SCALE = 2;
  private static final int FRAME = 2;
  private static final Color PAPER = Color.WHITE;
  private static final Color INK = new Color(0x22, 0x22, 0x22);
  private static final Color ALARM = new Color(0xD0, 0x21, 0x21);
  private static final Color EDGE = new Color(0xC8, 0xC8, 0xC8);

  /**
   * One image of a row.
   *
   * @param image the image
   * @param alarm whether a red frame marks it
   */
  public record Cell(BufferedImage image, boolean alarm) {

    public Cell {
      Objects.requireNonNull(image, "image");
    }
  }

  /**
   * A row of images.
   *
   * @param label lines of text before it
   * @param cells its images
   * @param startsBlock whether it stands apart from the row above
   */
  public record Row(List<String> label, List<Cell> cells, boolean startsBlock) {

    public Row {
      label = List.copyOf(label);
      cells = List.copyOf(cells);
    }
  }

  public LabelledGrid {
    title = List.copyOf(title);
    rows = List.copyOf(rows);
    Checks.argument(
        !rows.isEmpty() && !rows.get(0).cells().isEmpty() && scale >= 1,
        "grid",
        "at least one image and a scale of at least 1",
        rows.size() + " rows, scale " + scale);
  }

  /**
   * Draws the grid.
   *
   * @return a new image, {@link BufferedImage#TYPE_INT_RGB}
   */
  public BufferedImage draw() {
    int labels = rows.stream().mapToInt(LabelledGrid::labelWidth).max().orElse(0);
    int columns = rows.stream().mapToInt(row -> row.cells().size()).max().orElse(0);
    int titles = title.stream().mapToInt(line -> PixelFont.width(line, TEXT_SCALE)).max().orElse(0);
    int width =
        Math.max(titles, labels + MARGIN + columns * (cellWidth() + GAP) - GAP) + 2 * MARGIN;
    int head = MARGIN + title.size() * PixelFont.LINE * TEXT_SCALE;
    int height = head + MARGIN;
    for (Row row : rows) {
      height += cellHeight() + GAP + (row.startsBlock() ? BLOCK_GAP : 0);
    }
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    try {
      graphics.setColor(PAPER);
      graphics.fillRect(0, 0, width, height);
      drawLines(graphics, title, MARGIN, MARGIN);
      drawRows(graphics, head, MARGIN + labels + MARGIN);
    } finally {
      graphics.dispose();
    }
    return picture;
  }

  private void drawRows(Graphics2D graphics, int head, int left) {
    int top = head;
    for (Row row : rows) {
      top += row.startsBlock() ? BLOCK_GAP : 0;
      int textHeight = row.label().size() * PixelFont.LINE * TEXT_SCALE;
      drawLines(graphics, row.label(), MARGIN, top + Math.max(0, (cellHeight() - textHeight) / 2));
      for (int i = 0; i < row.cells().size(); i++) {
        drawCell(graphics, row.cells().get(i), left + i * (cellWidth() + GAP), top);
      }
      top += cellHeight() + GAP;
    }
  }

  private void drawCell(Graphics2D graphics, Cell content, int left, int top) {
    graphics.setColor(content.alarm() ? ALARM : EDGE);
    graphics.fillRect(left, top, cellWidth(), cellHeight());
    int width = cellWidth() - 2 * FRAME;
    int height = cellHeight() - 2 * FRAME;
    graphics.drawImage(content.image(), left + FRAME, top + FRAME, width, height, null);
  }

  private int cellWidth() {
    return rows.get(0).cells().get(0).image().getWidth() * scale + 2 * FRAME;
  }

  private int cellHeight() {
    return rows.get(0).cells().get(0).image().getHeight() * scale + 2 * FRAME;
  }

  private static void drawLines(Graphics2D graphics, List<String> lines, int left, int top) {
    for (int i = 0; i < lines.size(); i++) {
      PixelFont.draw(
          graphics, lines.get(i), left, top + i * PixelFont.LINE * TEXT_SCALE, TEXT_SCALE, INK);
    }
  }

  private static int labelWidth(Row row) {
    return row.label().stream().mapToInt(line -> PixelFont.width(line, TEXT_SCALE)).max().orElse(0);
  }
}
