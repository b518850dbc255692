package io.github.cpsample.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.service.engine.EngineSettings;
import io.github.cpsample.service.settings.Limits;
import io.github.cpsample.service.settings.ServiceSettings;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A silent connection is closed, but not one whose client waits for images, however long they take.
 * The silence that is allowed is made short instead of the requests long: they wait for company
 * several times as long.
 */
class IdleTest {
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration WORK = Duration.ofMillis(2500);
  private static final ServiceSettings SETTINGS =
      ServiceSettings.STANDARD
          .with(Limits.STANDARD.withIdle(IDLE))
          .with(new EngineSettings(4, 100, WORK));

  @TempDir private Path folder;

  private static void assertTookLong(long start) {
    long took = (System.nanoTime() - start) / 1_000_000;
    assertTrue(took >= WORK.toMillis(), "it took only " + took + " ms");
  }

  @Test
  void requestsThatTakeLongAreAnswered() throws Exception {
    try (TinyService service = TinyService.start(folder, SETTINGS)) {
      for (String path : new String[] {"/v1/images/generations", "/sdapi/v1/txt2img"}) {
        long start = System.nanoTime();
        HttpResponse<String> response = service.post(path, "{\"prompt\": \"\", \"steps\": 2}");
        assertEquals(200, response.statusCode(), response.body());
        assertTookLong(start);
      }
    }
  }

  @Test
  void eventsGoOnToTheirEnd() throws Exception {
    try (TinyService service = TinyService.start(folder, SETTINGS)) {
      long start = System.nanoTime();
      HttpResponse<String> response = service.post("/page/images", "{\"count\": 2, \"steps\": 2}");
      assertEquals(200, response.statusCode(), response.body());
      assertTookLong(start);
      assertTrue(response.body().contains(": still there"), response.body());
      assertTrue(response.body().contains("event: images"), response.body());
    }
  }

  /** Otherwise the other tests would say nothing. */
  @Test
  void aClientThatSaysNothingIsCutOff() throws Exception {
    try (TinyService service = TinyService.start(folder, SETTINGS);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.service().port())) {
      socket.setSoTimeout(20_000);
      String head = "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }
  }
}
