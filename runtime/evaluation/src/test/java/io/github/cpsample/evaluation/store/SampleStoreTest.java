package io.github.cpsample.evaluation.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.comparators.SampleCost;
import io.github.cpsample.evaluation.comparators.Trajectory;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleStoreTest {

  private static final ImageShape SHAPE = new ImageShape(1, 1, 2);
  private static final SeedRange SEEDS = new SeedRange(10, 5, 2);

  @TempDir private Path folder;

  private SampleStore open() throws IOException {
    return SampleStore.open(folder, "some", SHAPE, SEEDS);
  }

  /** Odd seeds deliver nothing. */
  private static AuditSample sample(long seed) {
    float[] pixels = {seed, -seed};
    return new AuditSample(
        seed,
        seed % 2 == 1 ? Optional.empty() : Optional.of(FloatImage.copyOf(SHAPE, pixels, 0)),
        new Trajectory(50, (int) (seed - 10), 2, 1, seed == 12),
        new SampleCost(50, 20, 3, 0.1));
  }

  private static List<StoredSample> all(SampleStore store) throws IOException {
    List<StoredSample> all = new ArrayList<>();
    try (LineReader<StoredSample> reader = store.reader()) {
      for (Optional<StoredSample> next = reader.next(); next.isPresent(); next = reader.next()) {
        all.add(next.get());
      }
    }
    return all;
  }

  private void writeFour() throws IOException {
    try (SampleStore store = open()) {
      store.append(List.of(sample(10), sample(11)));
      store.append(List.of(sample(12), sample(13)));
    }
  }

  @Test
  void samplesComeBack() throws IOException {
    writeFour();
    try (SampleStore store = open()) {
      assertEquals(4, store.size());
      assertEquals(
          List.of(0, StoredSample.NONE, 1, StoredSample.NONE),
          all(store).stream().map(StoredSample::image).toList());
      assertEquals(new SampleCost(50, 20, 3, 0.1), all(store).get(3).cost());
      assertEquals(2, store.images().size());
      assertTrue(store.image(14).isEmpty());
      assertArrayEquals(new float[] {12, -12}, store.image(12).orElseThrow().values());
      assertEquals(List.of(10L, 11L), store.batch(10).stream().map(StoredSample::seed).toList());
      assertEquals(List.of(12L, 13L), store.batch(12).stream().map(StoredSample::seed).toList());
      assertThrows(IllegalArgumentException.class, () -> store.batch(11));
      assertThrows(IllegalArgumentException.class, () -> store.batch(14));
      store.append(List.of(sample(14)));
      assertEquals(List.of(14L), store.batch(14).stream().map(StoredSample::seed).toList());
      assertEquals(4, store.batch(14).get(0).trajectory().guardedSteps());
      assertTrue(store.image(11).isEmpty());
      assertTrue(store.image(15).isEmpty());
      assertTrue(store.image(9).isEmpty());
    }
  }

  /** The last batch of all may be shorter than the others; it is whole. */
  @Test
  void theLastBatchStays() throws IOException {
    writeFour();
    try (SampleStore store = open()) {
      store.append(List.of(sample(14)));
    }
    try (SampleStore store = open()) {
      assertEquals(5, store.size());
      assertThrows(IllegalArgumentException.class, () -> store.append(List.of(sample(15))));
    }
  }

  /** However far the files are cut off, whole batches are left, and both files agree. */
  @Test
  void anInterruptionAnywhereLeavesWholeBatches() throws IOException {
    writeFour();
    Path lines = folder.resolve("some.jsonl");
    byte[] text = Files.readAllBytes(lines);
    byte[] pixels = Files.readAllBytes(folder.resolve("some.f32"));
    int firstBatch = new String(text, StandardCharsets.UTF_8).indexOf("\"seed\":12");
    for (int length = 0; length <= text.length; length++) {
      Files.write(folder.resolve("some.f32"), pixels);
      Files.write(lines, text);
      truncate(lines, length);
      try (SampleStore store = open()) {
        int expected = length == text.length ? 4 : length >= firstBatch - 1 ? 2 : 0;
        assertEquals(expected, store.size(), "cut at " + length);
        assertEquals(expected / 2, store.images().size(), "cut at " + length);
      }
    }
  }

  @Test
  void linesWithoutTheirPixelsDoNotCount() throws IOException {
    writeFour();
    truncate(folder.resolve("some.f32"), 9);
    try (SampleStore store = open()) {
      assertEquals(2, store.size());
      store.append(List.of(sample(12), sample(13)));
      assertArrayEquals(new float[] {12, -12}, store.image(12).orElseThrow().values());
    }
  }

  @Test
  void seedsInAnotherOrderAreRefused() throws IOException {
    try (SampleStore store = open()) {
      assertThrows(IllegalArgumentException.class, () -> store.append(List.of(sample(11))));
    }
    try (SampleStore store = open()) {
      assertEquals(0, store.size());
    }
  }

  private static void truncate(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }
}
