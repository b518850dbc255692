package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link SeparateSteps}, shared out among the cores: where there is a row for every core, each
 * takes some rows through the whole step, in runs of one thread. Operators of small networks end
 * before a second thread is of use to them, and what is computed in Java is shared out as well. A
 * few rows, other devices and large networks have all threads within each operator. Owns its
 * buffers; belongs to one thread, which computes its own share and waits for the others.
 */
final class CoreSteps implements StepPlan.Runner {

  private static final ExecutorService HELPERS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "cpsample-rows");
            thread.setDaemon(true);
            return thread;
          });

  private final Networks networks;
  private final Manifest manifest;
  private final ImageShape shape;
  private final int rows;
  private final int predictions;
  private final List<SeparateSteps> shares = new ArrayList<>();
  private @Nullable SeparateSteps together;

  /**
   * @param rows the most images at once
   * @param predictions how many predictions an image needs, at most
   */
  CoreSteps(Networks networks, Manifest manifest, ImageShape shape, int rows, int predictions) {
    this.networks = networks;
    this.manifest = manifest;
    this.shape = shape;
    this.rows = rows;
    this.predictions = predictions;
  }

  @Override
  public void advance(List<Row> all) {
    each(all, SeparateSteps::advance);
  }

  /**
   * As {@link SeparateSteps#predict}.
   *
   * @param queries at least one, each at its noise level
   * @throws NonFiniteException if a number is not finite
   */
  void predict(List<Query> queries) {
    each(queries, SeparateSteps::predict);
  }

  /**
   * As {@link SeparateSteps#predictByFallback}.
   *
   * @param queries at least one, each at its noise level
   * @throws NonFiniteException if a number is not finite
   */
  void predictByFallback(List<Query> queries) {
    each(queries, SeparateSteps::predictByFallback);
  }

  /**
   * As {@link SeparateSteps#check}.
   *
   * @param finished at least one, each {@link Query#atTheEnd}
   * @throws NonFiniteException if a logit is not finite
   */
  void check(List<Query> finished) {
    each(finished, SeparateSteps::check);
  }

  private <T> void each(List<T> all, BiConsumer<SeparateSteps, List<T>> work) {
    int cores = networks.cores();
    if (cores == 1 || all.size() < cores) {
      work.accept(together(), all);
      return;
    }
    share(cores - 1); // all are there before the first one runs
    List<CompletableFuture<Void>> helped = new ArrayList<>();
    List<Integer> begins = new ArrayList<>();
    for (int core = 0; core < cores; core++) {
      int from = (int) ((long) all.size() * core / cores);
      List<T> share = all.subList(from, (int) ((long) all.size() * (core + 1) / cores));
      SeparateSteps steps = share(core);
      begins.add(from);
      if (core < cores - 1) {
        helped.add(CompletableFuture.runAsync(() -> work.accept(steps, share), HELPERS));
      } else {
        finish(() -> work.accept(steps, share), helped, begins);
      }
    }
  }

  /** Does the last share in this thread and waits for the others, whatever happens. */
  private static void finish(
      Runnable own, List<CompletableFuture<Void>> helped, List<Integer> begins) {
    @Nullable Throwable last = null;
    try {
      own.run();
    } catch (RuntimeException | Error e) {
      last = e;
    }
    List<@Nullable Throwable> failures = new ArrayList<>();
    for (CompletableFuture<Void> each : helped) {
      failures.add(failureOf(each));
    }
    failures.add(last);
    for (int i = 0; i < failures.size(); i++) {
      @Nullable Throwable failure = failures.get(i);
      if (failure instanceof NonFiniteException e) {
        throw e.of(begins.get(i) + e.row());
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }

  /** Waits, also if this thread is interrupted: its rows are being computed. */
  private static @Nullable Throwable failureOf(CompletableFuture<Void> helped) {
    try {
      helped.join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  private SeparateSteps share(int core) {
    while (shares.size() <= core) {
      int most = (rows + networks.cores() - 1) / networks.cores();
      shares.add(new SeparateSteps(networks.ofOneThread(), manifest, shape, most, predictions));
    }
    return shares.get(core);
  }

  private SeparateSteps together() {
    if (together == null) {
      int most = networks.cores() == 1 ? rows : Math.min(rows, networks.cores() - 1);
      together = new SeparateSteps(networks.ofAllThreads(), manifest, shape, most, predictions);
    }
    return together;
  }
}
