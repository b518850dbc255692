package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.guard.Sanitizer;
import io.github.cpsample.image.PngWriter;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.ExitCode;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.ConditionOptions;
import io.github.cpsample.tools.commands.shared.IndexArgument;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.trainer.data.BrokenImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code cpsample sanitize}: makes images that are no copies out of images that are. */
public final class SanitizeCommand implements Command {

  private static final String REPORT = "report.json";
  private static final Sanitizer.Settings STANDARD = Sanitizer.Settings.STANDARD;
  private static final Opt<Double> FIRST =
      strength("first-strength", "share of the sampler's steps that the first try takes")
          .or(STANDARD.firstStrength());
  private static final Opt<Double> LAST =
      strength("last-strength", "and the last one; those between rise in equal steps")
          .or(STANDARD.lastStrength());
  private static final Opt<Integer> TRIES =
      Opt.integer("max-tries", "tries per image", 1).or(STANDARD.tries());
  private static final Opt<Long> SEED =
      Opt.wide("seed", "S", "seed of the first image; image i is made from S + i").or(0L);

  private static Opt<Double> strength(String name, String description) {
    return Opt.decimal(name, "X", description, x -> x > 0 && x <= 1, "a number in (0, 1]");
  }

  private record Settings(
      String model,
      List<String> images,
      GuardOptions checks,
      Sanitizer.Settings tries,
      SampleRequest request,
      Device device,
      Path out) {}

  /** The command; it has no state. */
  public SanitizeCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "sanitize",
        "Turn images that are copies of training images into images that are not",
        "IMAGES...",
        "An image that does not pass the check is noised and denoised under protection, with more"
            + " noise each time, until it passes. Images that pass are written as they are, in the"
            + " model's size. An image that never passes, or cannot be read, is not written."
            + " report.json says how many tries each image took.",
        List.of(
            ModelArgument.MODEL,
            IndexArgument.INDEX.required(),
            GuardOptions.HELDOUT,
            GuardOptions.FALSE_ALARMS,
            GuardOptions.DRAWS,
            FIRST,
            LAST,
            TRIES,
            SamplingOptions.STEPS,
            SamplingOptions.SAMPLER,
            SamplingOptions.ALPHA,
            SamplingOptions.SCALE,
            ConditionOptions.LABEL,
            ConditionOptions.PROMPT,
            ConditionOptions.NEGATIVE_PROMPT,
            ConditionOptions.GUIDANCE_SCALE,
            ConditionOptions.GUIDANCE_RESCALE,
            ConditionOptions.NULL_CLASS,
            SEED,
            SamplingOptions.DEVICE,
            SamplingOptions.OUT),
        "cpsample sanitize --model my-model --index photos.index --out clean images",
        Map.of(
            ExitCode.FAILED,
            "an image never passed or cannot be read, which report.json says, or the work failed"));
  }

  @Override
  public Action prepare(Arguments arguments) {
    double first = arguments.get(FIRST);
    double last = arguments.get(LAST);
    if (last < first) {
      throw new UsageException(
          "--last-strength: expected at least --first-strength " + first + ", found " + last);
    }
    Settings settings =
        new Settings(
            arguments.get(ModelArgument.MODEL),
            arguments.operands(),
            GuardOptions.withIndex(arguments),
            new Sanitizer.Settings(first, last, arguments.get(TRIES)),
            request(arguments),
            Device.parse(arguments.get(SamplingOptions.DEVICE)),
            arguments.get(SamplingOptions.OUT));
    requireOutside(settings);
    return terminal -> run(settings, terminal);
  }

  private static SampleRequest request(Arguments arguments) {
    SampleRequest request =
        ConditionOptions.apply(arguments, SampleRequest.of(1).withSeed(arguments.get(SEED)));
    Optional<Integer> steps = arguments.find(SamplingOptions.STEPS);
    if (steps.isPresent()) {
      request = request.withSteps(steps.get());
    }
    Optional<String> sampler = arguments.find(SamplingOptions.SAMPLER);
    if (sampler.isPresent()) {
      request = request.withSampler(SamplerKind.named(sampler.get()));
    }
    Optional<Double> alpha = arguments.find(SamplingOptions.ALPHA);
    if (alpha.isPresent()) {
      request = request.withAlpha(alpha.get());
    }
    Optional<Double> scale = arguments.find(SamplingOptions.SCALE);
    return scale.isPresent() ? request.withScale(scale.get()) : request;
  }

  /** One image of the report; without a file if it never passed, without tries if unreadable. */
  private record Entry(
      String image,
      @Nullable String file,
      int tries,
      double strength,
      @Nullable List<String> flagged,
      @Nullable String failure) {
    boolean isUnreadable() {
      return failure != null && tries == 0;
    }
  }

  private static void run(Settings settings, Terminal terminal) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (ModelBundle bundle = ModelBundle.of(settings.model());
        GuardOptions.Checks checks = settings.checks().open(bundle, settings.device(), terminal);
        InputImages images = InputImages.open(settings.images(), bundle.manifest().image());
        ProtectedSampler sampler = ProtectedSampler.open(bundle, settings.device())) {
      Sanitizer sanitizer = new Sanitizer(sampler, checks.guard(), settings.tries());
      images.noteSheets(terminal);
      Files.createDirectories(settings.out());
      Files.deleteIfExists(settings.out().resolve(REPORT));
      for (int i = 0; i < images.size(); i++) {
        Entry entry = sanitize(sanitizer, images, i, settings);
        entries.add(entry);
        terminal.out().println(line(entry));
      }
    }
    JsonFile.write(settings.out().resolve(REPORT), entries);
    long failed = entries.stream().filter(entry -> entry.failure() != null).count();
    if (failed > 0) {
      long unread = entries.stream().filter(Entry::isUnreadable).count();
      throw new Sanitizer.FailedException(
          failed
              + " of "
              + entries.size()
              + " images never passed"
              + (unread > 0 ? ", " + unread + " of them because they cannot be read," : "")
              + " and were not written");
    }
  }

  /** What is written among the images would be an image of the next run. */
  private static void requireOutside(Settings settings) {
    Path out = settings.out().toAbsolutePath().normalize();
    for (String source : settings.images()) {
      Path folder = Path.of(source).toAbsolutePath().normalize();
      if (out.startsWith(folder)) {
        throw new UsageException(
            "--out: expected a folder outside of "
                + source
                + ", whose images are read, found "
                + settings.out());
      }
    }
  }

  private static Entry sanitize(
      Sanitizer sanitizer, InputImages images, int index, Settings settings) throws IOException {
    String name = images.name(index);
    String file = String.format(Locale.ROOT, "%05d-%s.png", index, plainName(name));
    Files.deleteIfExists(settings.out().resolve(file));
    SampleRequest request = settings.request().withSeed(settings.request().seed() + index);
    try {
      Sanitizer.Result done = sanitizer.sanitize(images.read(index), request, Progress.none());
      PngWriter.write(done.image().toBufferedImage(), settings.out().resolve(file));
      return new Entry(name, file, done.tries(), done.strength(), done.before().reasons(), null);
    } catch (Sanitizer.FailedException e) {
      int tries = settings.tries().tries();
      return new Entry(name, null, tries, settings.tries().lastStrength(), null, Checks.message(e));
    } catch (BrokenImageException e) {
      return new Entry(name, null, 0, 0, null, Checks.message(e));
    }
  }

  private static String plainName(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return last.replaceAll("\\.[A-Za-z0-9]+$", "").replaceAll("[^A-Za-z0-9_-]", "-");
  }

  private static String line(Entry entry) {
    String failure = entry.failure();
    if (failure != null) {
      return entry.isUnreadable() ? failure : entry.image() + ": " + failure;
    }
    return entry.tries() == 0
        ? entry.image() + ": passes as it is"
        : String.format(
            Locale.ROOT,
            "%s: passes at try %d, strength %.2f",
            entry.image(),
            entry.tries(),
            entry.strength());
  }
}
