package io.github.cpsample.trainer.data;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.ImageShape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An endless, shuffled, seeded stream of batches, read and decoded in background threads.
 *
 * <p>The stream has no state but the number of the next batch: every epoch is a permutation of the
 * data set that depends on the seed and the epoch, batches run on across epochs, and the flip of a
 * draw depends on the seed and the draw. A training run that stopped after step s resumes exactly
 * with a loader that starts at batch s, whatever the number of threads.
 *
 * <p>A broken image is reported once, counted, and replaced by the next readable image of the same
 * epoch. If no image is readable, {@link #next()} fails.
 *
 * <p>{@link #next()} may be called from any thread, one at a time. The loader does not own the data
 * set: close the loader first, then the data set.
 */
public final class BatchLoader implements AutoCloseable {

  private static final AtomicInteger LOADERS = new AtomicInteger();
  private static final long CLOSE_SECONDS = 60;

  private final BatchAssembler assembler;
  private final BrokenImages broken;
  private final ExecutorService workers;
  private final Deque<Future<Batch>> pending = new ArrayDeque<>();
  private long submitted;
  private volatile boolean closed;

  /**
   * Starts reading at once.
   *
   * @param dataset what to draw from; not owned
   * @param settings how to draw
   * @param broken where broken images are reported and counted
   * @param firstBatch the number of the first batch, 0 for a new run
   * @throws IllegalArgumentException if {@code firstBatch} is negative or a batch would not fit
   *     into one array
   */
  public BatchLoader(
      ImageDataset dataset, BatchSettings settings, BrokenImages broken, long firstBatch) {
    if (firstBatch < 0) {
      throw new IllegalArgumentException(
          "firstBatch: expected a number from 0, found " + firstBatch);
    }
    long values = (long) settings.batchSize() * dataset.shape().size();
    if (values > Integer.MAX_VALUE - Long.BYTES) {
      throw new IllegalArgumentException(
          "batchSize: a batch of " + settings.batchSize() + " such images exceeds one array");
    }
    this.broken = Objects.requireNonNull(broken, "broken");
    this.assembler = new BatchAssembler(dataset, settings, broken);
    this.submitted = firstBatch;
    int loader = LOADERS.incrementAndGet();
    AtomicInteger threads = new AtomicInteger();
    this.workers =
        Executors.newFixedThreadPool(
            settings.threads(),
            task -> {
              Thread thread = new Thread(task);
              thread.setName("batch-loader-" + loader + "-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < settings.ahead(); i++) {
      submitOne();
    }
  }

  /**
   * Waits for the next batch and moves on.
   *
   * @return a batch that belongs to the caller
   * @throws DataException if the data set cannot be read; every later call then fails alike
   * @throws IllegalStateException if the loader is closed
   * @throws InterruptedWait if the thread is interrupted while it waits
   */
  public synchronized Batch next() {
    requireOpen();
    Batch batch = await(pending.element());
    requireOpen();
    pending.remove();
    submitOne();
    return batch;
  }

  /**
   * The broken images met so far.
   *
   * @return what was handed to the constructor
   */
  public BrokenImages broken() {
    return broken;
  }

  /**
   * Stops reading ahead and waits until no background thread touches the data set any more. Threads
   * are never interrupted: an interrupt would close the file channels of the data set.
   */
  @Override
  public void close() {
    closed = true;
    workers.shutdown();
    synchronized (this) {
      pending.forEach(future -> future.cancel(false));
      pending.clear();
    }
    try {
      if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "a background thread is still reading an image after " + CLOSE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the batch loader is closed");
    }
  }

  private void submitOne() {
    long number = submitted++;
    pending.add(workers.submit(() -> assembler.assemble(number, () -> closed)));
  }

  /**
   * The thread was interrupted while it waited for a batch. Its interrupt status is kept, and the
   * batch is not lost.
   */
  public static final class InterruptedWait extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private InterruptedWait(InterruptedException cause) {
      super("interrupted while waiting for a batch", cause);
    }
  }

  private static Batch await(Future<Batch> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedWait(e);
    } catch (CancellationException e) {
      throw new IllegalStateException("the batch loader is closed", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  /** The fault of a background thread, thrown anew here so that both stack traces are kept. */
  private static RuntimeException failure(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof DataException
        ? new DataException(Checks.message(cause), cause)
        : new IllegalStateException("reading a batch failed: " + cause, cause);
  }

  /**
   * Makes any one batch of the stream: a pure function of the batch number as long as the files do
   * not change. Where a drawn image is broken, the next readable one of its epoch takes its place.
   */
  private static final class BatchAssembler {

    private final ImageDataset dataset;
    private final BatchSettings settings;
    private final BrokenImages broken;
    private final DrawOrder order;

    BatchAssembler(ImageDataset dataset, BatchSettings settings, BrokenImages broken) {
      this.dataset = dataset;
      this.settings = settings;
      this.broken = broken;
      this.order = new DrawOrder(dataset.size(), settings.seed());
    }

    /** The batch, or a partly filled one that nobody will see if {@code stopped} turns true. */
    Batch assemble(long number, BooleanSupplier stopped) {
      int size = settings.batchSize();
      Batch batch = new Batch(number, dataset.shape(), size, settings.bits());
      for (int slot = 0; slot < size && !stopped.getAsBoolean(); slot++) {
        fill(batch, slot, Math.addExact(Math.multiplyExact(number, size), slot));
      }
      return batch;
    }

    private void fill(Batch batch, int slot, long draw) {
      ImageShape shape = dataset.shape();
      int offset = slot * shape.size();
      int index = readDrawn(draw, batch.images(), offset);
      batch.indices()[slot] = index;
      batch.labels()[slot] = dataset.label(index).orElse(Batch.NO_LABEL);
      settings
          .code()
          .ifPresent(
              code ->
                  code.write(
                      batch.images(), offset, shape.size(), batch.codes(), slot * code.bits()));
      if (settings.horizontalFlips() && order.flipped(draw)) {
        mirror(batch.images(), offset, shape);
      }
    }

    private int readDrawn(long draw, float[] images, int offset) {
      for (int skip = 0; skip < dataset.size(); skip++) {
        int index = order.index(draw, skip);
        if (broken.count() > 0 && broken.contains(dataset.name(index))) {
          continue;
        }
        try {
          dataset.read(index, images, offset);
          return index;
        } catch (BrokenImageException e) {
          broken.report(e);
        }
      }
      throw broken.allBroken(dataset);
    }

    private static void mirror(float[] images, int offset, ImageShape shape) {
      int width = shape.width();
      int end = offset + shape.size();
      for (int row = offset; row < end; row += width) {
        for (int left = row, right = row + width - 1; left < right; left++, right--) {
          float kept = images[left];
          images[left] = images[right];
          images[right] = kept;
        }
      }
    }
  }
}
