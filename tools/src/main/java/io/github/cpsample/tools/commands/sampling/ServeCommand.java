package io.github.cpsample.tools.commands.sampling;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.service.ImageService;
import io.github.cpsample.service.engine.SamplerOpener;
import io.github.cpsample.service.settings.ServiceSettings;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** {@code cpsample serve}. */
public final class ServeCommand implements Command {
  /** What ending takes besides the requests under way. */
  private static final Duration WIND_UP = Duration.ofSeconds(20);

  /** Called by the tool. */
  public ServeCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "serve",
        "Serve protected images over HTTP",
        "",
        "Speaks the images API (/v1/images/generations, edits, variations) and the web UI API"
            + " (/sdapi/v1) and shows a page at /. Images of requests that come while others are"
            + " under way join the running batch. What the guard did stays here unless --reports"
            + " is given. An interrupt or SIGTERM ends it: requests under way finish within"
            + " --grace.",
        ServeOptions.ALL,
        "cpsample serve --model photos-model --port 8080");
  }

  @Override
  public Action prepare(Arguments arguments) {
    ServeOptions options = ServeOptions.of(arguments);
    return new Action() {
      @Override
      public void run(Terminal terminal) throws Exception {
        serve(options, terminal);
      }

      @Override
      public Duration patience() {
        return options.grace().plus(WIND_UP);
      }
    };
  }

  private static void serve(ServeOptions options, Terminal terminal)
      throws IOException, InterruptedException {
    ServiceSettings settings = options.settings();
    Map<String, SamplerOpener> models = models(options);
    ImageService service = ImageService.start(models, settings);
    terminal
        .out()
        .printf("serving %s at http://%s:%d/%n", models.keySet(), settings.host(), service.port());
    warn(options, settings, terminal);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      terminal.err().println("stopping: requests under way may still finish");
      service.stop(options.grace());
      throw e;
    }
  }

  /** By the names in their manifests. */
  private static Map<String, SamplerOpener> models(ServeOptions options) throws IOException {
    Map<String, SamplerOpener> models = new LinkedHashMap<>();
    ResolvedDevice device = ResolvedDevice.of(options.device());
    for (String model : options.models()) {
      String name;
      try (ModelBundle bundle = ModelArgument.open(model)) {
        name = bundle.manifest().name();
      }
      if (models.putIfAbsent(name, () -> open(model, device)) != null) {
        throw new IOException(
            "model " + model + ": expected models of different names, found two named " + name);
      }
    }
    return models;
  }

  private static ProtectedSampler open(String model, ResolvedDevice device) throws IOException {
    try (ModelBundle bundle = ModelArgument.open(model)) {
      return ProtectedSampler.open(bundle, device, SessionSettings.defaults());
    }
  }

  private static void warn(ServeOptions options, ServiceSettings settings, Terminal terminal)
      throws IOException {
    AuditVerdicts verdicts = AuditVerdicts.of(options.audit());
    if (!settings.generateOnly()) {
      terminal.err().println(verdicts.imagesTaken());
    }
    if (settings.reports()) {
      terminal.err().println(verdicts.reports());
    }
    if (settings.allowUnprotected()) {
      terminal
          .err()
          .println(
              "note: unprotected images may be asked for; they may be copies of training images");
    }
    if (settings.keys().isEmpty()) {
      terminal.err().println("note: no --api-key-file: whoever reaches the port is served");
    }
  }

  /** What an audit says about ways to deploy its model, for whoever deploys it. */
  private static final class AuditVerdicts {
    private static final String TAKES_IMAGES = "server that also takes images";
    private static final String REPORTS = "server that also returns reports";

    private final Optional<JsonArray> deployments;

    private AuditVerdicts(Optional<JsonArray> deployments) {
      this.deployments = deployments;
    }

    /**
     * Reads an audit's {@code report.json}.
     *
     * @param file empty where there is none
     * @throws IOException if it cannot be read or is something else
     */
    static AuditVerdicts of(Optional<Path> file) throws IOException {
      if (file.isEmpty()) {
        return new AuditVerdicts(Optional.empty());
      }
      String text = Files.readString(file.get(), StandardCharsets.UTF_8);
      try {
        JsonElement deployments = JsonParser.parseString(text).getAsJsonObject().get("deployments");
        if (deployments != null && deployments.isJsonArray()) {
          return new AuditVerdicts(Optional.of(deployments.getAsJsonArray()));
        }
      } catch (JsonParseException | IllegalStateException e) {
        // Said below, for everything that is no report.
      }
      throw new IOException(
          file.get() + ": expected the report.json of 'cpsample audit', found something else");
    }

    /** What is said where images are taken. */
    String imagesTaken() {
      return "note: images are taken (--generate-only switches that off); " + verdict(TAKES_IMAGES);
    }

    /** What is said where reports leave. */
    String reports() {
      return "note: reports leave with the images; " + verdict(REPORTS);
    }

    private String verdict(String name) {
      if (deployments.isEmpty()) {
        return "without --audit nothing says that this can be supported";
      }
      for (JsonElement element : deployments.get()) {
        JsonObject deployment = element.getAsJsonObject();
        if (deployment.get("name").getAsString().contains(name)) {
          return "the audit says: " + deployment.get("verdict").getAsString();
        }
      }
      return "the audit says nothing about it";
    }
  }
}
