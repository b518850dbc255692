package io.github.cpsample.service;

import static io.github.cpsample.service.TinyService.picture;
import static io.github.cpsample.service.TinyService.pixels;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.service.TinyService.Form;
import io.github.cpsample.service.settings.ServiceSettings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of requests of all kinds, a tenth of them bad or cut off, a model loaded anew. */
class SoakTest {
  private static final int REQUESTS = 5000;
  private static final int CLIENTS = 6;
  private static final int SEEDS = 8;
  private static final int MOST_STEPS = 6;
  private static final String GENERATIONS = "/v1/images/generations";
  private static final long HEAP_SLACK = 24L << 20;
  private static final long NATIVE_SLACK = 32L << 20;

  @TempDir private Path folder;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger images = new AtomicInteger();
  private final AtomicInteger bad = new AtomicInteger();
  private final List<Long> heaps = new ArrayList<>();
  private final List<Long> outsides = new ArrayList<>();

  /** What the library makes, by seed and steps. */
  private final int[][][] plain = new int[SEEDS + 4][MOST_STEPS + 1][];

  private final int[][][] ofClass = new int[SEEDS + 4][MOST_STEPS + 1][];
  private final int[][] varied = new int[SEEDS + 4][];

  /** Bytes in memory beside the heap; 0 where the operating system does not say. */
  private static long besideTheHeap() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .map(resident -> resident - Runtime.getRuntime().totalMemory())
        .findFirst()
        .orElseThrow();
  }

  private static byte[] given() {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 4, i / 4, 0, 15 * i);
    }
    return TinyService.png(image);
  }

  private void expect(TinyService service) throws IOException {
    FloatImage start =
        FloatImage.of(javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(given())), 1);
    try (ProtectedSampler alone = service.sampler(0);
        ProtectedSampler classes = service.sampler(3)) {
      for (int steps = 1; steps <= MOST_STEPS; steps++) {
        SampleRequest request = SampleRequest.of(SEEDS + 4).withSteps(steps);
        for (int seed = 0; seed < SEEDS + 4; seed++) {
          SampleRequest one = request.again(seed, seed);
          plain[seed][steps] = pixels(alone.sample(one, Progress.none()).image(0));
          ofClass[seed][steps] =
              pixels(classes.sample(one.withClassLabel(1), Progress.none()).image(0));
        }
      }
      for (int seed = 0; seed < SEEDS + 4; seed++) {
        SampleRequest one = SampleRequest.of(1).withSeed(seed).withStart(start, 0.5);
        varied[seed] = pixels(alone.sample(one, Progress.none()).image(0));
      }
    }
  }

  @Test
  void everyImageIsRight() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD)) {
      expect(service);
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      List<Future<?>> ends = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        ends.add(clients.submit(() -> ask(service)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
      clients.shutdown();
      assertTrue(images.get() > 5000, "images: " + images);
      assertTrue(bad.get() > 400, "bad requests: " + bad);
      assertEquals(
          List.of(), service.seen().stream().filter(it -> it.matches(".* 5\\d\\d")).toList());
      String metrics = service.get("/metrics").body();
      assertTrue(metrics.contains("cpsample_images_accepted{model=\"tiny\"} 0.0"), metrics);
      long growth = heaps.get(1) - heaps.get(0);
      assertTrue(growth < HEAP_SLACK, "the heap grew by " + growth + " bytes");
      long outside = outsides.get(1) - outsides.get(0);
      assertTrue(outside < NATIVE_SLACK, "memory beside the heap grew by " + outside + " bytes");
    }
  }

  private Void ask(TinyService service) throws Exception {
    for (int number = next.getAndIncrement(); number < REQUESTS; number = next.getAndIncrement()) {
      Random random = new Random(number);
      if (number == REQUESTS / 2) {
        service.service().reload("tiny");
      }
      if (number == REQUESTS / 4 || number == REQUESTS - 1) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        heaps.add(runtime.totalMemory() - runtime.freeMemory());
        outsides.add(besideTheHeap());
      }
      if (random.nextInt(10) == 0) {
        bad.incrementAndGet();
        misbehave(service, random);
      } else {
        behave(service, random);
      }
    }
    return null;
  }

  private void behave(TinyService service, Random random) throws Exception {
    int seed = random.nextInt(SEEDS);
    int count = 1 + random.nextInt(4);
    int steps = 1 + random.nextInt(MOST_STEPS);
    switch (random.nextInt(4)) {
      case 0 ->
          check(
              plain,
              seed,
              steps,
              service.post(
                  "/sdapi/v1/txt2img",
                  "{\"batch_size\": %d, \"seed\": %d, \"steps\": %d}"
                      .formatted(count, seed, steps)));
      case 1 ->
          check(
              ofClass,
              seed,
              steps,
              service.post(
                  GENERATIONS,
                  "{\"model\": \"classes\", \"prompt\": \"class:1\", \"n\": %d, \"seed\": %d,"
                          .formatted(count, seed)
                      + " \"steps\": %d}".formatted(steps)));
      case 2 -> {
        HttpResponse<String> response =
            service.post(
                "/v1/images/variations",
                new Form().file("image", given()).text("seed", String.valueOf(seed)));
        assertEquals(200, response.statusCode(), response.body());
        assertArrayEquals(varied[seed], pixels(picture(response, 0)));
        images.incrementAndGet();
      }
      default ->
          check(
              plain,
              seed,
              steps,
              service.post(
                  GENERATIONS,
                  "{\"prompt\": \"\", \"n\": %d, \"seed\": %d, \"steps\": %d}"
                      .formatted(count, seed, steps)));
    }
  }

  private void check(int[][][] expected, int seed, int steps, HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.body());
    boolean webUi = response.uri().getPath().startsWith("/sdapi");
    JsonArray answers = TinyService.json(response).getAsJsonArray(webUi ? "images" : "data");
    for (int i = 0; i < answers.size(); i++) {
      BufferedImage image = webUi ? picture(answers.get(i).getAsString()) : picture(response, i);
      assertArrayEquals(expected[seed + i][steps], pixels(image));
      images.incrementAndGet();
    }
  }

  private static void misbehave(TinyService service, Random random) throws Exception {
    switch (random.nextInt(5)) {
      case 0 -> assertEquals(400, service.post(GENERATIONS, "{\"n\": 0").statusCode());
      case 1 -> assertEquals(400, service.post("/sdapi/v1/img2img", "{}").statusCode());
      case 2 ->
          assertEquals(
              404, service.post(GENERATIONS, "{\"prompt\": \"\", \"model\": \"x\"}").statusCode());
      case 3 -> cutOff(service, "{\"prompt\": \"\", \"n\": 4, \"steps\": 100}", 0);
      default -> cutOff(service, "{\"prompt\": \"\"}", 5);
    }
  }

  /** A client that goes away before it has sent all, or before it has its answer. */
  private static void cutOff(TinyService service, String body, int missing) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.service().port())) {
      String head =
          "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                  .formatted(GENERATIONS)
              + "Content-Length: %d\r\n\r\n".formatted(body.length());
      String sent = head + body.substring(0, body.length() - missing);
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    }
  }
}
