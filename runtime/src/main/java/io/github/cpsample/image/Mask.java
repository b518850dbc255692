package io.github.cpsample.image;

import io.github.cpsample.base.Checks;
import java.awt.image.BufferedImage;
import java.util.BitSet;

/** Which pixels of an image are to be filled; the others are kept. Immutable and thread-safe. */
public final class Mask {
  private final int height;
  private final int width;
  private final BitSet filled;

  private Mask(int height, int width, BitSet filled) {
    this.height = height;
    this.width = width;
    this.filled = filled;
  }

  /** Decides about pixels. */
  @FunctionalInterface
  public interface Choice {
    /**
     * Whether a pixel is to be filled.
     *
     * @param y row from the top, from 0
     * @param x column from the left, from 0
     * @return false to keep it
     */
    boolean fills(int y, int x);
  }

  /**
   * A mask by rule.
   *
   * @param height rows, at least 1
   * @param width columns, at least 1
   * @param choice is asked once about every pixel
   * @return the mask
   * @throws IllegalArgumentException if no pixel is to be filled
   */
  public static Mask of(int height, int width, Choice choice) {
    Checks.argument(
        height >= 1 && width >= 1, "mask", "at least 1 x 1 pixels", height + " x " + width);
    BitSet filled = new BitSet(height * width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        filled.set(y * width + x, choice.fills(y, x));
      }
    }
    Checks.argument(!filled.isEmpty(), "mask", "white pixels, which are to be filled", "none");
    return new Mask(height, width, filled);
  }

  /**
   * A mask as a picture: white is to be filled, black is kept.
   *
   * @param image any image, not modified; pixels of at least half of white's brightness (Rec. 601
   *     luma of 127.5 of 255 or more, alpha composited over white) are to be filled
   * @return the mask, of the image's size
   * @throws IllegalArgumentException if no pixel is to be filled
   */
  public static Mask of(BufferedImage image) {
    FloatImage grey = FloatImage.of(image, 1);
    return of(image.getHeight(), image.getWidth(), (y, x) -> grey.value(0, y, x) >= 0);
  }

  /**
   * A coarser mask: a cell is to be filled if any of its pixels is.
   *
   * @param cellsDown rows of cells, which divide the height
   * @param cellsAcross columns of cells, which divide the width
   * @return a mask of that size
   * @throws IllegalArgumentException if they do not divide them
   */
  public Mask coarser(int cellsDown, int cellsAcross) {
    Checks.argument(
        cellsDown >= 1 && cellsAcross >= 1 && height % cellsDown + width % cellsAcross == 0,
        "mask",
        "a size that divides by " + cellsDown + " x " + cellsAcross,
        height + " x " + width);
    BitSet cells = new BitSet(cellsDown * cellsAcross);
    for (int pixel = filled.nextSetBit(0); pixel >= 0; pixel = filled.nextSetBit(pixel + 1)) {
      int row = pixel / width / (height / cellsDown);
      int column = pixel % width / (width / cellsAcross);
      cells.set(row * cellsAcross + column);
    }
    return new Mask(cellsDown, cellsAcross, cells);
  }

  /**
   * The height.
   *
   * @return rows
   */
  public int height() {
    return height;
  }

  /**
   * The width.
   *
   * @return columns
   */
  public int width() {
    return width;
  }

  /**
   * Whether a pixel is to be filled.
   *
   * @param y row from the top, from 0
   * @param x column from the left, from 0
   * @return false if it is kept
   */
  public boolean fills(int y, int x) {
    return filled.get(y * width + x);
  }

  /**
   * The number of pixels to be filled.
   *
   * @return at least 1
   */
  public int filledPixels() {
    return filled.cardinality();
  }
}
