package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.inference.Device;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.FoundException;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.output.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code cpsample guard}: checks finished images. */
public final class GuardCommand implements Command {

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

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "guard",
        "Check finished images from any source: are they copies of training images?",
        "IMAGES...",
        "IMAGES are image files or folders of them, brought to the model's size. Exit code 0: all"
            + " pass; 3: at least one is flagged; 1: the check failed. Even a plain yes or no says"
            + " whether an image was trained on, so let only those use this command who may see"
            + " the training images.",
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
        "cpsample guard --model my-model --index photos.index --heldout others images");
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

  private static void run(Settings settings, Terminal terminal) throws IOException, FoundException {
    GuardReport report;
    try (ModelBundle bundle = ModelArgument.open(settings.model());
        GuardOptions.Checks checks = settings.checks().open(bundle, settings.device(), terminal)) {
      List<InputImages.Named> images =
          InputImages.read(settings.images(), bundle.manifest().image());
      List<GuardVerdict> verdicts = checks.guard().check(InputImages.images(images));
      report = report(bundle.manifest().name(), checks.certainty(), images, verdicts, settings);
    }
    report.table().forEach(terminal.out()::println);
    if (settings.json().isPresent()) {
      JsonFile.write(settings.json().get(), report);
    }
    if (report.flagged() > 0) {
      throw new FoundException(
          report.flagged() + " of " + report.images().size() + " images are flagged");
    }
  }

  private static GuardReport report(
      String model,
      Optional<CertaintyCheck> certainty,
      List<InputImages.Named> images,
      List<GuardVerdict> verdicts,
      Settings settings) {
    List<GuardReport.Image> entries = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      entries.add(
          GuardReport.Image.of(images.get(i).name(), verdicts.get(i), settings.showCertainty()));
    }
    boolean measured = certainty.isPresent() && certainty.get().limit().falseAlarms().isPresent();
    return new GuardReport(
        model,
        certainty.map(CertaintyCheck::timesteps).orElse(null),
        measured ? certainty.get().limit().falseAlarms().getAsDouble() : null,
        (int) verdicts.stream().filter(verdict -> !verdict.passes()).count(),
        entries);
  }
}
