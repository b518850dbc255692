package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Images of 2x3 pixels that tell their index, some of them broken, with counters for the tests. */
final class FakeImages implements ImageDataset {

  static final ImageShape SHAPE = new ImageShape(1, 2, 3);

  final AtomicInteger reads = new AtomicInteger();
  private final int size;
  private final Set<Integer> broken = ConcurrentHashMap.newKeySet();
  private volatile RuntimeException fault;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  FakeImages(int size) {
    this.size = size;
  }

  FakeImages breaking(int... indices) {
    for (int index : indices) {
      broken.add(index);
    }
    return this;
  }

  FakeImages failingWith(RuntimeException newFault) {
    fault = newFault;
    return this;
  }

  FakeImages heldBy(CountDownLatch newGate) {
    gate = newGate;
    return this;
  }

  /** Pixel p of image i: distinct for all images up to 40. */
  static float pixel(int index, int p) {
    return (index * 6 + p) / 127.5f - 1;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public String name(int index) {
    return "fake/" + Objects.checkIndex(index, size) + ".png";
  }

  @Override
  public void read(int index, float[] target, int offset) throws BrokenImageException {
    reads.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a reader was interrupted", e);
    }
    if (fault != null) {
      throw fault;
    }
    if (broken.contains(index)) {
      throw new BrokenImageException(name(index), "is broken", null);
    }
    for (int p = 0; p < SHAPE.size(); p++) {
      target[offset + p] = pixel(index, p);
    }
  }

  @Override
  public OptionalInt label(int index) {
    return OptionalInt.of(index % 3);
  }
}
