package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.service.ImageService;
import io.github.cpsample.service.engine.SamplerOpener;
import io.github.cpsample.service.settings.ServiceSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/serve.md shows is what works. */
class ServeDocTest {

  private static final DocText PAGE = new DocText("docs/guide/serve.md");

  @TempDir private Path folder;

  private static ProtectedSampler sampler(Path folder) {
    try (ModelBundle bundle = ModelBundle.open(folder)) {
      return ProtectedSampler.open(bundle, Device.cpu());
    }
  }

  @Test
  void commandsAndSnippetsWork() throws IOException {
    assertEquals(2, PAGE.checkCommands());
    PAGE.checkSnippetsAreIn(
        ServeDocTest.class,
        "plugin-api/langchain4j/src/test/java/io/github/cpsample/langchain4j/LangChain4jTest.java");
  }

  @Test
  void theServiceStartsAndStops() throws Exception {
    TinyBundle.memorising().toDirectory(folder);
    Map<String, SamplerOpener> models = new LinkedHashMap<>();
    models.put("photos", () -> sampler(folder));
    ImageService service = ImageService.start(models, ServiceSettings.STANDARD.at("127.0.0.1", 0));
    System.out.println("http://127.0.0.1:" + service.port());
    service.stop(Duration.ofSeconds(30));
  }

  /** Every route that the page names is served, and every route of the APIs is named. */
  @Test
  void theRoutesAreThoseOfTheService() throws Exception {
    TinyBundle.memorising().toDirectory(folder.resolve("model"));
    String document;
    try (RunningService service =
        RunningService.start("--model", folder.resolve("model").toString())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(service.address() + "/openapi.json")).build();
      document = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      service.interrupt();
    }
    String page = Files.readString(Path.of("../docs/guide/serve.md"));
    Matcher named =
        Pattern.compile("`(?:GET |POST )?(/(?:v1|sdapi|health|metrics)[^`]*)`").matcher(page);
    int routes = 0;
    while (named.find()) {
      routes++;
      assertTrue(document.contains("\"" + named.group(1) + "\""), named.group(1));
    }
    assertTrue(routes >= 14, "routes: " + routes);
    Matcher served = Pattern.compile("\"(/(?:v1|sdapi|health|metrics)[^\"]*)\":").matcher(document);
    List<String> missing =
        served
            .results()
            .map(it -> it.group(1))
            .filter(it -> !page.contains("`" + it + "`") && !page.contains(" " + it + "`"))
            .toList();
    assertEquals(List.of(), missing);
  }
}
