package io.github.cpsample.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class MaskTest {
  @Test
  void whiteIsFilledFromHalfOfItsBrightnessOn() {
    BufferedImage image = new BufferedImage(4, 2, BufferedImage.TYPE_INT_ARGB);
    int[] pixels = {0xFF000000, 0xFF7F7F7F, 0xFF808080, 0xFFFFFFFF};
    for (int x = 0; x < 4; x++) {
      image.setRGB(x, 0, pixels[x]);
      image.setRGB(x, 1, 0xFF0000FF);
    }
    image.setRGB(3, 1, 0x00000000);
    Mask mask = Mask.of(image);
    assertEquals(2, mask.height());
    assertEquals(4, mask.width());
    boolean[][] expected = {{false, false, true, true}, {false, false, false, true}};
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 4; x++) {
        assertEquals(expected[y][x], mask.fills(y, x), y + ", " + x);
      }
    }
    assertEquals(3, mask.filledPixels());
  }

  @Test
  void refusesMasksThatFillNothing() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Mask.of(new BufferedImage(3, 3, BufferedImage.TYPE_BYTE_GRAY)));
    assertTrue(e.getMessage().startsWith("mask: expected white pixels"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Mask.of(0, 3, (y, x) -> true));
  }

  @Test
  void aCoarserMaskFillsCellsOfWhichAnyPixelIsFilled() {
    Mask coarse = Mask.of(4, 6, (y, x) -> (y == 1 && x == 2) || (y == 3 && x > 3)).coarser(2, 3);
    boolean[][] expected = {{false, true, false}, {false, false, true}};
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        assertEquals(expected[y][x], coarse.fills(y, x), y + ", " + x);
      }
    }
    Mask mask = Mask.of(4, 6, (y, x) -> true);
    assertThrows(IllegalArgumentException.class, () -> mask.coarser(3, 3));
    assertThrows(IllegalArgumentException.class, () -> mask.coarser(0, 3));
  }
}
