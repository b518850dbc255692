package io.github.cpsample.tools.commands.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.RunningService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cpsample serve} from its start to its end. */
class ServeCommandTest {
  private static final String KEY = "a-key-of-the-test-0123";

  @TempDir private Path folder;
  private String model;

  @BeforeEach
  void writeModel() {
    TinyBundle.memorising().toDirectory(folder.resolve("model"));
    model = folder.resolve("model").toString();
  }

  private static HttpResponse<String> post(RunningService service, String path, String key)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(service.address() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString("{\"prompt\": \"\", \"n\": 2, \"steps\": 3}"))
                .build(),
            BodyHandlers.ofString());
  }

  @Test
  void servesUntilItIsInterrupted() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), KEY + "\n");
    Path audit =
        Files.writeString(
            folder.resolve("report.json"),
            "{\"deployments\": [{\"name\": \"server that also takes images (x)\", \"verdict\":"
                + " \"Not supported: it tells.\"}]}");
    try (RunningService service =
        RunningService.start(
            "--model",
            model,
            "--api-key-file",
            keys.toString(),
            "--audit",
            audit.toString(),
            "--max-steps",
            "5")) {
      assertEquals(200, post(service, "/v1/images/generations", KEY).statusCode());
      assertEquals(401, post(service, "/v1/images/generations", "another").statusCode());
      CommandRun ended = service.interrupt();
      assertEquals(130, ended.code());
      assertTrue(
          ended.out().matches("serving \\[\\S+] at http://127\\.0\\.0\\.1:\\d+/\\R"), ended.out());
      assertTrue(ended.err().contains("the audit says: Not supported: it tells."), ended.err());
      assertTrue(ended.err().contains("stopping"), ended.err());
    }
  }

  private static String audit(String model) {
    return "{\"provenance\": {\"model\": \"%s\"}, \"deployments\": [{\"name\":".formatted(model)
        + " \"server that also takes images (x)\", \"verdict\": \"Not supported: it tells.\"}]}";
  }

  /** Images are taken unless that is switched off, and the audit's objection is printed once. */
  @Test
  void anAuditBesideTheModelIsHeard() throws Exception {
    String name;
    try (ModelBundle bundle = ModelBundle.open(Path.of(model))) {
      name = bundle.manifest().name();
    }
    Files.writeString(folder.resolve("model/report.json"), audit("another"));
    Files.writeString(folder.resolve("report.json"), audit(name));
    try (RunningService service = RunningService.start("--model", model)) {
      assertEquals(400, post(service, "/sdapi/v1/img2img", KEY).statusCode(), "asks for an image");
      String err = service.interrupt().err();
      assertEquals(2, err.split("Not supported: it tells", -1).length, err);
      assertTrue(err.contains(folder.resolve("report.json") + " says: Not supported"), err);
    }
    Files.delete(folder.resolve("model/report.json"));
    try (RunningService service = RunningService.start("--model", model, "--generate-only")) {
      assertEquals(403, post(service, "/sdapi/v1/img2img", KEY).statusCode());
      assertTrue(!service.interrupt().err().contains("Not supported"));
    }
  }

  @Test
  void saysWhatIsOpen() throws Exception {
    try (RunningService service =
        RunningService.start("--model", model, "--reports", "--allow-unprotected")) {
      String err = service.interrupt().err();
      assertTrue(err.contains("without --audit nothing says"), err);
      assertTrue(err.contains("reports leave with the images"), err);
      assertTrue(err.contains("unprotected images may be asked for"), err);
      assertTrue(err.contains("no --api-key-file"), err);
    }
  }

  @Test
  void refusesWhatItCannotServe() throws Exception {
    CommandRun twice = CommandRun.of("serve", "--model", model, "--model", model, "--port", "0");
    assertEquals(1, twice.code());
    assertTrue(twice.err().contains("expected models of different names"), twice.err());
    Path weak = Files.writeString(folder.resolve("weak"), "short\n");
    CommandRun keys =
        CommandRun.of("serve", "--model", model, "--port", "0", "--api-key-file", weak.toString());
    assertEquals(1, keys.code());
    assertTrue(keys.err().contains("at least 16 characters"), keys.err());
    CommandRun port = CommandRun.of("serve", "--model", model, "--port", "70000");
    assertEquals(2, port.code());
    assertTrue(port.err().contains("expected a port from 0 to 65535, found '70000'"), port.err());
  }
}
