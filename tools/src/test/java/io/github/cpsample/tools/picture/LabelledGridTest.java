package io.github.cpsample.tools.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.tools.picture.LabelledGrid.Cell;
import io.github.cpsample.tools.picture.LabelledGrid.Row;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelledGridTest {

  @Test
  void everyPrintableLetterHasItsOwnShape() {
    Set<String> shapes = new HashSet<>();
    for (char letter = ' '; letter <= '~'; letter++) {
      shapes.add(shape(String.valueOf(letter)));
    }
    assertEquals('~' - ' ' + 1, shapes.size());
    assertEquals(shape("?"), shape("\u00e9"));
  }

  @Test
  void capitalIIsASymmetricBarBetweenSerifs() {
    assertEquals(
        "....." + ".###." + "..#.." + "..#.." + "..#.." + "..#.." + "..#.." + ".###.",
        "....." + shape("I").substring(0, 35));
  }

  @Test
  void imagesKeepTheirColoursAndAlarmsAreFramed() {
    BufferedImage blue = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = blue.createGraphics();
    graphics.setColor(Color.BLUE);
    graphics.fillRect(0, 0, 2, 2);
    graphics.dispose();
    Row calm = new Row(List.of("calm"), List.of(new Cell(blue, false)), false);
    Row alarmed = new Row(List.of("alarmed"), List.of(new Cell(blue, true)), true);
    BufferedImage picture = new LabelledGrid(List.of("Title"), List.of(calm, alarmed), 8).draw();
    assertTrue(count(picture, Color.BLUE.getRGB()) == 2 * 16 * 16, "blue pixels");
    assertEquals(20 * 20 - 16 * 16, count(picture, 0xFFD02121), "pixels of the one red frame");
  }

  @Test
  void emptyGridsAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new LabelledGrid(List.of("t"), List.of(), 2));
  }

  private static long count(BufferedImage picture, int rgb) {
    long count = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        count += picture.getRGB(x, y) == rgb ? 1 : 0;
      }
    }
    return count;
  }

  private static String shape(String letter) {
    BufferedImage image = new BufferedImage(5, 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    PixelFont.draw(graphics, letter, 0, 0, 1, Color.WHITE);
    graphics.dispose();
    StringBuilder shape = new StringBuilder();
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 5; x++) {
        shape.append((image.getRGB(x, y) & 0xFFFFFF) == 0 ? '.' : '#');
      }
    }
    return shape.toString();
  }
}
