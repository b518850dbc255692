package io.github.cpsample.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A closed loop: clients that ask for an image, wait for it, and ask again, for a while.
 *
 * @param seconds how long it took, the last answers included
 * @param latencies seconds of each answer, in order of size
 */
record LoadGenerator(double seconds, List<Double> latencies) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Asks for one image and returns when it is there. */
  @FunctionalInterface
  interface Client {
    /**
     * Asks.
     *
     * @param seed of the image
     */
    void ask(long seed) throws IOException, InterruptedException;
  }

  /** Runs clients that each ask for the given time and then wait for their last answer. */
  static LoadGenerator run(int clients, double seconds, Client client) {
    long start = System.nanoTime();
    long end = start + (long) (seconds * NANOS_PER_SECOND);
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Callable<List<Double>>> loops = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        long first = 1_000_000L * i;
        loops.add(() -> loop(first, end, client));
      }
      List<Double> latencies = new ArrayList<>();
      for (Future<List<Double>> loop : threads.invokeAll(loops)) {
        latencies.addAll(loop.get());
      }
      double took = (System.nanoTime() - start) / NANOS_PER_SECOND;
      return new LoadGenerator(took, latencies.stream().sorted().toList());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the load could not be run to its end", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Double> loop(long first, long end, Client client)
      throws IOException, InterruptedException {
    List<Double> latencies = new ArrayList<>();
    for (long seed = first; System.nanoTime() < end; seed++) {
      long asked = System.nanoTime();
      client.ask(seed);
      latencies.add((System.nanoTime() - asked) / NANOS_PER_SECOND);
    }
    return latencies;
  }

  /** Images per second. */
  double throughput() {
    return latencies.size() / seconds;
  }

  /** The latency that a share of the answers stays within. */
  double quantile(double share) {
    int index = (int) Math.ceil(share * latencies.size()) - 1;
    return latencies.get(Math.max(0, index));
  }
}
