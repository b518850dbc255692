package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchLoaderTest {

  private static final MemorizationCode CODE = new MemorizationCode(new byte[] {1, 2, 3}, 5);

  @Test
  void everyEpochIsADifferentPermutation() {
    List<Integer> draws = draws(new FakeImages(10), BatchSettings.of(4, 1), 0, 10);
    List<Integer> all = IntStream.range(0, 10).boxed().toList();
    List<List<Integer>> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < 4; epoch++) {
      List<Integer> order = draws.subList(epoch * 10, (epoch + 1) * 10);
      assertEquals(all, order.stream().sorted().toList());
      assertFalse(epochs.contains(order));
      epochs.add(order);
    }
  }

  @Test
  void batchesLargerThanTheSetSpanEpochs() {
    List<Integer> draws = draws(new FakeImages(3), BatchSettings.of(7, 1), 0, 3);
    for (int epoch = 0; epoch < 7; epoch++) {
      assertEquals(
          List.of(0, 1, 2), draws.subList(epoch * 3, epoch * 3 + 3).stream().sorted().toList());
    }
  }

  @Test
  void permutationsAreUniform() {
    int[] counts = new int[6];
    for (int seed = 0; seed < 6000; seed++) {
      DrawOrder order = new DrawOrder(3, seed);
      counts[order.index(0, 0) * 2 + (order.index(1, 0) > order.index(2, 0) ? 1 : 0)]++;
    }
    // Six standard deviations of a binomial count; seeds are fixed, so this does not flicker.
    for (int count : counts) {
      assertTrue(Math.abs(count - 1000) < 175, Arrays.toString(counts));
    }
  }

  @Test
  void sameSeedSameStreamWhateverTheThreads() {
    BatchSettings plain = BatchSettings.of(4, 9).withHorizontalFlips(true).withCode(CODE);
    List<Batch> expected = batches(new FakeImages(11), plain, 0, 20);
    assertSameBatches(expected, batches(new FakeImages(11), plain.withPrefetch(4, 9), 0, 20));
    List<Integer> otherSeed = draws(new FakeImages(11), BatchSettings.of(4, 10), 0, 20);
    assertNotEquals(draws(new FakeImages(11), plain, 0, 20), otherSeed);
  }

  @Test
  void resumesExactly() {
    BatchSettings settings = BatchSettings.of(4, 9).withHorizontalFlips(true).withCode(CODE);
    FakeImages images = new FakeImages(11).breaking(3, 4, 8);
    List<Batch> whole = batches(images, settings, 0, 20);
    assertSameBatches(whole.subList(13, 20), batches(images, settings, 13, 7));
    long far = 1L << 40;
    assertEquals(far, batches(images, settings, far, 1).get(0).number());
  }

  @Test
  void deliversPixelsLabelsAndCodes() {
    for (Batch batch : batches(new FakeImages(11), BatchSettings.of(4, 2).withCode(CODE), 0, 5)) {
      assertEquals(4, batch.size());
      assertEquals(5, batch.bits());
      assertEquals(FakeImages.SHAPE, batch.shape());
      for (int slot = 0; slot < 4; slot++) {
        int index = batch.indices()[slot];
        assertEquals(index % 3, batch.labels()[slot]);
        assertArrayEquals(image(index), Arrays.copyOfRange(batch.images(), slot * 6, slot * 6 + 6));
        assertArrayEquals(
            CODE.of(image(index)), Arrays.copyOfRange(batch.codes(), slot * 5, slot * 5 + 5));
      }
    }
  }

  @Test
  void flipsHalfOfTheDrawsAndNeverTheCode() {
    BatchSettings settings = BatchSettings.of(10, 2).withCode(CODE).withHorizontalFlips(true);
    int flipped = 0;
    for (Batch batch : batches(new FakeImages(11), settings, 0, 100)) {
      for (int slot = 0; slot < 10; slot++) {
        float[] straight = image(batch.indices()[slot]);
        float[] mirrored = {
          straight[2], straight[1], straight[0], straight[5], straight[4], straight[3]
        };
        float[] found = Arrays.copyOfRange(batch.images(), slot * 6, slot * 6 + 6);
        boolean isFlipped = Arrays.equals(mirrored, found);
        assertTrue(isFlipped || Arrays.equals(straight, found));
        flipped += isFlipped ? 1 : 0;
        assertArrayEquals(
            CODE.of(straight), Arrays.copyOfRange(batch.codes(), slot * 5, slot * 5 + 5));
      }
    }
    assertTrue(flipped > 420 && flipped < 580, flipped + " of 1000");
  }

  @Test
  void brokenImagesAreReportedOnceAndReplaced() {
    List<String> reports = new ArrayList<>();
    BrokenImages broken =
        new BrokenImages(
            fault -> {
              synchronized (reports) {
                reports.add(fault.getMessage());
              }
            });
    FakeImages images = new FakeImages(6).breaking(1, 4);
    try (BatchLoader loader =
        new BatchLoader(images, BatchSettings.of(6, 1).withPrefetch(3, 6), broken, 0)) {
      for (int i = 0; i < 50; i++) {
        for (int index : loader.next().indices()) {
          assertTrue(index != 1 && index != 4);
        }
      }
      assertEquals(2, loader.broken().count());
    }
    assertEquals(
        List.of("fake/1.png: is broken", "fake/4.png: is broken"),
        reports.stream().sorted().toList());
  }

  @Test
  void failsWhereEveryImageIsBroken() {
    FakeImages images = new FakeImages(2).breaking(0, 1);
    try (BatchLoader loader = loader(images, BatchSettings.of(4, 1), 0)) {
      String message = assertThrows(DataException.class, loader::next).getMessage();
      assertTrue(message.startsWith("all 2 images are broken"), message);
      assertThrows(DataException.class, loader::next);
    }
  }

  @Test
  void faultsOfTheBackgroundReachTheCaller() {
    DataException gone = new DataException("images.bin: cannot be read");
    FakeImages failing = new FakeImages(3).failingWith(gone);
    try (BatchLoader loader = loader(failing, BatchSettings.of(2, 1), 0)) {
      DataException thrown = assertThrows(DataException.class, loader::next);
      assertEquals(gone.getMessage(), thrown.getMessage());
      assertEquals(gone, thrown.getCause());
      assertThrows(DataException.class, loader::next);
    }
    FakeImages faulty = new FakeImages(3).failingWith(new ArithmeticException("a bug"));
    try (BatchLoader loader = loader(faulty, BatchSettings.of(2, 1), 0)) {
      IllegalStateException thrown = assertThrows(IllegalStateException.class, loader::next);
      assertTrue(thrown.getCause() instanceof ArithmeticException);
    }
  }

  @Test
  void readsAheadButNotWithoutBound() throws InterruptedException {
    FakeImages images = new FakeImages(50);
    try (BatchLoader loader = loader(images, BatchSettings.of(5, 1).withPrefetch(2, 3), 0)) {
      while (images.reads.get() < 15) {
        Thread.sleep(1);
      }
      Thread.sleep(50);
      assertEquals(15, images.reads.get());
      loader.next();
      while (images.reads.get() < 20) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void closeStopsReadingAndFailsLaterCalls() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    FakeImages images = new FakeImages(50).heldBy(gate);
    BatchLoader loader = loader(images, BatchSettings.of(5, 1).withPrefetch(1, 8), 0);
    Thread opener =
        new Thread(
            () -> {
              while (images.reads.get() == 0) {
                Thread.onSpinWait();
              }
              gate.countDown();
            });
    opener.start();
    loader.close();
    int reads = images.reads.get();
    assertThrows(IllegalStateException.class, loader::next);
    loader.close();
    Thread.sleep(20);
    assertEquals(reads, images.reads.get());
  }

  @Test
  void anInterruptLosesNoBatch() {
    CountDownLatch gate = new CountDownLatch(1);
    FakeImages images = new FakeImages(10).heldBy(gate);
    try (BatchLoader loader = loader(images, BatchSettings.of(5, 1), 0)) {
      Thread.currentThread().interrupt();
      assertThrows(IllegalStateException.class, loader::next);
      assertTrue(Thread.interrupted());
      gate.countDown();
      assertEquals(0, loader.next().number());
    }
  }

  @Test
  void refusesBadSettings() {
    BatchSettings good = BatchSettings.of(1, 1);
    assertThrows(IllegalArgumentException.class, () -> BatchSettings.of(0, 1));
    assertThrows(IllegalArgumentException.class, () -> good.withPrefetch(0, 1));
    assertThrows(IllegalArgumentException.class, () -> good.withPrefetch(1, 0));
    FakeImages images = new FakeImages(1);
    BrokenImages broken = new BrokenImages(fault -> {});
    assertThrows(IllegalArgumentException.class, () -> new BatchLoader(images, good, broken, -1));
    BatchSettings huge = BatchSettings.of(Integer.MAX_VALUE, 1);
    assertThrows(IllegalArgumentException.class, () -> new BatchLoader(images, huge, broken, 0));
    assertThrows(IllegalArgumentException.class, () -> new ImageShape(0, 1, 1));
  }

  @Test
  void costsFarLessThanAMillisecondForImagesInMemory() {
    BrokenImages broken = new BrokenImages(fault -> {});
    ImageDataset images = InMemoryImages.load(BundledFashionMnist.trainingImages(400), broken);
    BatchSettings settings =
        BatchSettings.of(32, 1).withHorizontalFlips(true).withCode(new MemorizationCode(KEY, 64));
    try (BatchLoader loader = new BatchLoader(images, settings, broken, 0)) {
      // The best of several rounds: other processes share the machine.
      double millis = Double.MAX_VALUE;
      for (int round = 0; round < 50 && millis >= 1; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < 200; i++) {
          loader.next();
        }
        millis = Math.min(millis, (System.nanoTime() - start) / (200 * 1e6));
      }
      assertTrue(millis < 1, millis + " ms per batch");
    }
  }

  private static final byte[] KEY = new byte[16];

  private static BatchLoader loader(ImageDataset images, BatchSettings settings, long first) {
    return new BatchLoader(images, settings, new BrokenImages(fault -> {}), first);
  }

  private static List<Batch> batches(
      ImageDataset images, BatchSettings settings, long first, int count) {
    List<Batch> batches = new ArrayList<>();
    try (BatchLoader loader = loader(images, settings, first)) {
      for (int i = 0; i < count; i++) {
        batches.add(loader.next());
        assertEquals(first + i, batches.get(i).number());
      }
    }
    return batches;
  }

  private static List<Integer> draws(
      ImageDataset images, BatchSettings settings, long first, int count) {
    return batches(images, settings, first, count).stream()
        .flatMap(batch -> Arrays.stream(batch.indices()).boxed())
        .toList();
  }

  private static void assertSameBatches(List<Batch> expected, List<Batch> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).number(), found.get(i).number());
      assertArrayEquals(expected.get(i).images(), found.get(i).images());
      assertArrayEquals(expected.get(i).indices(), found.get(i).indices());
      assertArrayEquals(expected.get(i).labels(), found.get(i).labels());
      assertArrayEquals(expected.get(i).codes(), found.get(i).codes());
    }
  }

  private static float[] image(int index) {
    float[] image = new float[6];
    for (int p = 0; p < 6; p++) {
      image[p] = FakeImages.pixel(index, p);
    }
    return image;
  }
}
