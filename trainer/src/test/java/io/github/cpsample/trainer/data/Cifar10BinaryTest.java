package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10BinaryTest {

  private static final ImageShape SHAPE = Cifar10Binary.STORED_SHAPE;

  @TempDir private Path folder;

  @Test
  void readsSeveralFilesAsOne() throws IOException {
    Path one = write("x.bin", DataFiles.cifarRecord(4, 0), DataFiles.cifarRecord(9, 50));
    Path two = write("y.bin", DataFiles.cifarRecord(0, 100));
    try (Cifar10Binary dataset = Cifar10Binary.open(List.of(one, two), SHAPE)) {
      assertEquals(3, dataset.size());
      int[] values = {0, 50, 100};
      int[] labels = {4, 9, 0};
      for (int i = 0; i < 3; i++) {
        assertEquals(OptionalInt.of(labels[i]), dataset.label(i));
        assertArrayEquals(expected(values[i]), DataFiles.read(dataset, i));
      }
      assertEquals(one + "[1]", dataset.name(1));
      assertEquals(two + "[0]", dataset.name(2));
      assertThrows(IndexOutOfBoundsException.class, () -> dataset.name(3));
      assertThrows(IndexOutOfBoundsException.class, () -> dataset.label(-1));
    }
  }

  @Test
  void aPublishedFolderGivesItsTrainingFiles() throws IOException {
    write("data_batch_2.bin", DataFiles.cifarRecord(2, 0));
    write("data_batch_1.bin", DataFiles.cifarRecord(1, 0));
    write("test_batch.bin", DataFiles.cifarRecord(3, 0));
    Files.writeString(folder.resolve("batches.meta.txt"), "airplane");
    try (ImageDataset dataset = ImageDatasets.open(folder, SHAPE)) {
      assertEquals(2, dataset.size());
      assertEquals(OptionalInt.of(1), dataset.label(0));
      assertEquals(OptionalInt.of(2), dataset.label(1));
    }
  }

  @Test
  void anyOtherFolderGivesAllItsFiles() throws IOException {
    write("b.bin", DataFiles.cifarRecord(2, 0));
    write("a.bin", DataFiles.cifarRecord(1, 0));
    try (Cifar10Binary dataset = Cifar10Binary.open(folder, SHAPE)) {
      assertEquals(OptionalInt.of(1), dataset.label(0));
      assertEquals(2, dataset.size());
    }
  }

  @Test
  void gzippedFilesReadAlike() throws IOException {
    Path file = write("x.bin.gz", DataFiles.gzip(DataFiles.cifarRecord(4, 7)));
    try (ImageDataset dataset = ImageDatasets.open(file, SHAPE)) {
      assertArrayEquals(expected(7), DataFiles.read(dataset, 0));
    }
  }

  @Test
  void makesGrey() throws IOException {
    byte[] record = new byte[3073];
    Arrays.fill(record, 1, 3073, (byte) 200);
    Path file = write("grey.bin", record);
    try (Cifar10Binary dataset = Cifar10Binary.open(file, new ImageShape(1, 16, 16))) {
      for (float value : DataFiles.read(dataset, 0)) {
        assertEquals(200 / 127.5 - 1, value, 1.01 / 127.5);
      }
    }
  }

  @Test
  void faultsAreNamed() throws IOException {
    byte[] record = DataFiles.cifarRecord(1, 0);
    assertFault("found 3072 bytes", write("short.bin", Arrays.copyOf(record, 3072)));
    assertFault("found 3074 bytes", write("long.bin", Arrays.copyOf(record, 3074)));
    assertFault("found 0 bytes", write("empty.bin"));
    assertFault("found 77 in record 1", write("label.bin", record, DataFiles.cifarRecord(77, 0)));
    assertFault("nothing.bin", folder.resolve("nothing.bin"));
    assertFault("*.bin", Files.createDirectory(folder.resolve("void")));
    assertThrows(IllegalArgumentException.class, () -> Cifar10Binary.open(List.<Path>of(), SHAPE));
  }

  private void assertFault(String expected, Path path) {
    String message =
        assertThrows(DataException.class, () -> Cifar10Binary.open(path, SHAPE)).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(path.toString()), message);
  }

  private Path write(String name, byte[]... records) throws IOException {
    return Files.write(folder.resolve(name), DataFiles.join(records));
  }

  private static float[] expected(int value) {
    float[] image = new float[3072];
    for (int p = 0; p < 3072; p++) {
      image[p] = (float) ((3 * p + value & 0xFF) / 127.5 - 1);
    }
    return image;
  }
}
