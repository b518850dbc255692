package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.ExitCode;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.OutcomeException;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.IndexArgument;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.trainer.data.BrokenImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cpsample guard}: checks finished images. */
public final class GuardCommand implements Command {

  /** Enough for the search of the index, which compares several images at once. */
  private static final int TOGETHER = 64;

  private static final Opt<Path> JSON =
      Opt.path("json", "FILE", "write what was found as JSON, too");
  private static final Opt<Boolean> CERTAINTY =
      Opt.flag(
          "show-certainty",
          "print how certain the classifier is of every image. That is a membership test: whoever"
              + " sees it can tell which images were trained on. For audits by the party that"
              + " holds the training data");

  private record Settings(
      String model,
      List<String> images,
      GuardOptions checks,
      Device device,
      boolean showCertainty,
      Optional<Path> json) {}

  /** The command; it has no state. */
  public GuardCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "guard",
        "Check finished images from any source: are they copies of training images?",
        "IMAGES...",
        "IMAGES are image files or folders of them, brought to the model's size; the"
            + " contact-sheet.png that 'sample' writes into a folder is left out."
            + " Even a plain yes or no says whether an image was trained on, so let"
            + " only those use this command who may see the training images.",
        List.of(
            ModelArgument.MODEL,
            IndexArgument.INDEX,
            GuardOptions.BY,
            GuardOptions.HELDOUT,
            GuardOptions.FALSE_ALARMS,
            GuardOptions.DRAWS,
            SamplingOptions.DEVICE,
            CERTAINTY,
            JSON),
        "cpsample guard --model my-model --index photos.index --heldout others images",
        Map.of(
            ExitCode.DONE,
            "all images pass",
            ExitCode.FOUND,
            "at least one image is flagged",
            ExitCode.FAILED,
            "the check failed, or no image is flagged and some cannot be read"));
  }

  @Override
  public Action prepare(Arguments arguments) {
    Settings settings =
        new Settings(
            arguments.get(ModelArgument.MODEL),
            arguments.operands(),
            GuardOptions.of(arguments),
            Device.parse(arguments.get(SamplingOptions.DEVICE)),
            arguments.has(CERTAINTY),
            arguments.find(JSON));
    return terminal -> run(settings, terminal);
  }

  private static void run(Settings settings, Terminal terminal)
      throws IOException, OutcomeException {
    GuardReport report;
    try (ModelBundle bundle = ModelBundle.of(settings.model());
        GuardOptions.Checks checks = settings.checks().open(bundle, settings.device(), terminal)) {
      report = report(bundle.manifest(), checks, settings, terminal);
    }
    report.table().forEach(terminal.out()::println);
    if (settings.json().isPresent()) {
      JsonFile.write(settings.json().get(), report);
    }
    if (report.flagged() > 0) {
      throw new OutcomeException(
          ExitCode.FOUND,
          report.flagged()
              + " of "
              + report.images().size()
              + " images are flagged"
              + unread(report));
    }
    if (report.unreadable() > 0) {
      throw new IOException(
          "expected images that can be read, found "
              + report.unreadable()
              + " of "
              + report.images().size()
              + " that cannot, the first: "
              + report.firstUnreadable());
    }
  }

  private static String unread(GuardReport report) {
    return report.unreadable() > 0 ? ", and " + report.unreadable() + " cannot be read" : "";
  }

  /** Reads and checks a few images at a time, so that there may be any number of them. */
  private static GuardReport report(
      Manifest manifest, GuardOptions.Checks checks, Settings settings, Terminal terminal) {
    List<GuardReport.Image> entries = new ArrayList<>();
    try (InputImages images = InputImages.open(settings.images(), manifest.image())) {
      images.noteSheets(terminal);
      for (int first = 0; first < images.size(); first += TOGETHER) {
        int end = Math.min(first + TOGETHER, images.size());
        entries.addAll(check(images, first, end, checks, settings));
      }
    }
    Optional<CertaintyCheck> certainty = checks.certainty();
    boolean measured = certainty.isPresent() && certainty.get().limit().falseAlarms().isPresent();
    return new GuardReport(
        manifest.name(),
        certainty.map(CertaintyCheck::timesteps).orElse(null),
        measured ? certainty.get().limit().falseAlarms().getAsDouble() : null,
        (int) entries.stream().filter(GuardReport.Image::isFlagged).count(),
        (int) entries.stream().filter(GuardReport.Image::isUnreadable).count(),
        entries);
  }

  private static List<GuardReport.Image> check(
      InputImages images, int first, int end, GuardOptions.Checks checks, Settings settings) {
    List<FloatImage> readable = new ArrayList<>();
    Map<Integer, GuardReport.Image> broken = new HashMap<>();
    for (int i = first; i < end; i++) {
      try {
        readable.add(images.read(i));
      } catch (BrokenImageException e) {
        broken.put(i, GuardReport.Image.unreadable(images.name(i), Checks.message(e)));
      }
    }
    Iterator<GuardVerdict> verdicts = checks.guard().check(readable).iterator();
    List<GuardReport.Image> entries = new ArrayList<>();
    for (int i = first; i < end; i++) {
      entries.add(
          broken.containsKey(i)
              ? broken.get(i)
              : GuardReport.Image.of(images.name(i), verdicts.next(), settings.showCertainty()));
    }
    return entries;
  }
}
