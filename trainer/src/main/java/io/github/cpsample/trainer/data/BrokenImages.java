package io.github.cpsample.trainer.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The broken images met so far: each is reported once, by its name, and counted. One instance may
 * serve a data set, its views and its copy in memory, whose indices differ but whose names agree.
 * Safe for use by several threads.
 */
public final class BrokenImages {

  private final Consumer<BrokenImageException> listener;
  private final Map<String, BrokenImageException> reports = new LinkedHashMap<>();

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
   * @param fault what is wrong with which image
   */
  public void report(BrokenImageException fault) {
    synchronized (this) {
      if (reports.putIfAbsent(fault.imageName(), fault) != null) {
        return;
      }
    }
    listener.accept(fault);
  }

  /**
   * Whether an image is known to be broken.
   *
   * @param name of the image in its data set
   * @return true if it was reported
   */
  public synchronized boolean contains(String name) {
    return reports.containsKey(name);
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
    return List.copyOf(reports.values());
  }

  /**
   * The fault of a data set of which every image is broken; at least one must have been reported.
   */
  synchronized DataException allBroken(ImageDataset dataset) {
    BrokenImageException first = reports.values().iterator().next();
    return new DataException(
        "all " + dataset.size() + " images are broken, the first: " + first.getMessage(), first);
  }
}
