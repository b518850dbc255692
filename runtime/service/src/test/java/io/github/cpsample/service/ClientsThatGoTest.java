package io.github.cpsample.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.service.engine.EngineSettings;
import io.github.cpsample.service.settings.Limits;
import io.github.cpsample.service.settings.ServiceSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do not wait, and requests that take too long, cost nothing more. */
class ClientsThatGoTest {
  private static final String GENERATIONS = "/v1/images/generations";

  @TempDir private Path folder;

  /** A value of the model {@code tiny}. */
  private static double metric(TinyService service, String name)
      throws IOException, InterruptedException {
    String text = service.get("/metrics").body();
    Matcher matcher = Pattern.compile(name + "\\{model=\"tiny\"} (\\S+)").matcher(text);
    assertTrue(matcher.find(), text);
    return Double.parseDouble(matcher.group(1));
  }

  private static void await(TinyService service, String name, double value)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (metric(service, name) != value) {
      assertTrue(System.nanoTime() < end, name + ": " + metric(service, name));
    }
  }

  private static Socket ask(TinyService service, String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.service().port());
    String head =
        "POST "
            + GENERATIONS
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Of 100,000 steps only those are taken that were until the client went. */
  @Test
  void imagesOfClientsThatWentAreNotComputed() throws Exception {
    Limits limits = new Limits(100_000, 100, 1000, 10_000, Duration.ofMinutes(5));
    ServiceSettings settings =
        ServiceSettings.STANDARD.with(new EngineSettings(4, 100, Duration.ZERO)).with(limits);
    try (TinyService service = TinyService.start(folder, settings)) {
      Socket socket = ask(service, "{\"prompt\": \"\", \"n\": 100, \"steps\": 1000}");
      await(service, "cpsample_images_accepted", 100);
      socket.close();
      await(service, "cpsample_images_accepted", 0);
      assertEquals(100, metric(service, "cpsample_images_left_total"));
      double rows = metric(service, "cpsample_denoiser_rows_total");
      assertTrue(rows < 90_000, "steps taken: " + rows);
      assertEquals(200, service.post(GENERATIONS, "{\"prompt\": \"\"}").statusCode());
    }
  }

  /** One that sends the next request before it has its answer gets it, and asks again. */
  @Test
  void whoSendsMoreIsAnswered() throws Exception {
    Limits limits = new Limits(100_000, 100, 1000, 10_000, Duration.ofMinutes(5));
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD.with(limits));
        Socket socket = ask(service, "{\"prompt\": \"\", \"n\": 100, \"steps\": 1000}")) {
      await(service, "cpsample_images_accepted", 100);
      socket
          .getOutputStream()
          .write(
              "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
      assertTrue(answer.contains("Connection: close"), answer);
      assertTrue(answer.contains("b64_json"), answer);
    }
  }

  @Test
  void requestsThatTakeTooLongEnd() throws Exception {
    Limits limits = new Limits(100_000, 100, 1000, 10_000, Duration.ofMillis(50));
    ServiceSettings settings =
        ServiceSettings.STANDARD.with(new EngineSettings(1, 100, Duration.ZERO)).with(limits);
    try (TinyService service = TinyService.start(folder, settings)) {
      HttpResponse<String> response =
          service.post(GENERATIONS, "{\"prompt\": \"\", \"n\": 100, \"steps\": 1000}");
      assertEquals(503, response.statusCode());
      assertTrue(response.body().contains("within 50 ms"), response.body());
      await(service, "cpsample_images_accepted", 0);
    }
  }

  /** A request joins the calls of another one that is under way. */
  @Test
  void requestsShareCalls() throws Exception {
    Limits limits = new Limits(100_000, 100, 1000, 10_000, Duration.ofMinutes(5));
    ServiceSettings settings =
        ServiceSettings.STANDARD.with(new EngineSettings(8, 200, Duration.ZERO)).with(limits);
    try (TinyService service = TinyService.start(folder, settings)) {
      try (Socket large = ask(service, "{\"prompt\": \"\", \"n\": 100, \"steps\": 1000}")) {
        await(service, "cpsample_images_accepted", 100);
        while (metric(service, "cpsample_denoiser_calls_total") == 0) {
          Thread.onSpinWait();
        }
        HttpResponse<String> small = service.post(GENERATIONS, "{\"prompt\": \"\", \"steps\": 5}");
        assertEquals(200, small.statusCode());
        assertEquals(100, metric(service, "cpsample_images_accepted"), "is still under way");
        assertEquals(0, large.getInputStream().available());
      }
      await(service, "cpsample_images_accepted", 0);
      double rows = metric(service, "cpsample_denoiser_rows_total");
      double calls = metric(service, "cpsample_denoiser_calls_total");
      assertEquals(8, rows / calls, 0.01);
    }
  }
}
