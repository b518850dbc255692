package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageShape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of many formats, read through a folder, hold four quadrants: red, blue, white, black. */
class ImageFormatsTest {

  private static final ImageShape RGB = new ImageShape(3, 2, 2);
  private static final ImageShape GREY = new ImageShape(1, 2, 2);
  private static final float[] QUADRANTS = {1, -1, 1, -1, -1, -1, 1, -1, -1, 1, 1, -1};

  /** Lossless WebP, 8x8 pixels, written by cwebp. */
  private static final String WEBP =
      "UklGRjIAAABXRUJQVlA4TCUAAAAvB8ABAB8w//MvICj4P7r5DwouoKBtG6YkS7Ik3wYiov8hfuMDAA==";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"png,1e-3", "bmp,1e-3", "tiff,1e-3", "gif,1e-3", "jpg,0.05"})
  void readsTheQuadrants(String format, float tolerance) throws IOException {
    write(format, quadrants(BufferedImage.TYPE_INT_RGB, 64));
    assertArrayEquals(QUADRANTS, readQuadrants(16), tolerance);
  }

  @Test
  void readsWebp() throws IOException {
    Files.write(folder.resolve("image.webp"), Base64.getDecoder().decode(WEBP));
    assertArrayEquals(QUADRANTS, readQuadrants(8), 1e-3f);
  }

  @Test
  void takesNoNoticeOfAMisleadingSuffix() throws IOException {
    write("png", quadrants(BufferedImage.TYPE_INT_RGB, 64));
    Files.move(folder.resolve("image.png"), folder.resolve("image.jpg"));
    assertArrayEquals(QUADRANTS, readQuadrants(16), 1e-3f);
  }

  @Test
  void readsCmykJpeg() throws IOException {
    // Adobe stores 255 - ink: full cyan on the left, no ink on the right.
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 32, 32, 4, null);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        raster.setPixel(x, y, new int[] {x < 16 ? 0 : 255, 255, 255, 255});
      }
    }
    Path file = writeRaster(raster);
    byte[] jpeg = Files.readAllBytes(file);
    byte[] adobe = HexFormat.of().parseHex("ffee000e41646f626500640000000000");
    Files.write(
        file,
        DataFiles.join(Arrays.copyOf(jpeg, 2), adobe, Arrays.copyOfRange(jpeg, 2, jpeg.length)));
    float[] expected = {-1, 1, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    assertArrayEquals(expected, readQuadrants(16), 0.02f);
  }

  @Test
  void sixteenBitGreyKeepsItsValues() throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
    int[] samples = {0, 20000, 40001, 65535};
    image.getRaster().setPixels(0, 0, 2, 2, samples);
    write("png", image);
    float[] found = read(GREY);
    for (int i = 0; i < 4; i++) {
      assertEquals(samples[i] / 32767.5 - 1, found[i], 1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tiff"})
  void greyKeepsItsValuesInGreyAndRgb(String format) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    int[] samples = {0, 100, 128, 255};
    image.getRaster().setPixels(0, 0, 2, 2, samples);
    write(format, image);
    float[] grey = read(GREY);
    float[] rgb = read(RGB);
    for (int i = 0; i < 12; i++) {
      assertEquals(samples[i % 4] / 127.5 - 1, rgb[i], 1e-6);
      assertEquals(rgb[i % 4], grey[i % 4], 1e-6);
    }
  }

  @Test
  void transparentPartsAreWhite() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00FF0000);
    image.setRGB(1, 0, 0x800000FF);
    write("png", image);
    float[] found = read(new ImageShape(3, 1, 2));
    float half = 1 - 2 * 128 / 255f;
    assertArrayEquals(new float[] {1, half, 1, half, 1, 1}, found, 0.01f);
  }

  @Test
  void greyWithAlphaLiesOverWhite() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setPixel(0, 0, new int[] {100, 255});
    raster.setPixel(1, 0, new int[] {100, 0});
    write("png", new BufferedImage(model, raster, false, null));
    float[] found = read(new ImageShape(1, 1, 2));
    assertArrayEquals(new float[] {(float) (100 / 127.5 - 1), 1}, found, 1e-5f);
  }

  @Test
  void colourBecomesItsLuma() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xFF8000);
    write("png", image);
    double luma = 0.299 * 255 + 0.587 * 128;
    assertEquals(luma / 127.5 - 1, read(new ImageShape(1, 1, 1))[0], 1e-5);
  }

  @Test
  void cutsTheMiddleOutOfAWideOrTallImage() throws IOException {
    BufferedImage wide = new BufferedImage(60, 20, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = wide.createGraphics();
    graphics.setColor(Color.GREEN);
    graphics.fillRect(20, 0, 20, 20);
    graphics.dispose();
    write("png", wide);
    float[] found = read(new ImageShape(3, 10, 10));
    for (int i = 1; i < 9; i++) {
      assertEquals(1, found[100 + 55 + i - 5], 1e-5, "green inside");
    }
    BufferedImage tall = new BufferedImage(10, 30, BufferedImage.TYPE_INT_RGB);
    tall.setRGB(4, 15, 0xFFFFFF);
    write("png", tall);
    float[] same = read(new ImageShape(3, 10, 10));
    assertEquals(1, same[5 * 10 + 4], 1e-5, "scale 1 moves nothing");
    assertEquals(-1, same[5 * 10 + 5], 1e-5);
  }

  /** The middle of every quadrant of the image, where the resizing filter sees one colour only. */
  private float[] readQuadrants(int side) {
    float[] image = read(new ImageShape(3, side, side));
    float[] result = new float[12];
    for (int i = 0; i < 12; i++) {
      int y = side / 4 + (i / 2 % 2) * side / 2;
      int x = side / 4 + (i % 2) * side / 2;
      result[i] = image[(i / 4 * side + y) * side + x];
    }
    return result;
  }

  private static BufferedImage quadrants(int type, int side) {
    BufferedImage image = new BufferedImage(side, side, type);
    Graphics2D graphics = image.createGraphics();
    Color[] colours = {Color.RED, Color.BLUE, Color.WHITE, Color.BLACK};
    for (int i = 0; i < 4; i++) {
      graphics.setColor(colours[i]);
      graphics.fillRect(i % 2 * side / 2, i / 2 * side / 2, side / 2, side / 2);
    }
    graphics.dispose();
    return image;
  }

  private void write(String format, BufferedImage image) throws IOException {
    assertTrue(ImageIO.write(image, format, folder.resolve("image." + format).toFile()), format);
  }

  private Path writeRaster(Raster raster) throws IOException {
    Path file = folder.resolve("image.jpg");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), null);
    } finally {
      writer.dispose();
    }
    return file;
  }

  private float[] read(ImageShape shape) {
    ImageFolder dataset = ImageFolder.open(folder, shape);
    assertEquals(1, dataset.size());
    return DataFiles.read(dataset, 0);
  }
}
