package io.github.cpsample.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final float EXACT = 1e-6f;

  @TempDir Path folder;

  @Test
  void greySamplesAreTakenAsTheyAreStored() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 128);
    image.getRaster().setSample(1, 0, 0, 3);
    float[] expected = {128 / 127.5f - 1, 3 / 127.5f - 1};
    assertArrayEquals(expected, read(image, "png", new ImageShape(1, 1, 2)), EXACT);
    assertArrayEquals(
        new float[] {expected[0], expected[1], expected[0], expected[1], expected[0], expected[1]},
        read(image, "png", new ImageShape(3, 1, 2)),
        EXACT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tiff"})
  void sixteenBitsKeepTheirPrecision(String format) throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 12_345);
    image.getRaster().setSample(1, 0, 0, 65_535);
    float[] expected = {2 * 12_345 / 65_535f - 1, 1};
    assertArrayEquals(expected, read(image, format, new ImageShape(1, 1, 2)), EXACT);
  }

  @Test
  void colourAndPaletteAndBilevel() throws IOException {
    for (int type :
        new int[] {
          BufferedImage.TYPE_INT_RGB,
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_4BYTE_ABGR,
          BufferedImage.TYPE_INT_ARGB
        }) {
      BufferedImage image = new BufferedImage(1, 1, type);
      image.setRGB(0, 0, 0xFF_20_80_C0);
      float[] expected = {0x20 / 127.5f - 1, 0x80 / 127.5f - 1, 0xC0 / 127.5f - 1};
      assertArrayEquals(expected, ImageDecoder.fit(image, new ImageShape(3, 1, 1)), EXACT);
      float luma = (0.299f * 0x20 + 0.587f * 0x80 + 0.114f * 0xC0) / 127.5f - 1;
      assertArrayEquals(
          new float[] {luma}, ImageDecoder.fit(image, new ImageShape(1, 1, 1)), EXACT);
    }
    BufferedImage bilevel = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bilevel.setRGB(0, 0, 0xFFFFFFFF);
    assertArrayEquals(new float[] {1, -1}, read(bilevel, "png", new ImageShape(1, 1, 2)), EXACT);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void alphaIsCompositedOverWhite(int type) {
    BufferedImage image = new BufferedImage(3, 1, type);
    image.setRGB(0, 0, 0x00_FF_00_00);
    image.setRGB(1, 0, 0x80_00_00_00);
    image.setRGB(2, 0, 0xFF_00_00_00);
    float half = 2 * (1 - 128 / 255f) - 1;
    assertArrayEquals(
        new float[] {1, half, -1}, ImageDecoder.fit(image, new ImageShape(1, 1, 3)), 1e-2f);
  }

  /**
   * A four-component JPEG without a marker is CMYK: no ink is white, all black ink is black, cyan
   * lacks red.
   */
  @Test
  void cmykJpegHasTheRightColours() throws IOException {
    float[] none = readCmyk(0, 0, 0, 0);
    float[] black = readCmyk(0, 0, 0, 255);
    float[] cyan = readCmyk(255, 0, 0, 0);
    for (int c = 0; c < 3; c++) {
      assertTrue(none[c] > 0.95f, Arrays.toString(none));
      assertTrue(black[c] < -0.6f, Arrays.toString(black));
    }
    assertTrue(cyan[0] < -0.3f && cyan[1] > 0 && cyan[2] > 0.4f, Arrays.toString(cyan));
  }

  /**
   * Exif 2.32, tag 274: which side of the scene the first stored row and the first stored column
   * are.
   */
  @ParameterizedTest
  @CsvSource({
    "1, top, left",
    "2, top, right",
    "3, bottom, right",
    "4, bottom, left",
    "5, left, top",
    "6, right, top",
    "7, right, bottom",
    "8, left, bottom"
  })
  void turnsJpegUpright(int orientation, String firstRow, String firstColumn) throws IOException {
    boolean transposed = firstRow.equals("left") || firstRow.equals("right");
    int height = 48;
    int width = 32;
    BufferedImage stored =
        new BufferedImage(
            transposed ? height : width, transposed ? width : height, BufferedImage.TYPE_BYTE_GRAY);
    for (int r = 0; r < stored.getHeight(); r++) {
      for (int c = 0; c < stored.getWidth(); c++) {
        int down = transposed ? c : r;
        int across = transposed ? r : c;
        boolean bottomFirst = firstRow.equals("bottom") || firstColumn.equals("bottom");
        boolean rightFirst = firstRow.equals("right") || firstColumn.equals("right");
        int y = bottomFirst ? height - 1 - down : down;
        int x = rightFirst ? width - 1 - across : across;
        stored.getRaster().setSample(c, r, 0, 4 * y + x);
      }
    }
    Path file = folder.resolve("o.jpg");
    Files.write(file, withExif(encode(stored, "jpg"), orientation));
    ImageShape shape = new ImageShape(1, height, width);
    float[] values = ImageDecoder.read(file, shape);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float expected = (4 * y + x) / 127.5f - 1;
        assertEquals(expected, values[y * width + x], 0.06f, "y " + y + " x " + x);
      }
    }
  }

  @Test
  void cropsTheCentreAndAverages() {
    BufferedImage image = new BufferedImage(12, 4, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 4, 4);
    graphics.fillRect(8, 0, 4, 4);
    graphics.setColor(new Color(100, 100, 100));
    graphics.fillRect(4, 0, 4, 4);
    graphics.dispose();
    float[] values = ImageDecoder.fit(image, new ImageShape(1, 2, 2));
    float grey = 100 / 127.5f - 1;
    assertArrayEquals(new float[] {grey, grey, grey, grey}, values, EXACT);
  }

  /** Fine stripes become even grey: a filter that skips pixels would give stripes again. */
  @Test
  void doesNotAlias() {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x += 2) {
        image.getRaster().setSample(x, y, 0, 255);
      }
    }
    for (float value : ImageDecoder.fit(image, new ImageShape(1, 8, 8))) {
      assertEquals(0, value, 0.05f);
    }
  }

  /** A linear ramp stays linear away from the border, whatever the scale. */
  @ParameterizedTest
  @ValueSource(ints = {25, 50, 93, 100, 160})
  void keepsRamps(int to) {
    BufferedImage image = new BufferedImage(100, 100, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < 100; y++) {
      for (int x = 0; x < 100; x++) {
        image.getRaster().setSample(x, y, 0, 1000 + 600 * x);
      }
    }
    float[] values = ImageDecoder.fit(image, new ImageShape(1, to, to));
    int border = to / 5;
    for (int x = border; x < to - border; x++) {
      double position = (x + 0.5) * 100 / to - 0.5;
      double expected = 2 * (1000 + 600 * position) / 65_535 - 1;
      assertEquals(expected, values[x + to * (to / 2)], 2e-4);
    }
  }

  @Test
  void refusesBrokenFilesByPath() throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    ImageShape shape = new ImageShape(3, 8, 8);
    for (int i = 0; i < 64; i++) {
      image.setRGB(i, i, 0x123456 * i);
    }
    for (String format : new String[] {"png", "jpg"}) {
      byte[] whole = encode(image, format);
      Path cut = folder.resolve("cut." + format);
      Files.write(cut, Arrays.copyOf(whole, whole.length * 2 / 3));
      assertNames(cut, shape);
    }
    Path text = folder.resolve("text.png");
    Files.writeString(text, "no image");
    assertNames(text, shape);
    assertNames(folder.resolve("missing.png"), shape);
  }

  private static void assertNames(Path file, ImageShape shape) {
    IOException e =
        assertThrows(IOException.class, () -> ImageDecoder.read(file, shape), file.toString());
    assertTrue(e.getMessage().contains(file.getFileName().toString()), e.toString());
  }

  private float[] readCmyk(int cyan, int magenta, int yellow, int black) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int i = 0; i < 256; i++) {
      raster.setPixel(
          i % 16, i / 16, new int[] {255 - cyan, 255 - magenta, 255 - yellow, 255 - black});
    }
    Path file = folder.resolve("cmyk.jpg");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = jdkJpegWriter();
    try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(output);
      writer.write(null, new IIOImage(raster, null, null), null);
    } finally {
      writer.dispose();
    }
    byte[] adobe = {
      (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };
    Files.write(file, withSegment(bytes.toByteArray(), adobe));
    return ImageDecoder.read(file, new ImageShape(3, 1, 1));
  }

  private static ImageWriter jdkJpegWriter() {
    var writers = ImageIO.getImageWritersByFormatName("jpeg");
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.")) {
        return writer;
      }
    }
    throw new AssertionError("the JDK has a JPEG writer");
  }

  private float[] read(BufferedImage image, String format, ImageShape shape) throws IOException {
    Path file = folder.resolve("image." + format);
    Files.write(file, encode(image, format));
    return ImageDecoder.read(file, shape);
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, bytes), format);
    return bytes.toByteArray();
  }

  /** Puts an APP1 segment with one Exif tag behind the start marker. */
  private static byte[] withExif(byte[] jpeg, int orientation) {
    byte[] exif = {
      (byte) 0xFF,
      (byte) 0xE1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      18,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0
    };
    return withSegment(jpeg, exif);
  }

  private static byte[] withSegment(byte[] jpeg, byte[] segment) {
    byte[] result = new byte[jpeg.length + segment.length];
    System.arraycopy(jpeg, 0, result, 0, 2);
    System.arraycopy(segment, 0, result, 2, segment.length);
    System.arraycopy(jpeg, 2, result, 2 + segment.length, jpeg.length - 2);
    return result;
  }
}
