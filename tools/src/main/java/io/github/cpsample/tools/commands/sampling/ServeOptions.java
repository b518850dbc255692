package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.inference.Device;
import io.github.cpsample.service.engine.EngineSettings;
import io.github.cpsample.service.settings.ApiKeys;
import io.github.cpsample.service.settings.Limits;
import io.github.cpsample.service.settings.ServiceSettings;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code cpsample serve} was asked for.
 *
 * @param models names or paths of the models, the first one for requests that name none
 * @param device where the networks run
 * @param plain all settings but for the keys
 * @param keys the file with the keys; empty for an open service
 * @param audit the report of an audit of the model
 * @param grace how long requests under way may take when the service ends
 */
record ServeOptions(
    List<String> models,
    Device device,
    ServiceSettings plain,
    Optional<Path> keys,
    Optional<Path> audit,
    Duration grace) {
  private static final Limits LIMITS = Limits.STANDARD;
  private static final ServiceSettings USUAL = ServiceSettings.STANDARD;
  private static final int LARGEST_PORT = 65_535;

  static final Opt<String> MODEL =
      Opt.text(
              "model",
              "NAME|DIR|ZIP",
              "a model that comes with the tool, or a bundle; requests call it by the name in its"
                  + " manifest, those without a name get the first one")
          .repeated();
  static final Opt<String> HOST =
      Opt.text("host", "ADDRESS", "where to listen; 0.0.0.0 is everywhere").or(USUAL.host());
  static final Opt<Integer> PORT =
      Opt.of("port", "N", "the port; 0 is any free one", ServeOptions::port).or(USUAL.port());
  static final Opt<Path> KEYS =
      Opt.path(
          "api-key-file",
          "FILE",
          "requests must bear one of the keys in it, one per line; 'operator KEY' is one that may"
              + " also see /metrics and load models anew");
  static final Opt<Integer> MOST_BODY =
      Opt.integer("max-body", "BYTES", "the longest request", 1).or((int) LIMITS.bodyBytes());
  static final Opt<Integer> MOST_IMAGES =
      Opt.integer("max-images", "the most images of a request", 1).or(LIMITS.images());
  static final Opt<Integer> MOST_STEPS =
      Opt.integer("max-steps", "the most steps of an image", 1).or(LIMITS.steps());
  static final Opt<Integer> MOST_PIXELS =
      Opt.integer("max-pixels", "the most pixels of an image that is given", 1)
          .or((int) LIMITS.pixels());
  static final Opt<Integer> MOST_QUEUE =
      Opt.integer("max-queue", "the most images of a model that are accepted and not done", 1)
          .or(USUAL.engine().mostImages());
  static final Opt<Integer> TIMEOUT =
      Opt.integer("timeout", "SECONDS", "the longest time of a request, its wait included", 1)
          .or((int) LIMITS.time().toSeconds());
  static final Opt<Integer> BATCH =
      Opt.integer("batch", "the most images that share a call of the networks", 1)
          .or(USUAL.engine().places());
  static final Opt<Integer> LINGER =
      Opt.integer("linger", "MILLISECONDS", "how long a first request waits for company", 0).or(0);
  static final Opt<Integer> GRACE =
      Opt.integer("grace", "SECONDS", "how long requests under way may take at the end", 0).or(30);
  static final Opt<Boolean> REPORTS =
      Opt.flag(
          "reports",
          "say in answers in how many steps an image was guarded; that helps to tell training"
              + " images from others");
  static final Opt<Boolean> GENERATE_ONLY =
      Opt.flag("generate-only", "refuse requests that bring an image");
  static final Opt<Boolean> UNPROTECTED =
      Opt.flag("allow-unprotected", "let requests switch the protection off, for comparisons");
  static final Opt<Path> AUDIT =
      Opt.path(
          "audit",
          "FILE",
          "the report.json of an audit, to print its verdict on this deployment; without it, one in"
              + " a bundle's folder or beside the bundle is taken");

  static final List<Opt<?>> ALL =
      List.of(
          MODEL,
          HOST,
          PORT,
          KEYS,
          MOST_BODY,
          MOST_IMAGES,
          MOST_STEPS,
          MOST_PIXELS,
          MOST_QUEUE,
          TIMEOUT,
          BATCH,
          LINGER,
          GRACE,
          REPORTS,
          GENERATE_ONLY,
          UNPROTECTED,
          AUDIT,
          SamplingOptions.DEVICE);

  static ServeOptions of(Arguments arguments) {
    Limits limits =
        new Limits(
            arguments.get(MOST_BODY),
            arguments.get(MOST_IMAGES),
            arguments.get(MOST_STEPS),
            arguments.get(MOST_PIXELS),
            Duration.ofSeconds(arguments.get(TIMEOUT)));
    EngineSettings engine =
        new EngineSettings(
            arguments.get(BATCH),
            arguments.get(MOST_QUEUE),
            Duration.ofMillis(arguments.get(LINGER)));
    ServiceSettings plain =
        new ServiceSettings(
            arguments.get(HOST),
            arguments.get(PORT),
            Optional.empty(),
            limits,
            engine,
            arguments.has(REPORTS),
            arguments.has(GENERATE_ONLY),
            arguments.has(UNPROTECTED));
    List<String> models = arguments.all(MODEL);
    return new ServeOptions(
        models.isEmpty() ? List.of("fashion-mnist") : models,
        Device.parse(arguments.get(SamplingOptions.DEVICE)),
        plain,
        arguments.find(KEYS),
        arguments.find(AUDIT),
        Duration.ofSeconds(arguments.get(GRACE)));
  }

  /** All settings. */
  ServiceSettings settings() throws IOException {
    return keys.isPresent() ? plain.with(ApiKeys.read(keys.get())) : plain;
  }

  private static int port(String text) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= LARGEST_PORT) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("expected a port from 0 to 65535, found '" + text + "'");
  }
}
