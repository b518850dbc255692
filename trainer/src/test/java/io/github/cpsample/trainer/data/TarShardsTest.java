package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarShardsTest {

  private static final ImageShape SHAPE = new ImageShape(3, 6, 6);
  private static final String LONG = "a/".repeat(70);

  @TempDir private Path folder;

  private byte[] image(int seed, String format) throws IOException {
    BufferedImage image = new BufferedImage(9, 6, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < 54; i++) {
      image.setRGB(i % 9, i / 9, random.nextInt(1 << 24));
    }
    Path file = folder.resolve("image");
    ImageIO.write(image, format, file.toFile());
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  /** Names and contents in turn. */
  private Path shard(String name, Object... members) throws IOException {
    Path file = folder.resolve(name);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (int i = 0; i < members.length; i += 2) {
        byte[] content =
            members[i + 1] instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : (byte[]) members[i + 1];
        TarArchiveEntry entry = new TarArchiveEntry((String) members[i]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  @Test
  void imagesAndClassesComeInTheOrderOfTheShards() throws IOException, BrokenImageException {
    byte[][] images = {image(0, "png"), image(1, "jpg"), image(2, "png")};
    shard("b.tar", LONG + "2.png", images[2], LONG + "2.cls", "0");
    shard(
        "a.tar", "0.png", images[0], "0.cls", "7\n", "0.json", "{}", "1.cls", "3", "1.jpg",
        images[1]);
    Files.write(folder.resolve("notes.txt"), new byte[1]);
    try (ImageDataset shards = ImageDatasets.open(folder, SHAPE)) {
      assertEquals(TarShards.class, shards.getClass());
      assertEquals(3, shards.size());
      int[] labels = {7, 3, 0};
      for (int i = 0; i < 3; i++) {
        float[] target = new float[SHAPE.size() + 1];
        shards.read(i, target, 1);
        float[] expected = new float[SHAPE.size() + 1];
        System.arraycopy(
            ImageDecoder.read("image", images[i], SHAPE, 1000), 0, expected, 1, SHAPE.size());
        assertArrayEquals(expected, target);
        assertEquals(OptionalInt.of(labels[i]), shards.label(i));
      }
      assertEquals(folder.resolve("b.tar") + ", " + LONG + "2.png", shards.name(2));
    }
  }

  @Test
  void brokenImagesAreNamedAndOthersAreRead() throws IOException, BrokenImageException {
    Path file = shard("a.tar", "0.png", "none", "1.png", image(1, "png"));
    try (ImageDataset shards = ImageDatasets.open(file, SHAPE)) {
      float[] target = new float[SHAPE.size()];
      BrokenImageException broken =
          assertThrows(BrokenImageException.class, () -> shards.read(0, target, 0));
      assertEquals(file + ", 0.png", broken.imageName());
      shards.read(1, target, 0);
      assertEquals(OptionalInt.empty(), shards.label(1));
    }
  }

  @Test
  void faultsAreTold() throws IOException {
    assertFault(
        "found no file .cls", "0.png", image(0, "png"), "0.cls", "1", "1.png", image(1, "png"));
    assertFault(
        "expected the number of a class, found cat", "0.png", image(0, "png"), "0.cls", "cat");
    assertFault("expected images in", "0.txt", "text");
    Path file = shard("cut.tar", "0.png", image(0, "png"), "1.png", image(1, "png"));
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {100, 512, 700, 1024, 1300, 1536, 1700}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(DataException.class, () -> TarShards.open(file, SHAPE), length + " bytes");
    }
  }

  private void assertFault(String expected, Object... members) throws IOException {
    Path file = shard("faulty.tar", members);
    DataException fault = assertThrows(DataException.class, () -> TarShards.open(file, SHAPE));
    assertTrue(fault.getMessage().contains(expected), fault.getMessage());
  }
}
