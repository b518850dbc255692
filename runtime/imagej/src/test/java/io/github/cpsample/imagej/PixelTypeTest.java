package io.github.cpsample.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageConverter;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import org.junit.jupiter.api.Test;

class PixelTypeTest {
  private static final ImageShape GREY = new ImageShape(1, 1, 3);
  private static final ImageShape COLOUR = new ImageShape(3, 1, 1);

  @Test
  void greyPixelsCountFromBlackToWhite() {
    ImageProcessor bytes = new ByteProcessor(3, 1, new byte[] {0, 51, (byte) 255});
    assertArrayEquals(
        new float[] {-1, -0.6f, 1}, PixelType.GREY_8.read(bytes, GREY).values(), 1e-6f);
    ImageProcessor shorts = new ShortProcessor(3, 1, new short[] {0, 13107, (short) 65535}, null);
    assertArrayEquals(
        new float[] {-1, -0.6f, 1}, PixelType.GREY_16.read(shorts, GREY).values(), 1e-6f);
  }

  @Test
  void theDisplayRangeChangesNothing() {
    ShortProcessor shorts = new ShortProcessor(3, 1, new short[] {0, 1000, 4095}, null);
    float[] before = PixelType.GREY_16.read(shorts, GREY).values();
    shorts.setMinAndMax(0, 4095);
    assertArrayEquals(before, PixelType.GREY_16.read(shorts, GREY).values());
    assertEquals(2.0 * 4095 / 65535 - 1, before[2], 1e-6);
    ByteProcessor bytes = new ByteProcessor(3, 1, new byte[] {0, 10, 20});
    before = PixelType.GREY_8.read(bytes, GREY).values();
    bytes.setMinAndMax(0, 20);
    assertArrayEquals(before, PixelType.GREY_8.read(bytes, GREY).values());
  }

  @Test
  void anInvertingTableMakesZeroWhite() {
    ByteProcessor bytes = new ByteProcessor(3, 1, new byte[] {0, 51, (byte) 255});
    bytes.invertLut();
    assertArrayEquals(
        new float[] {1, 0.6f, -1}, PixelType.GREY_8.read(bytes, GREY).values(), 1e-6f);
  }

  @Test
  void coloursAreThoseThatAreSeen() {
    ColorProcessor rgb = new ColorProcessor(1, 1, new int[] {0xFF0033});
    assertArrayEquals(new float[] {1, -1, -0.6f}, PixelType.RGB.read(rgb, COLOUR).values(), 1e-6f);
    ImagePlus image = new ImagePlus("palette", rgb);
    new ImageConverter(image).convertRGBtoIndexedColor(256);
    assertEquals(ImagePlus.COLOR_256, image.getType());
    assertEquals(PixelType.RGB, PixelType.of(image));
    assertArrayEquals(
        new float[] {1, -1, -0.6f},
        PixelType.RGB.read(image.getProcessor(), COLOUR).values(),
        0.02f);
  }

  @Test
  void coloursThatOnlyTheDisplayGivesDoNotCount() {
    byte[] ramp = new byte[256];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) i;
    }
    ByteProcessor green = new ByteProcessor(3, 1, new byte[] {0, 51, (byte) 255});
    green.setLut(new LUT(new byte[256], ramp, new byte[256]));
    assertEquals(PixelType.GREY_8, PixelType.of(new ImagePlus("green", green)));
    assertArrayEquals(
        new float[] {-1, -0.6f, 1}, PixelType.GREY_8.read(green, GREY).values(), 1e-6f);
  }

  @Test
  void whatIsReadIsWrittenAsItWas() {
    short[] pixels = {0, 1, 255, 4095, (short) 32768, (short) 65534, (short) 65535};
    ImageShape shape = new ImageShape(1, 1, pixels.length);
    ShortProcessor shorts = new ShortProcessor(pixels.length, 1, pixels, null);
    FloatImage image = PixelType.GREY_16.read(shorts, shape);
    assertArrayEquals(pixels, (short[]) PixelType.GREY_16.processor(image).getPixels());
    ColorProcessor rgb = new ColorProcessor(2, 1, new int[] {0xFF123456, 0xFF00FE80});
    FloatImage colours = PixelType.RGB.read(rgb, new ImageShape(3, 1, 2));
    assertArrayEquals(new int[] {0x123456, 0x00FE80}, rgb(PixelType.RGB.processor(colours)));
  }

  private static int[] rgb(ImageProcessor processor) {
    int[] pixels = ((int[]) processor.getPixels()).clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] &= 0xFFFFFF;
    }
    return pixels;
  }

  @Test
  void modelsOfColourMakeColour() {
    assertEquals(PixelType.RGB, PixelType.GREY_16.of(COLOUR));
    assertEquals(PixelType.GREY_16, PixelType.GREY_16.of(GREY));
    assertEquals(PixelType.GREY_8, PixelType.RGB.of(GREY));
  }

  @Test
  void otherPixelsAreRefused() {
    ImagePlus image = new ImagePlus("distances", new FloatProcessor(3, 1));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> PixelType.of(image));
    assertTrue(
        e.getMessage().startsWith("distances: expected 8-bit, 16-bit or RGB pixels, found 32-bit"));
  }
}
