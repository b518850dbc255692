package io.github.cpsample.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void writesWhatItReads(int channels, @TempDir Path folder) throws IOException {
    ImageShape shape = new ImageShape(channels, 5, 7);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 256) / 127.5f - 1;
    }
    Path file = folder.resolve("new").resolve("image.png");
    FloatImage image = FloatImage.copyOf(shape, values, 0);
    PngWriter.write(image.toBufferedImage(), file);
    assertArrayEquals(values, ImageDecoder.read(file, shape), 1e-6f);
    assertArrayEquals(values, FloatImage.of(ImageIO.read(file.toFile()), channels).values(), 1e-6f);
    assertEquals(values[5 * 7 * (channels - 1) + 2 * 7 + 3], image.value(channels - 1, 2, 3));
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count(), "no temporary file may be left");
    }
  }

  @Test
  void clipsOnlyForDisplay() {
    float[] values = {-3, 1.01f, 0.5f};
    FloatImage image = FloatImage.copyOf(new ImageShape(1, 1, 3), values, 0);
    assertArrayEquals(values, image.values());
    int[] levels = image.toBufferedImage().getRaster().getPixels(0, 0, 3, 1, (int[]) null);
    assertArrayEquals(new int[] {0, 255, 191}, levels);
  }

  @Test
  void valuesAreCopies() {
    float[] values = {0.25f};
    FloatImage image = FloatImage.copyOf(new ImageShape(1, 1, 1), values, 0);
    values[0] = 1;
    image.values()[0] = 1;
    assertEquals(0.25f, image.value(0, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> FloatImage.copyOf(new ImageShape(1, 1, 1), values, 1));
  }

  @Test
  void laysOutASheet() {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(1, 0, 0, 128);
    BufferedImage color = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    color.setRGB(0, 0, 0x102030);
    BufferedImage sheet = new ContactSheet(2, 1, 2).render(List.of(grey, color, grey));
    assertEquals(11, sheet.getWidth());
    assertEquals(7, sheet.getHeight());
    assertEquals(0xFFFFFFFF, sheet.getRGB(0, 0));
    assertEquals(0xFF000000, sheet.getRGB(1, 1));
    assertEquals(0xFF808080, sheet.getRGB(4, 2));
    assertEquals(0xFF102030, sheet.getRGB(7, 2));
    assertEquals(0xFF808080, sheet.getRGB(3, 5));
    assertEquals(0xFFFFFFFF, sheet.getRGB(7, 5));
    assertThrows(IllegalArgumentException.class, () -> new ContactSheet(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ContactSheet(2, 1, 1).render(List.of()));
  }
}
