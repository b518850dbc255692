package io.github.cpsample.service.engine;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.sampling.BatchCounts;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.RunningBatch;
import io.github.cpsample.sampling.RunningRequest;
import io.github.cpsample.sampling.SampleRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * The thread that computes a model's images. Requests are accepted in any thread and join the
 * running batch at the next call of the denoiser; those that are cancelled, abandoned or out of
 * time leave it there. Owns the sampler.
 */
final class ModelEngine {
  private static final double SECONDS_AT_FIRST = 1;
  private static final double NEWS = 0.2;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final int LONGEST_WAIT_SECONDS = 3600;

  private final ProtectedSampler sampler;
  private final EngineSettings settings;
  private final EngineMeters meters;
  private final RunningBatch batch;
  private final Thread thread;
  private final ExecutorService decoder;
  private final Object lock = new Object();
  private final Queue<Work> waiting = new ArrayDeque<>();
  private int accepted;
  private boolean draining;
  private boolean abandoned;

  /** How long an image takes when it shares calls, measured. */
  private volatile double secondsPerImage = SECONDS_AT_FIRST;

  private long nanosSinceLast;

  ModelEngine(String name, ProtectedSampler sampler, EngineSettings settings, EngineMeters meters) {
    this.sampler = sampler;
    this.settings = settings;
    this.meters = meters;
    this.batch = sampler.batch(settings.places());
    this.decoder = Executors.newSingleThreadExecutor(task -> daemon(task, name + "-decoder"));
    this.thread = daemon(this::work, name);
    thread.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, "cpsample-" + name);
    thread.setDaemon(true);
    return thread;
  }

  Manifest manifest() {
    return sampler.manifest();
  }

  /**
   * Accepts a request.
   *
   * @throws IllegalArgumentException if the model cannot do what is asked
   * @throws BusyException if too many images wait
   * @throws StoppedException if it takes no more requests
   */
  Work submit(SampleRequest request, Duration limit, BooleanSupplier isAbandoned) {
    reserve(request.count());
    Work work;
    try {
      work = new Work(batch.prepare(request), limit, isAbandoned, decoder);
    } catch (RuntimeException e) {
      release(request.count());
      throw e;
    }
    work.whenOver(() -> release(request.count()));
    synchronized (lock) {
      waiting.add(work);
      lock.notifyAll();
    }
    return work;
  }

  private void reserve(int images) {
    synchronized (lock) {
      if (draining) {
        throw new StoppedException();
      }
      if (accepted + images > settings.mostImages()) {
        double seconds = Math.min(LONGEST_WAIT_SECONDS, accepted * secondsPerImage);
        throw new BusyException(
            accepted, settings.mostImages(), images, Math.max(1, (int) Math.ceil(seconds)));
      }
      accepted += images;
      meters.accepted().addAndGet(images);
    }
  }

  private void release(int images) {
    synchronized (lock) {
      accepted -= images;
      meters.accepted().addAndGet(-images);
      lock.notifyAll();
    }
  }

  /** Takes no more requests; ends when those accepted are done. Returns at once. */
  void drain() {
    synchronized (lock) {
      draining = true;
      lock.notifyAll();
    }
  }

  /** Ends what is under way at the next call. Returns at once. */
  void abandon() {
    synchronized (lock) {
      draining = true;
      abandoned = true;
      lock.notifyAll();
    }
  }

  /**
   * Waits for the end after {@link #drain} or {@link #abandon}.
   *
   * @return whether it came in time
   */
  boolean await(Duration time) throws InterruptedException {
    thread.join(Math.max(1, time.toMillis()));
    return !thread.isAlive();
  }

  private void work() {
    Map<RunningRequest, Work> under = new LinkedHashMap<>();
    try (sampler) {
      while (admit(under)) {
        letGo(under);
        if (!batch.isEmpty()) {
          step(under);
        }
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      drain();
      fail(under, e);
      if (e instanceof Error error) {
        throw error;
      }
    } finally {
      decoder.shutdown();
    }
  }

  /** Lets join what waits; waits itself where nothing is under way. Returns false at the end. */
  private boolean admit(Map<RunningRequest, Work> under) throws InterruptedException {
    List<Work> joining = new ArrayList<>();
    synchronized (lock) {
      while (waiting.isEmpty() && under.isEmpty()) {
        if (draining && accepted == 0) {
          return false;
        }
        lock.wait();
      }
      if (under.isEmpty()) {
        linger();
      }
      joining.addAll(waiting);
      waiting.clear();
      if (abandoned) {
        joining.forEach(work -> work.fail(new StoppedException()));
        under.values().forEach(work -> work.fail(new StoppedException()));
      }
    }
    for (Work work : joining) {
      under.put(work.running(), work);
      batch.join(work.running());
    }
    return true;
  }

  private void linger() throws InterruptedException {
    long end = System.nanoTime() + settings.linger().toNanos();
    long left = settings.linger().toNanos();
    while (left > 0 && !draining && accepted < settings.places()) {
      lock.wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
      left = end - System.nanoTime();
    }
  }

  private void letGo(Map<RunningRequest, Work> under) {
    long now = System.nanoTime();
    under
        .values()
        .removeIf(
            work -> {
              boolean over = work.isOver(now);
              if (over) {
                batch.leave(work.running());
                meters.leftUnfinished(work.images());
              }
              return over;
            });
  }

  private void step(Map<RunningRequest, Work> under) {
    BatchCounts before = batch.counts();
    long start = System.nanoTime();
    List<RunningRequest> done = batch.step();
    meters.called(before, batch.counts());
    int images = done.stream().mapToInt(running -> running.settings().images().count()).sum();
    learn(System.nanoTime() - start, images);
    for (RunningRequest running : done) {
      Work work = Checks.entry(under, running);
      under.remove(running);
      meters.finished(work.images(), work.age());
      work.finish();
    }
  }

  private void learn(long nanos, int images) {
    nanosSinceLast += nanos;
    if (images > 0) {
      double mean = nanosSinceLast / NANOS_PER_SECOND / images;
      secondsPerImage = (1 - NEWS) * secondsPerImage + NEWS * mean;
      nanosSinceLast = 0;
    }
  }

  private void fail(Map<RunningRequest, Work> under, Throwable reason) {
    synchronized (lock) {
      waiting.forEach(work -> work.fail(reason));
      waiting.clear();
    }
    under.values().forEach(work -> work.fail(reason));
    under.clear();
  }
}
