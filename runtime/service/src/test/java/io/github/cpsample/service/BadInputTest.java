package io.github.cpsample.service;

import static io.github.cpsample.service.TinyService.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.cpsample.service.TinyService.Form;
import io.github.cpsample.service.engine.EngineSettings;
import io.github.cpsample.service.settings.Limits;
import io.github.cpsample.service.settings.ServiceSettings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is sent, the answer says what was expected and found, in the form of the API, and the
 * service goes on.
 */
class BadInputTest {
  private static final String GENERATIONS = "/v1/images/generations";
  private static final String TEXT = "/sdapi/v1/txt2img";

  @TempDir private static Path folder;
  private static TinyService tiny;

  @BeforeAll
  static void start() throws IOException {
    Limits limits = new Limits(100_000, 8, 50, 10_000, Duration.ofSeconds(30));
    tiny = TinyService.start(folder, ServiceSettings.STANDARD.with(limits));
  }

  @AfterAll
  static void stop() {
    tiny.close();
  }

  @AfterEach
  void goesOn() throws Exception {
    HttpResponse<String> sound = tiny.post(GENERATIONS, "{\"prompt\": \"\"}");
    assertEquals(200, sound.statusCode(), sound.body());
  }

  private static void assertRefused(
      int status, String param, String expected, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    JsonObject answer = json(response);
    String message;
    if (response.uri().getPath().startsWith("/sdapi")) {
      message = answer.get("detail").getAsString();
      assertEquals(message, answer.get("errors").getAsString());
    } else {
      JsonObject error = answer.getAsJsonObject("error");
      message = error.get("message").getAsString();
      assertEquals("invalid_request_error", error.get("type").getAsString());
      assertEquals(
          param == null ? "null" : "\"" + param + "\"", error.get("param").toString(), message);
    }
    assertTrue(message.contains(expected), message);
    assertTrue(message.matches("(?s).*expected .*found .*"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "|                                            | expected JSON",
        "{                                            || expected JSON",
        "[1, 2]                                       || one JSON object",
        "7                                            || one JSON object",
        "{\"prompt\": \"\"} {}                        || expected JSON",
        "{'prompt': ''}                               || expected JSON",
        "{prompt: \"\"}                               || expected JSON",
        "{}                                           | prompt | a text, found none",
        "{\"prompt\": 7}                              | prompt | a text, found 7",
        "{\"prompt\": [\"a\"]}                        | prompt | a single value",
        "{\"prompt\": \"\", \"n\": 0}                 | n | from 1 to 8, found 0",
        "{\"prompt\": \"\", \"n\": -1}                | n | from 1 to 8, found -1",
        "{\"prompt\": \"\", \"n\": 1000000000}        | n | from 1 to 8, found 1000000000",
        "{\"prompt\": \"\", \"n\": 1e999999999}       | n | from 1 to 8, found 1e999999999",
        "{\"prompt\": \"\", \"n\": 1e-999999999}      | n | from 1 to 8, found 1e-999999999",
        "{\"prompt\": \"\", \"n\": 1.5}               | n | a whole number",
        "{\"prompt\": \"\", \"n\": NaN}               || expected JSON",
        "{\"prompt\": \"\", \"n\": \"2\"}             | n | found \"2\"",
        "{\"prompt\": \"\", \"n\": true}              | n | found true",
        "{\"prompt\": \"\", \"n\": {}}                | n | a single value",
        "{\"prompt\": \"\", \"seed\": -1}             | seed | a whole number",
        "{\"prompt\": \"\", \"seed\": 9223372036854775808} | seed | a whole number",
        "{\"prompt\": \"\", \"steps\": 0}             | steps | from 1 to 50",
        "{\"prompt\": \"\", \"steps\": 51}            | steps | from 1 to 50",
        "{\"prompt\": \"\", \"size\": \"large\"}      | size | WIDTHxHEIGHT",
        "{\"prompt\": \"\", \"size\": \"0x4\"}        | size | WIDTHxHEIGHT",
        "{\"prompt\": \"\", \"size\": \"99999x99999\"} | size | WIDTHxHEIGHT",
        "{\"prompt\": \"\", \"size\": \"512x512\"}    | size | the only size",
        "{\"prompt\": \"\", \"response_format\": \"url\"} | response_format | b64_json",
        "{\"prompt\": \"\", \"sampler\": \"magic\"}   | sampler | one of",
        "{\"prompt\": \"\", \"protected\": \"no\"}    | protected | true or false",
        "{\"prompt\": \"\", \"stream\": true}         | stream | expected false",
        "{\"prompt\": \"class:1\"}                    | classLabel | unconditional",
        "{\"prompt\": \"class:3\", \"model\": \"classes\"} | classLabel | [0, 2]",
        "{\"prompt\": \"\", \"guidance_scale\": 1e30} | guidance_scale | a number from",
      })
  void generations(String body, String param, String expected) throws Exception {
    assertRefused(400, param, expected, tiny.post(GENERATIONS, body == null ? "" : body));
  }

  @Test
  void bodies() throws Exception {
    assertRefused(
        404,
        "model",
        "one of [tiny, classes], found 'none'",
        tiny.post(GENERATIONS, "{\"prompt\": \"\", \"model\": \"none\"}"));
    String deep = "[".repeat(50_000);
    assertRefused(400, null, "expected JSON", tiny.post(GENERATIONS, deep));
    String digits = "{\"prompt\": \"\", \"n\": " + "9".repeat(90_000) + "}";
    assertRefused(400, null, "expected JSON", tiny.post(GENERATIONS, digits));
    String longer = "{\"prompt\": \"" + "a".repeat(100_000) + "\"}";
    assertRefused(413, null, "at most 100000 bytes", tiny.post(GENERATIONS, longer));
    HttpResponse<String> chunked =
        tiny.send(
            tiny.request(GENERATIONS)
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofInputStream(
                        () ->
                            new java.io.ByteArrayInputStream(
                                longer.getBytes(StandardCharsets.UTF_8))))
                .build());
    assertRefused(413, null, "at most 100000 bytes", chunked);
    HttpResponse<String> latin =
        tiny.send(
            tiny.request(GENERATIONS)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xe9, '"'}))
                .build());
    assertRefused(400, null, "UTF-8", latin);
    HttpResponse<String> text =
        tiny.send(tiny.request(GENERATIONS).POST(BodyPublishers.ofString("{}")).build());
    assertRefused(415, null, "application/json", text);
  }

  /** A client that is still sending when it is refused reads the answer, and is not cut off. */
  @ParameterizedTest
  @CsvSource({"application/json, 413", "text/plain, 415"})
  void slowBodies(String type, int status) throws Exception {
    int length = 120_000;
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(GENERATIONS, type, length);
    int port = URI.create(tiny.address()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 12; i++) {
        out.write(new byte[length / 12]);
        Thread.sleep(25);
      }
      byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 000".length());
      assertEquals("HTTP/1.1 " + status, new String(answer, StandardCharsets.US_ASCII));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"steps\": \"many\"}",
        "{\"seed\": -2}",
        "{\"width\": 4}",
        "{\"width\": 100000, \"height\": 4}",
        "{\"batch_size\": 0}",
        "{\"batch_size\": 4, \"n_iter\": 3}",
        "{\"batch_size\": 1000000000}",
        "{\"sampler_name\": \"none\"}",
        "{\"override_settings\": []}",
        "{\"cfg_scale\": -1}",
        "{\"prompt\": {}}",
        "{",
      })
  void webUi(String body) throws Exception {
    assertRefused(400, null, "expected", tiny.post(TEXT, body));
  }

  private static Stream<Arguments> givenImages() throws IOException {
    byte[] sound = TinyService.png(new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB));
    byte[] grey = TinyService.png(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY));
    byte[] cut = java.util.Arrays.copyOf(sound, sound.length / 2);
    byte[] broken = sound.clone();
    java.util.Arrays.fill(broken, 30, broken.length, (byte) 7);
    return Stream.of(
        Arguments.of("image", new Form().file("image", new byte[0]), "one of the formats"),
        Arguments.of("image", new Form().file("image", bytes("GIF99a")), "one of the formats"),
        Arguments.of("image", new Form().file("image", bytes("not an image")), "found something"),
        Arguments.of("image", new Form().file("image", cut), "image"),
        Arguments.of("image", new Form().file("image", broken), "image"),
        Arguments.of("image", new Form().file("image", bomb(60_000, 60_000)), "at most 10000 pix"),
        Arguments.of("image", new Form().file("image", bomb(101, 100)), "at most 10000 pixels"),
        Arguments.of("image", new Form().text("image", "aGVsbG8="), "with a file name"),
        Arguments.of("image", new Form(), "an image file"),
        Arguments.of("mask", new Form().file("image", sound).file("mask", grey), "transparent"),
        Arguments.of(
            "mask", new Form().file("image", sound).file("mask", opaque()), "to be filled in"),
        Arguments.of("strength", new Form().file("image", sound).text("strength", "2"), "0.01"),
        Arguments.of("strength", new Form().file("image", sound).text("strength", "x"), "0.01"),
        Arguments.of("n", new Form().file("image", sound).text("n", "many"), "from 1 to 8"));
  }

  private static byte[] opaque() {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 16; i++) {
      image.setRGB(i % 4, i / 4, 0xffffffff);
    }
    return TinyService.png(image);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A small file that declares many pixels, which are all there. */
  private static byte[] bomb(int width, int height) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(compressed, new Deflater(Deflater.BEST_COMPRESSION))) {
      byte[] row = new byte[width + 1];
      for (int y = 0; y < Math.min(height, 500); y++) {
        deflater.write(row);
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream numbers = new DataOutputStream(header);
    numbers.writeInt(width);
    numbers.writeInt(height);
    numbers.write(new byte[] {8, 0, 0, 0, 0});
    chunk(file, "IHDR", header.toByteArray());
    chunk(file, "IDAT", compressed.toByteArray());
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] content)
      throws IOException {
    DataOutputStream out = new DataOutputStream(file);
    out.writeInt(content.length);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    out.write(name);
    out.write(content);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    out.writeInt((int) sum.getValue());
  }

  @ParameterizedTest
  @MethodSource("givenImages")
  void edits(String param, Form form, String expected) throws Exception {
    assertRefused(400, param, expected, tiny.post("/v1/images/edits", form.text("prompt", "")));
  }

  @Test
  void forms() throws Exception {
    for (String path : new String[] {"/v1/images/edits", "/v1/images/variations"}) {
      assertRefused(415, null, "multipart/form-data", tiny.post(path, "{}"));
      assertRefused(400, null, "boundary", form(path, "multipart/form-data", "x"));
      for (String body : new String[] {"", "x", "--b", "--b\r\n\r\nx\r\n--c--\r\n"}) {
        assertRefused(
            400, null, "multipart/form-data", form(path, "multipart/form-data; boundary=b", body));
      }
      String nameless = "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n";
      assertRefused(400, null, "", form(path, "multipart/form-data; boundary=b", nameless));
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        many.append("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n");
      }
      assertRefused(
          400,
          null,
          "multipart/form-data",
          form(path, "multipart/form-data; boundary=b", many + "--b--\r\n"));
    }
  }

  private static HttpResponse<String> form(String path, String type, String body) throws Exception {
    return tiny.send(
        tiny.request(path)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void imagesOfTheWebUi() throws Exception {
    String bomb = Base64.getEncoder().encodeToString(bomb(60_000, 60_000));
    String sound =
        Base64.getEncoder()
            .encodeToString(TinyService.png(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY)));
    for (String body :
        new String[] {
          "{}",
          "{\"init_images\": []}",
          "{\"init_images\": \"x\"}",
          "{\"init_images\": [7]}",
          "{\"init_images\": [\"\"]}",
          "{\"init_images\": [\"aGVsbG8=\"]}",
          "{\"init_images\": [\"data:image/png\"]}",
          "{\"init_images\": [\"" + bomb + "\"]}",
          "{\"init_images\": [\"" + sound + "\", \"" + sound + "\"]}",
          "{\"init_images\": [\"" + sound + "\"], \"mask\": \"" + sound + "\"}",
          "{\"init_images\": [\"" + sound + "\"], \"denoising_strength\": 0}",
        }) {
      assertRefused(400, null, "expected", tiny.post("/sdapi/v1/img2img", body));
    }
  }

  @Test
  void pathsAndMethods() throws Exception {
    assertEquals(404, tiny.get("/v1/unknown").statusCode());
    assertEquals(405, tiny.get(GENERATIONS).statusCode());
    assertEquals(405, tiny.post("/v1/models", "{}").statusCode());
    assertRefused(404, "model", "one of", tiny.get("/v1/models/none"));
  }

  @Test
  void tooManyImagesAreRefusedForNow(@TempDir Path other) throws Exception {
    ServiceSettings narrow =
        ServiceSettings.STANDARD
            .with(new Limits(100_000, 4, 50, 10_000, Duration.ofSeconds(30)))
            .with(new EngineSettings(8, 4, Duration.ofSeconds(2)));
    try (TinyService service = TinyService.start(other, narrow)) {
      Thread first =
          new Thread(
              () -> {
                try {
                  service.post(GENERATIONS, "{\"prompt\": \"\", \"n\": 4, \"steps\": 50}");
                } catch (IOException | InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      first.start();
      while (!service.get("/metrics").body().contains("accepted{model=\"tiny\"} 4.0")) {
        Thread.onSpinWait();
      }
      HttpResponse<String> refused = service.post(GENERATIONS, "{\"prompt\": \"\"}");
      first.join();
      assertEquals(429, refused.statusCode());
      assertTrue(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()) >= 1);
      assertEquals(
          "rate_limit_exceeded", json(refused).getAsJsonObject("error").get("code").getAsString());
      assertEquals(200, service.post(GENERATIONS, "{\"prompt\": \"\"}").statusCode());
    }
  }
}
