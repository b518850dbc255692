package io.github.cpsample.trainer.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The broken images met so far in one data set: each is reported once, by name, and counted. Safe
 * for use by several threads.
 */
public final class BrokenImages {

  private final Consumer<BrokenImageException> listener;
  private final BitSet indices = new BitSet();
  private final List<BrokenImageException> reports = new ArrayList<>();

  /**
   * Starts without any.
   *
   * @param listener told of every broken image once, from whichever thread met it; its message
   *     names the image and says what is wrong
   */
  public BrokenImages(Consumer<BrokenImageException> listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /**
   * Records a broken image and tells the listener, unless this image was recorded before.
   *
   * @param index of the image in its data set
   * @param fault what is wrong with it
   */
  public void report(int index, BrokenImageException fault) {
    synchronized (this) {
      if (indices.get(index)) {
        return;
      }
      indices.set(index);
      reports.add(fault);
    }
    listener.accept(fault);
  }

  /**
   * Whether an image is known to be broken.
   *
   * @param index of the image in its data set
   * @return true if it was reported
   */
  public synchronized boolean contains(int index) {
    return indices.get(index);
  }

  /**
   * How many images are known to be broken.
   *
   * @return a count of different images
   */
  public synchronized int count() {
    return reports.size();
  }

  /**
   * The reports so far.
   *
   * @return a snapshot, in the order in which the images were met
   */
  public synchronized List<BrokenImageException> reports() {
    return List.copyOf(reports);
  }

  /**
   * The fault of a data set of which every image is broken; at least one must have been reported.
   */
  synchronized DataException allBroken() {
    BrokenImageException first = reports.get(0);
    return new DataException(
        "all " + reports.size() + " images are broken, the first: " + first.getMessage(), first);
  }
}
