package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxImagesTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);
  private static final int IMAGES = 4;

  @TempDir private Path folder;
  private Path images;
  private Path labels;

  @BeforeEach
  void write() throws IOException {
    images = Files.write(folder.resolve("a-images-idx3-ubyte"), imageBytes());
    labels =
        Files.write(
            folder.resolve("a-labels-idx1-ubyte"), DataFiles.idx(0x801, "\1\0\7\3", IMAGES));
  }

  @Test
  void readsAPlainFileFromDisk() {
    try (IdxImages dataset = IdxImages.open(images, SHAPE)) {
      assertContent(dataset);
      assertEquals(images + "[3]", dataset.name(3));
    }
  }

  @Test
  void readsAGzippedFileAlike() throws IOException {
    Path zipped =
        Files.write(folder.resolve("b-images-idx3-ubyte.gz"), DataFiles.gzip(imageBytes()));
    Files.write(
        folder.resolve("b-labels-idx1-ubyte.gz"), DataFiles.gzip(Files.readAllBytes(labels)));
    try (IdxImages dataset = IdxImages.open(zipped, SHAPE)) {
      assertContent(dataset);
    }
    Files.copy(labels, folder.resolve("c-labels-idx1-ubyte"));
    Path mixed = Files.copy(zipped, folder.resolve("c-images-idx3-ubyte.gz"));
    try (IdxImages dataset = IdxImages.open(mixed, SHAPE)) {
      assertContent(dataset);
    }
  }

  @Test
  void labelsAreOptional() throws IOException {
    Files.delete(labels);
    try (IdxImages dataset = IdxImages.open(images, SHAPE)) {
      assertEquals(OptionalInt.empty(), dataset.label(0));
      assertThrows(IndexOutOfBoundsException.class, () -> dataset.label(IMAGES));
    }
  }

  @Test
  void repeatsGreyOverThreeChannels() {
    try (IdxImages dataset = IdxImages.open(images, new ImageShape(3, 2, 3))) {
      float[] image = new float[18];
      dataset.read(1, image, 0);
      for (int channel = 0; channel < 3; channel++) {
        assertArrayEquals(
            pixels(1), Arrays.copyOfRange(image, channel * 6, channel * 6 + 6), 1e-6f);
      }
    }
  }

  @Test
  void cropsTheMiddleAndScales() {
    // 2x3 to 1x1: the middle square of 2x2 pixels, averaged; its columns are 0.5 off the middle.
    try (IdxImages dataset = IdxImages.open(images, new ImageShape(1, 1, 1))) {
      float[] image = new float[1];
      dataset.read(0, image, 0);
      float[] all = pixels(0);
      assertTrue(
          image[0] >= all[0] && image[0] <= all[5], image[0] + " in " + Arrays.toString(all));
    }
  }

  @Test
  void refusesBadIndicesAndShortTargets() {
    try (IdxImages dataset = IdxImages.open(images, SHAPE)) {
      float[] image = new float[6];
      assertThrows(IndexOutOfBoundsException.class, () -> dataset.read(IMAGES, image, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> dataset.read(-1, image, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> dataset.read(0, image, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> dataset.name(IMAGES));
    }
  }

  @Test
  void aWrongMagicNumberIsNamed() throws IOException {
    assertFault("0x00000d03", DataFiles.idx(0x0D03, "", 1, 1, 1));
    assertFault("0x00000803, found 0x00000801", Files.readAllBytes(labels));
    assertFault("magic number", "\211PNG and so on".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aTruncatedOrTooLongFileIsNamed() throws IOException {
    byte[] whole = imageBytes();
    for (int length : new int[] {0, 3, 4, 15, 16, whole.length - 1}) {
      assertFault("truncated", Arrays.copyOf(whole, length));
    }
    assertFault("too long", Arrays.copyOf(whole, whole.length + 1));
    assertFault("absurd", DataFiles.idx(0x803, "", Integer.MAX_VALUE, Integer.MAX_VALUE, 9));
    assertFault("at least 1", DataFiles.idx(0x803, "", 0, 28, 28));
    assertFault("at least 1", DataFiles.idx(0x803, "", -5, 28, 28));
  }

  @Test
  void aTruncatedGzipFileIsNamed() throws IOException {
    byte[] zipped = DataFiles.gzip(imageBytes());
    assertFault("bad-images", Arrays.copyOf(zipped, zipped.length - 12));
    assertFault("truncated", DataFiles.gzip(Arrays.copyOf(imageBytes(), 20)));
  }

  @Test
  void labelsMustMatchTheImages() throws IOException {
    Files.write(labels, DataFiles.idx(0x801, "\1\2\3", 3));
    String message = message(images);
    assertTrue(message.contains("4 images and 3 labels"), message);
    assertThrows(DataException.class, () -> IdxImages.open(images, images, SHAPE));
  }

  @Test
  void aMissingFileIsNamed() {
    assertTrue(message(folder.resolve("no-idx3")).contains("no-idx3"));
  }

  @Test
  void aClosedDataSetSaysSo() {
    IdxImages dataset = IdxImages.open(images, SHAPE);
    dataset.close();
    dataset.close();
    assertThrows(DataException.class, () -> dataset.read(0, new float[6], 0));
  }

  private void assertFault(String expected, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("bad-images-idx3-ubyte"), content);
    String message = message(file);
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(file.toString()), message);
  }

  private static String message(Path file) {
    return assertThrows(DataException.class, () -> IdxImages.open(file, SHAPE)).getMessage();
  }

  private static void assertContent(ImageDataset dataset) throws DataException {
    assertEquals(IMAGES, dataset.size());
    assertEquals(SHAPE, dataset.shape());
    assertEquals(OptionalInt.of(7), dataset.label(2));
    float[] image = new float[8];
    for (int i = 0; i < IMAGES; i++) {
      DataFiles.read(dataset, i, image, 1);
      assertArrayEquals(pixels(i), Arrays.copyOfRange(image, 1, 7));
    }
  }

  /** Pixel p of image i is the byte 60 i + 10 p + 7. */
  private static byte[] imageBytes() {
    StringBuilder pixels = new StringBuilder();
    for (int i = 0; i < IMAGES; i++) {
      for (int p = 0; p < 6; p++) {
        pixels.append((char) (60 * i + 10 * p + 7 & 0xFF));
      }
    }
    return DataFiles.idx(0x803, pixels.toString(), IMAGES, 2, 3);
  }

  private static float[] pixels(int index) {
    float[] pixels = new float[6];
    for (int p = 0; p < 6; p++) {
      pixels[p] = (float) ((60 * index + 10 * p + 7 & 0xFF) / 127.5 - 1);
    }
    return pixels;
  }
}
