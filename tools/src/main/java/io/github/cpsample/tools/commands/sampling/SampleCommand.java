package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.image.ContactSheet;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.PngWriter;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.ProgressDisplay;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code cpsample sample}: generates images with a model, protected or not. */
public final class SampleCommand implements Command {

  private static final String REPORT = "report.json";
  private static final int SHEET_SIDE = 96;
  private static final int MOST_COLUMNS = 16;

  /** The command; it has no state. */
  public SampleCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "sample",
        "Generate images with a model, protected or not",
        "",
        "Writes image-00000.png and so on, contact-sheet.png and report.json, the report last.",
        SampleOptions.ALL,
        "cpsample sample --model fashion-mnist --count 16 --seed 7 --out images");
  }

  @Override
  public Action prepare(Arguments arguments) {
    SampleOptions options = SampleOptions.of(arguments);
    return terminal -> run(options, terminal);
  }

  private static void run(SampleOptions options, Terminal terminal) throws IOException {
    SampleResult result;
    Optional<GuaranteeOptions.Outcome> guaranteed = Optional.empty();
    Manifest manifest;
    PromptTokens tokens;
    try (ModelBundle bundle = ModelBundle.of(options.model());
        ProtectedSampler sampler = ProtectedSampler.open(bundle, options.device());
        ProgressDisplay progress = terminal.progress("sampling", "batch steps")) {
      manifest = bundle.manifest();
      SampleRequest request = options.requestOf(manifest);
      if (options.guarantee().isPresent()) {
        GuaranteeOptions guarantee = options.guarantee().get();
        guaranteed = Optional.of(guarantee.sample(sampler, request, progress::show, terminal));
        result = guaranteed.get().result().result();
      } else {
        result = sampler.sample(request, progress::show);
      }
      tokens = PromptTokens.of(sampler, result.settings().shown().conditioning());
    }
    result
        .totals()
        .fallbackReason()
        .ifPresent(reason -> terminal.err().println("cpsample sample: on the CPU: " + reason));
    tokens.warn(terminal);
    SampleNotes.onTheSteps(manifest, result.settings()).ifPresent(terminal.err()::println);
    SampleNotes.onTheQuestion(manifest, result.settings()).ifPresent(terminal.err()::println);
    write(result, SampleReport.of(manifest.name(), result, tokens, guaranteed), options.out());
    noteOlder(result.images().size(), options.out(), terminal);
    print(result, options, terminal);
    guaranteed.ifPresent(outcome -> print(outcome.report(), terminal));
  }

  private static void write(SampleResult result, SampleReport report, Path out) throws IOException {
    Files.createDirectories(out);
    Files.deleteIfExists(out.resolve(REPORT));
    List<BufferedImage> images = result.images().stream().map(FloatImage::toBufferedImage).toList();
    for (int i = 0; i < images.size(); i++) {
      PngWriter.write(images.get(i), out.resolve(SampleReport.fileName(i)));
    }
    if (images.isEmpty()) {
      Files.deleteIfExists(out.resolve(SamplingOptions.SHEET));
    } else {
      boolean strip = result.settings().shown().origin().interpolation().isPresent();
      PngWriter.write(sheet(images, strip), out.resolve(SamplingOptions.SHEET));
    }
    JsonFile.write(out.resolve(REPORT), report);
  }

  /** Images of an earlier run stay, and nobody should take them for images of this one. */
  private static void noteOlder(int count, Path out, Terminal terminal) {
    Path next = out.resolve(SampleReport.fileName(count));
    if (Files.exists(next)) {
      terminal
          .err()
          .printf(
              "note: %s and what follows it are of an earlier run, and may not be protected; only"
                  + " what report.json lists is of this one%n",
              next);
    }
  }

  /** One row, or about square, with small images enlarged. */
  private static BufferedImage sheet(List<BufferedImage> images, boolean strip) {
    int square = Math.min(MOST_COLUMNS, (int) Math.ceil(Math.sqrt(images.size())));
    int columns = strip ? images.size() : square;
    int scale = Math.max(1, SHEET_SIDE / images.get(0).getWidth());
    return new ContactSheet(columns, Math.max(2, scale), scale).render(images);
  }

  private static void print(SampleResult result, SampleOptions options, Terminal terminal) {
    SampleReport.Totals totals = SampleReport.Totals.of(result);
    String guarded =
        result.settings().guarding().on()
            ? String.format(
                Locale.ROOT,
                "%d guarded (%.1f %% of all steps)",
                totals.imagesGuarded(),
                100.0 * totals.stepsGuarded() / Math.max(1, totals.steps()))
            : "unprotected";
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%d images in %s: %s, %.3f s per image on %s%n",
            result.images().size(),
            options.out(),
            guarded,
            totals.secondsPerImage(),
            totals.device());
    SampleNotes.onFailures(result).forEach(terminal.out()::println);
  }

  private static void print(GuaranteeOptions.Report report, Terminal terminal) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "guarantee: none is too close to one of %d training images; %d images were resampled,"
                + " %d samples thrown away%n",
            report.indexImages(),
            report.imagesResampled(),
            report.samplesRejected());
  }
}
