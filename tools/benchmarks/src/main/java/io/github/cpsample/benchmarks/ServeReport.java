package io.github.cpsample.benchmarks;

import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.service.ImageService;
import io.github.cpsample.service.engine.EngineSettings;
import io.github.cpsample.service.settings.ServiceSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What it brings that requests join the running batch: clients on this machine that ask the service
 * for one image each, against one request at a time, fixed micro-batches, and the images of one
 * large request.
 */
public final class ServeReport {
  private static final int PLACES = 16;
  private static final int TOGETHER = 64;
  private static final double SECONDS = 30;
  private static final int[] CLIENTS = {1, 4, 16, 64};

  private final PrintStream out;
  private final Effort effort;
  private final ShippedModel model = new ShippedModel();
  private final HttpClient http = HttpClient.newHttpClient();

  private ServeReport(PrintStream out, Effort effort) {
    this.out = out;
    this.effort = effort;
  }

  /**
   * Prints the table.
   *
   * @param arguments the share of the usual time; none means 1
   * @throws IOException if a service cannot be started
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new ServeReport(System.out, Effort.of(arguments)).print();
  }

  private void print() throws IOException, InterruptedException {
    MarkdownTable table =
        new MarkdownTable(
            out,
            "Closed loop of clients that ask for one image each, batches of at most " + PLACES,
            "clients",
            "way",
            "images/s",
            "p50, ms",
            "p99, ms",
            "answers");
    double together;
    try (ProtectedSampler sampler = model.sampler()) {
      together = together(sampler);
      try (MicroBatches batches = new MicroBatches(sampler, PLACES)) {
        for (int clients : CLIENTS) {
          row(table, clients, "micro-batches, without HTTP", seed -> batches.ask());
        }
      }
    }
    serve(table, "one at a time", 1);
    serve(table, "joining", PLACES);
    out.printf("%nOne request for %d images: %.2f images/s%n", TOGETHER, together);
  }

  private void serve(MarkdownTable table, String way, int places)
      throws IOException, InterruptedException {
    EngineSettings engine = new EngineSettings(places, 1024, Duration.ZERO);
    ImageService service =
        ImageService.start(
            Map.of(ShippedModel.NAME, model::sampler),
            ServiceSettings.STANDARD.at("127.0.0.1", 0).with(engine));
    try {
      URI address = URI.create("http://127.0.0.1:" + service.port() + "/v1/images/generations");
      for (int clients : CLIENTS) {
        row(table, clients, way, seed -> ask(address, seed));
      }
    } finally {
      service.stop(Duration.ofMinutes(1));
    }
  }

  private void row(MarkdownTable table, int clients, String way, LoadGenerator.Client client) {
    LoadGenerator.run(clients, effort.seconds(SECONDS) / 4, client);
    LoadGenerator load = LoadGenerator.run(clients, effort.seconds(SECONDS), client);
    table.row(
        clients,
        way,
        MarkdownTable.number(load.throughput(), 2),
        MarkdownTable.millis(load.quantile(0.5)),
        MarkdownTable.millis(load.quantile(0.99)),
        load.latencies().size());
  }

  private void ask(URI address, long seed) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"prompt\": \"\", \"seed\": " + seed + "}"))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "expected an image, found status " + response.statusCode() + ": " + response.body());
    }
  }

  private static double together(ProtectedSampler sampler) {
    SampleRequest request = SampleRequest.of(TOGETHER).withBatchSize(PLACES);
    sampler.sample(SampleRequest.of(PLACES), Progress.none());
    return TOGETHER / sampler.sample(request, Progress.none()).totals().seconds();
  }

  /**
   * What a service does without rows that join: it takes what waits, at most a batch, and computes
   * it to its end before it looks again. Images are those of consecutive seeds, which cost the
   * same.
   */
  private static final class MicroBatches implements AutoCloseable {
    private final ProtectedSampler sampler;
    private final int places;
    private final BlockingQueue<CompletableFuture<Long>> waiting = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "micro-batches");

    MicroBatches(ProtectedSampler sampler, int places) {
      this.sampler = sampler;
      this.places = places;
      thread.setDaemon(true);
      thread.start();
    }

    /** Waits for an image. */
    void ask() throws InterruptedException {
      CompletableFuture<Long> done = new CompletableFuture<>();
      waiting.add(done);
      try {
        done.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }

    private void work() {
      try {
        for (long seed = 0; ; seed += places) {
          List<CompletableFuture<Long>> batch = new ArrayList<>(List.of(waiting.take()));
          waiting.drainTo(batch, places - 1);
          compute(batch, seed);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void compute(List<CompletableFuture<Long>> batch, long seed) {
      try {
        SampleRequest request = SampleRequest.of(batch.size()).withSeed(seed).withBatchSize(places);
        sampler.sample(request, Progress.none());
        batch.forEach(done -> done.complete(seed));
      } catch (RuntimeException e) {
        batch.forEach(done -> done.completeExceptionally(e));
      }
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  /**
   * A closed loop: clients that ask for an image, wait for it, and ask again, for a while.
   *
   * @param seconds how long it took, the last answers included
   * @param latencies seconds of each answer, in order of size
   */
  private record LoadGenerator(double seconds, List<Double> latencies) {
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
}
