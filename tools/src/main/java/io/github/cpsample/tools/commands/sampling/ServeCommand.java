package io.github.cpsample.tools.commands.sampling;

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
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
      try (ModelBundle bundle = ModelBundle.of(model)) {
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
    try (ModelBundle bundle = ModelBundle.of(model)) {
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
}
