package io.github.cpsample.evaluation.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFileTest {

  private static final float[] FIRST = {1, -2.5f, Float.MIN_VALUE};
  private static final float[] SECOND = {3, 4, 5};

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("made").resolve("rows.f32");
    try (RowFile rows = RowFile.open(file, 3)) {
      rows.append(FIRST, SECOND);
      rows.append();
    }
  }

  /** Read here byte by byte. */
  @Test
  void rowsAreLittleEndianFloats() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(24, bytes.remaining());
    float[] values = new float[6];
    bytes.asFloatBuffer().get(values);
    assertArrayEquals(new float[] {1, -2.5f, Float.MIN_VALUE, 3, 4, 5}, values);
  }

  @Test
  void rowsComeBackAndMoreFollow() throws IOException {
    try (RowFile rows = RowFile.open(file, 3)) {
      assertEquals(2, rows.size());
      float[] target = new float[5];
      rows.read(1, target, 1);
      assertArrayEquals(new float[] {0, 3, 4, 5, 0}, target);
      rows.append(new float[] {6, 7, 8});
      assertArrayEquals(new float[][] {SECOND, {6, 7, 8}}, rows.rows(1, 3));
    }
  }

  @Test
  void aTornRowDoesNotCountAndIsWrittenOver() throws IOException {
    Files.write(file, new byte[] {1, 2, 3, 4, 5}, StandardOpenOption.APPEND);
    try (RowFile rows = RowFile.open(file, 3)) {
      assertEquals(2, rows.size());
      rows.append(new float[] {9, 9, 9});
      assertArrayEquals(new float[] {9, 9, 9}, rows.rows(2, 3)[0]);
    }
    assertEquals(36, Files.size(file));
  }

  @Test
  void rowsCanBeCutOff() throws IOException {
    try (RowFile rows = RowFile.open(file, 3)) {
      rows.keep(1);
      assertEquals(1, rows.size());
      assertThrows(IndexOutOfBoundsException.class, () -> rows.read(1, new float[3], 0));
      assertThrows(IllegalArgumentException.class, () -> rows.keep(2));
    }
    assertEquals(12, Files.size(file));
  }

  @Test
  void rowsOfAnotherLengthAreRefused() throws IOException {
    try (RowFile rows = RowFile.open(file, 3)) {
      assertThrows(IllegalArgumentException.class, () -> rows.append(new float[2]));
      assertEquals(2, rows.size());
    }
    assertThrows(IllegalArgumentException.class, () -> RowFile.open(file, 0));
  }

  @Test
  void aFullDiskIsSaid() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "a device that is always full");
    try (RowFile rows = RowFile.open(full, 3)) {
      IOException failure = assertThrows(IOException.class, () -> rows.append(FIRST));
      assertTrue(failure.getMessage().contains("make room on that disk"), failure.getMessage());
      assertEquals(0, rows.size());
    }
  }

  @Test
  void tooLittleRoomIsSaidBeforehand() throws IOException {
    DiskSpace.require(folder, 1);
    IOException failure =
        assertThrows(IOException.class, () -> DiskSpace.require(folder, Long.MAX_VALUE));
    assertTrue(failure.getMessage().contains("MB free"), failure.getMessage());
  }
}
