package io.github.cpsample.service;

import static io.github.cpsample.service.TinyService.json;
import static io.github.cpsample.service.TinyService.picture;
import static io.github.cpsample.service.TinyService.pixels;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.service.TinyService.Form;
import io.github.cpsample.service.settings.ApiKeys;
import io.github.cpsample.service.settings.ServiceSettings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Both APIs give the images that the library gives, and do what the OpenAPI document says. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApisTest {
  private static final String GENERATIONS = "/v1/images/generations";

  @TempDir private static Path folder;
  private static TinyService tiny;
  private static ProtectedSampler alone;
  private static ProtectedSampler classes;

  @BeforeAll
  static void start() throws IOException {
    tiny = TinyService.start(folder, ServiceSettings.STANDARD);
    alone = tiny.sampler(0);
    classes = tiny.sampler(3);
  }

  @AfterAll
  static void stop() {
    tiny.close();
    alone.close();
    classes.close();
  }

  private static SampleResult sample(ProtectedSampler sampler, SampleRequest request) {
    return sampler.sample(request, Progress.none());
  }

  /** An image of four rows, brighter from left to right, opaque in its left half. */
  private static BufferedImage given() {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int grey = 60 * x + 5 * y;
        image.setRGB(x, y, (x < 2 ? 0xff000000 : 0) | grey << 16 | grey << 8 | grey);
      }
    }
    return image;
  }

  private static BufferedImage opaque() {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        image.getRaster().setSample(x, y, 0, 60 * x + 5 * y);
      }
    }
    return image;
  }

  private static void assertImages(SampleResult expected, HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.body());
    JsonArray data = json(response).getAsJsonArray("data");
    assertEquals(expected.images().size(), data.size());
    for (int i = 0; i < data.size(); i++) {
      assertArrayEquals(pixels(expected.image(i)), pixels(picture(response, i)));
    }
  }

  @Test
  void generates() throws Exception {
    HttpResponse<String> response =
        tiny.post(
            GENERATIONS,
            "{\"prompt\": \"a fox\", \"n\": 3, \"seed\": 5, \"steps\": 7, \"size\": \"4x4\","
                + " \"response_format\": \"b64_json\", \"user\": \"somebody\","
                + " \"sampler\": \"dpmsolver++2m\", \"quality\": \"high\"}");
    assertImages(
        sample(
            alone,
            SampleRequest.of(3).withSeed(5).withSteps(7).withSampler(SamplerKind.DPMSOLVER_PP_2M)),
        response);
    assertEquals("ignored", response.headers().firstValue("X-CPSample-Prompt").orElseThrow());
    assertEquals("tiny", response.headers().firstValue("X-CPSample-Model").orElseThrow());
  }

  @Test
  void saysNothingOfTheGuard() throws Exception {
    HttpResponse<String> response = tiny.post(GENERATIONS, "{\"prompt\": \"\", \"n\": 2}");
    assertEquals(Set.of("created", "output_format", "data"), json(response).keySet());
    for (JsonElement image : json(response).getAsJsonArray("data")) {
      assertEquals(Set.of("b64_json"), image.getAsJsonObject().keySet());
    }
    HttpResponse<String> webUi = tiny.post("/sdapi/v1/txt2img", "{}");
    assertFalse(webUi.body().contains("guarded"), webUi.body());
    assertFalse(webUi.body().contains("certainty"), webUi.body());
  }

  @Test
  void withoutSeedTheImagesDiffer() throws Exception {
    int[] one = pixels(picture(tiny.post(GENERATIONS, "{\"prompt\": \"\"}"), 0));
    int[] other = pixels(picture(tiny.post(GENERATIONS, "{\"prompt\": \"\"}"), 0));
    assertFalse(java.util.Arrays.equals(one, other));
  }

  @Test
  void takesClasses() throws Exception {
    HttpResponse<String> response =
        tiny.post(GENERATIONS, "{\"model\": \"classes\", \"prompt\": \"class:2\", \"seed\": 9}");
    assertImages(sample(classes, SampleRequest.of(1).withSeed(9).withClassLabel(2)), response);
    assertEquals("class", response.headers().firstValue("X-CPSample-Prompt").orElseThrow());
    HttpResponse<String> any =
        tiny.post(GENERATIONS, "{\"model\": \"classes\", \"prompt\": \"a fox\", \"seed\": 10}");
    assertImages(sample(classes, SampleRequest.of(1).withSeed(10).withClassLabel(1)), any);
    assertEquals("ignored", any.headers().firstValue("X-CPSample-Prompt").orElseThrow());
  }

  @Test
  void editsWithAMask() throws Exception {
    HttpResponse<String> response =
        tiny.post(
            "/v1/images/edits",
            new Form()
                .file("image", TinyService.png(opaque()))
                .file("mask", TinyService.png(given()))
                .text("prompt", "a fox")
                .text("n", "2")
                .text("seed", "3"));
    FloatImage image = FloatImage.of(opaque(), 1);
    Inpainting right = Inpainting.of(image, Mask.of(4, 4, (y, x) -> x >= 2));
    assertImages(sample(alone, SampleRequest.of(2).withSeed(3).withInpainting(right)), response);
    int[] edited = pixels(picture(response, 0));
    for (int i = 0; i < edited.length; i++) {
      if (i % 4 < 2) {
        assertEquals(pixels(opaque())[i], edited[i], "what the mask keeps");
      }
    }
  }

  @Test
  void editsAndVariesWithoutMask() throws Exception {
    FloatImage image = FloatImage.of(opaque(), 1);
    HttpResponse<String> edit =
        tiny.post(
            "/v1/images/edits",
            new Form()
                .file("image", TinyService.png(opaque()))
                .text("prompt", "")
                .text("strength", "0.3")
                .text("seed", "4"));
    assertImages(sample(alone, SampleRequest.of(1).withSeed(4).withStart(image, 0.3)), edit);
    HttpResponse<String> variation =
        tiny.post(
            "/v1/images/variations",
            new Form().file("image", TinyService.png(opaque())).text("seed", "4"));
    assertImages(sample(alone, SampleRequest.of(1).withSeed(4).withStart(image, 0.5)), variation);
  }

  @Test
  void listsModels() throws Exception {
    JsonArray models = json(tiny.get("/v1/models")).getAsJsonArray("data");
    assertEquals(
        List.of("tiny", "classes"),
        models.asList().stream().map(it -> it.getAsJsonObject().get("id").getAsString()).toList());
    assertEquals("classes", json(tiny.get("/v1/models/classes")).get("id").getAsString());
    assertEquals(404, tiny.get("/v1/models/others").statusCode());
  }

  @Test
  void speaksTheWebUi() throws Exception {
    JsonObject answer =
        json(
            tiny.post(
                "/sdapi/v1/txt2img",
                "{\"prompt\": \"class:1\", \"seed\": 21, \"steps\": 6, \"batch_size\": 2,"
                    + " \"n_iter\": 2, \"sampler_name\": \"DDIM\", \"width\": 4, \"height\": 4,"
                    + " \"override_settings\": {\"sd_model_checkpoint\": \"classes\"}}"));
    SampleResult expected =
        sample(
            classes,
            SampleRequest.of(4)
                .withSeed(21)
                .withSteps(6)
                .withClassLabel(1)
                .withSampler(SamplerKind.DDIM));
    for (int i = 0; i < 4; i++) {
      String base64 = answer.getAsJsonArray("images").get(i).getAsString();
      assertArrayEquals(pixels(expected.image(i)), pixels(picture(base64)));
    }
    JsonObject info = JsonParser.parseString(answer.get("info").getAsString()).getAsJsonObject();
    assertEquals(21, info.get("seed").getAsLong());
    String image = Base64.getEncoder().encodeToString(TinyService.png(opaque()));
    JsonObject changed =
        json(
            tiny.post(
                "/sdapi/v1/img2img",
                "{\"init_images\": [\"data:image/png;base64,"
                    + image
                    + "\"], \"denoising_strength\": 0.4, \"seed\": 8}"));
    SampleResult like =
        sample(alone, SampleRequest.of(1).withSeed(8).withStart(FloatImage.of(opaque(), 1), 0.4));
    assertArrayEquals(
        pixels(like.image(0)),
        pixels(picture(changed.getAsJsonArray("images").get(0).getAsString())));
    assertEquals(
        2, JsonParser.parseString(tiny.get("/sdapi/v1/sd-models").body()).getAsJsonArray().size());
    assertEquals(
        SamplerKind.labels().size(),
        JsonParser.parseString(tiny.get("/sdapi/v1/samplers").body()).getAsJsonArray().size());
    assertEquals(0, json(tiny.get("/sdapi/v1/progress")).get("progress").getAsDouble());
    assertEquals(200, tiny.post("/sdapi/v1/reload-checkpoint", "{}").statusCode());
  }

  @Test
  void tellsItsHealthAndWhatItCounts() throws Exception {
    assertEquals("live", json(tiny.get("/health/live")).get("status").getAsString());
    assertEquals("ready", json(tiny.get("/health/ready")).get("status").getAsString());
    tiny.post(GENERATIONS, "{\"prompt\": \"\", \"n\": 2}");
    String metrics = tiny.get("/metrics").body();
    for (String name :
        List.of(
            "cpsample_images_accepted{model=\"tiny\"} 0.0",
            "cpsample_batch_rows_count{model=\"tiny\"}",
            "cpsample_denoiser_calls_total{model=\"tiny\"}",
            "cpsample_guarded_rows_total{model=\"tiny\"}",
            "cpsample_image_seconds_count{model=\"tiny\"}")) {
      assertTrue(metrics.contains(name), metrics);
    }
  }

  @Test
  void thePageAsksThisServerAlone() throws Exception {
    for (String path : List.of("/", "/page.css", "/page.js")) {
      HttpResponse<String> file = tiny.get(path);
      assertEquals(200, file.statusCode());
      assertFalse(file.body().contains("http"), path);
      String policy = file.headers().firstValue("Content-Security-Policy").orElseThrow();
      assertTrue(policy.startsWith("default-src 'none'"), policy);
    }
    String events = tiny.post("/page/images", "{\"count\": 2, \"seed\": 5}").body();
    SampleResult expected = sample(alone, SampleRequest.of(2).withSeed(5));
    JsonObject images =
        JsonParser.parseString(
                events.substring(events.indexOf("event: images\ndata: ") + 20).strip())
            .getAsJsonObject();
    for (int i = 0; i < 2; i++) {
      String base64 = images.getAsJsonArray("protected").get(i).getAsString();
      assertArrayEquals(pixels(expected.image(i)), pixels(picture(base64)));
    }
    assertEquals(403, tiny.post("/page/images", "{\"compare\": true}").statusCode());
    assertFalse(json(tiny.get("/page/settings")).get("compare").getAsBoolean());
  }

  /** What was asked so far was answered as the document says, and nothing in it was not asked. */
  @Test
  @Order(Integer.MAX_VALUE)
  void theDocumentIsTrue() throws Exception {
    JsonObject paths = json(tiny.get("/openapi.json")).getAsJsonObject("paths");
    Set<String> routes = new TreeSet<>();
    Set<String> answered = new TreeSet<>();
    for (Map.Entry<String, JsonElement> path : paths.entrySet()) {
      for (Map.Entry<String, JsonElement> operation :
          path.getValue().getAsJsonObject().entrySet()) {
        String method = operation.getKey().toUpperCase(java.util.Locale.ROOT);
        routes.add(method + " " + path.getKey());
        String pattern = method + " " + path.getKey().replace("{model}", "[^/]+") + " (\\d+)";
        List<String> statuses = new ArrayList<>();
        for (String seen : tiny.seen()) {
          if (seen.matches(pattern)) {
            statuses.add(seen.substring(seen.length() - 3));
            answered.add(method + " " + path.getKey());
          }
        }
        Set<String> documented =
            operation.getValue().getAsJsonObject().getAsJsonObject("responses").keySet();
        assertTrue(documented.containsAll(statuses), path.getKey() + ": " + statuses);
      }
    }
    assertEquals(routes, answered);
    for (String seen : tiny.seen()) {
      String route =
          seen.substring(0, seen.length() - 4).replaceAll("/models/.*", "/models/{model}");
      assertTrue(routes.contains(route), route);
    }
  }

  @Test
  void reportsAndUnprotectedImagesOnlyWhereTheOperatorAllows(@TempDir Path other) throws Exception {
    ServiceSettings open = ServiceSettings.STANDARD.withReports(true).withUnprotected(true);
    try (TinyService service = TinyService.start(other, open)) {
      HttpResponse<String> response =
          service.post(GENERATIONS, "{\"prompt\": \"\", \"seed\": 5, \"protected\": false}");
      assertImages(sample(alone, SampleRequest.of(1).withSeed(5).withProtection(false)), response);
      JsonObject report =
          json(service.post(GENERATIONS, "{\"prompt\": \"\", \"seed\": 5}"))
              .getAsJsonArray("data")
              .get(0)
              .getAsJsonObject()
              .getAsJsonObject("report");
      assertEquals(
          sample(alone, SampleRequest.of(1).withSeed(5)).report(0).guardedSteps(),
          report.get("guarded_steps").getAsInt());
      String events = service.post("/page/images", "{\"count\": 1, \"compare\": true}").body();
      assertTrue(events.contains("\"unprotected\":[\""), events);
    }
    assertEquals(
        403, tiny.post(GENERATIONS, "{\"prompt\": \"\", \"protected\": false}").statusCode());
  }

  @Test
  void generateOnlyTakesNoImages(@TempDir Path other) throws Exception {
    try (TinyService service =
        TinyService.start(other, ServiceSettings.STANDARD.withGenerateOnly(true))) {
      Form form = new Form().file("image", TinyService.png(opaque())).text("prompt", "");
      assertEquals(403, service.post("/v1/images/edits", form).statusCode());
      assertEquals(403, service.post("/v1/images/variations", form).statusCode());
      assertEquals(403, service.post("/sdapi/v1/img2img", "{}").statusCode());
      assertEquals(200, service.post(GENERATIONS, "{\"prompt\": \"\"}").statusCode());
    }
  }

  @Test
  void keysOpenWhatTheyAreFor(@TempDir Path other) throws Exception {
    Path file =
        Files.writeString(
            other.resolve("keys"),
            "# ours\nuser-key-0123456789\noperator operator-key-0123456789\n");
    ServiceSettings locked = ServiceSettings.STANDARD.with(ApiKeys.read(file));
    try (TinyService service = TinyService.start(other, locked)) {
      assertEquals(200, service.get("/health/live").statusCode());
      assertEquals(200, service.get("/").statusCode());
      assertEquals(401, service.get("/v1/models").statusCode());
      HttpResponse<String> none = service.post(GENERATIONS, "{\"prompt\": \"\"}");
      assertEquals(401, none.statusCode());
      assertEquals(
          "invalid_api_key", json(none).getAsJsonObject("error").get("code").getAsString());
      for (String key : List.of("user-key-0123456789", "operator-key-0123456789")) {
        assertEquals(200, keyed(service, "/v1/models", key));
      }
      assertEquals(401, keyed(service, "/v1/models", "user-key-012345678"));
      assertEquals(401, keyed(service, "/metrics", "user-key-0123456789"));
      assertEquals(200, keyed(service, "/metrics", "operator-key-0123456789"));
    }
  }

  private static int keyed(TinyService service, String path, String key) throws Exception {
    return service
        .send(service.request(path).header("Authorization", "Bearer " + key).build())
        .statusCode();
  }

  @Test
  void pagesOfOtherSitesAreRefused() throws Exception {
    HttpResponse<String> response =
        tiny.send(
            tiny.request(GENERATIONS)
                .header("Origin", "http://other.example")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"\"}"))
                .build());
    assertEquals(403, response.statusCode());
  }

  /** What is under way when the service is stopped is finished; nothing new is taken. */
  @Test
  void stopsGracefully(@TempDir Path other) throws Exception {
    TinyService service = TinyService.start(other, ServiceSettings.STANDARD);
    Thread stopper =
        new Thread(
            () -> {
              try {
                service.service().stop(Duration.ofSeconds(20));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    List<Integer> statuses = new ArrayList<>();
    Thread client =
        new Thread(
            () -> {
              try {
                statuses.add(
                    service
                        .post(GENERATIONS, "{\"prompt\": \"\", \"n\": 16, \"steps\": 250}")
                        .statusCode());
              } catch (IOException | InterruptedException e) {
                statuses.add(-1);
              }
            });
    client.start();
    while (!service.get("/metrics").body().contains("accepted{model=\"tiny\"} 16.0")) {
      Thread.onSpinWait();
    }
    stopper.start();
    client.join();
    stopper.join();
    assertEquals(List.of(200), statuses);
  }
}
