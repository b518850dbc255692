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
import java.util.List;
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
    Map<String, String> named = named(options.models());
    AuditVerdicts verdicts =
        options.audit().isPresent()
            ? AuditVerdicts.of(options.audit().get())
            : AuditVerdicts.beside(named);
    Map<String, SamplerOpener> models = openers(named, ResolvedDevice.of(options.device()));
    ImageService service = ImageService.start(models, settings);
    terminal
        .out()
        .printf("serving %s at http://%s:%d/%n", models.keySet(), settings.host(), service.port());
    warn(verdicts, settings, terminal);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      terminal.err().println("stopping: requests under way may still finish");
      service.stop(options.grace());
      throw e;
    }
  }

  /** What models are opened by, by the names in their manifests. */
  private static Map<String, String> named(List<String> models) throws IOException {
    Map<String, String> named = new LinkedHashMap<>();
    for (String model : models) {
      String name;
      try (ModelBundle bundle = ModelBundle.of(model)) {
        name = bundle.manifest().name();
      }
      if (named.putIfAbsent(name, model) != null) {
        throw new IOException(
            "model " + model + ": expected models of different names, found two named " + name);
      }
    }
    return named;
  }

  private static Map<String, SamplerOpener> openers(
      Map<String, String> named, ResolvedDevice device) {
    Map<String, SamplerOpener> openers = new LinkedHashMap<>();
    named.forEach((name, model) -> openers.put(name, () -> open(model, device)));
    return openers;
  }

  private static ProtectedSampler open(String model, ResolvedDevice device) {
    try (ModelBundle bundle = ModelBundle.of(model)) {
      return ProtectedSampler.open(bundle, device, SessionSettings.defaults());
    }
  }

  private static void warn(AuditVerdicts verdicts, ServiceSettings settings, Terminal terminal) {
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
