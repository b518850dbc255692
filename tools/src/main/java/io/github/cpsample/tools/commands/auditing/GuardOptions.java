package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.guard.ImageCheck;
import io.github.cpsample.guard.ImageGuard;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.IndexArgument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * By what images are checked.
 *
 * @param index the index's file
 * @param classifier whether the classifier is asked
 * @param heldOut images to measure its false alarms with
 * @param falseAlarms the share of them allowed
 * @param draws how often an image is noised per level
 */
record GuardOptions(
    Optional<Path> index,
    boolean classifier,
    Optional<String> heldOut,
    double falseAlarms,
    int draws) {

  static final Opt<String> BY =
      Opt.choice(
          "by",
          "what an image has to pass: the index, the classifier's certainty, or both; default: all"
              + " that is at hand",
          List.of("index", "classifier", "both"));
  static final Opt<String> HELDOUT =
      Opt.text(
          "heldout",
          "PATH|fashion-mnist",
          "images of the same kind that were not trained on; they set from where on the"
              + " classifier counts as certain. Without them that is a guess, with unknown false"
              + " alarms");
  static final Opt<Double> FALSE_ALARMS =
      Opt.decimal(
              "false-alarms",
              "SHARE",
              "share of images that were not trained on that the classifier may flag",
              s -> s > 0 && s < 1,
              "a number between 0 and 1")
          .or(0.01);
  static final Opt<Integer> DRAWS =
      Opt.integer("draws", "how often an image is noised per noise level", 1)
          .or(CertaintyCheck.DRAWS);

  /** Everything that is at hand, unless the command line says otherwise. */
  static GuardOptions of(Arguments arguments) {
    boolean indexed = arguments.find(IndexArgument.INDEX).isPresent();
    return of(arguments, indexed ? "both" : "classifier");
  }

  /** The index, which must be there, and the classifier if it can be calibrated. */
  static GuardOptions withIndex(Arguments arguments) {
    arguments.get(IndexArgument.INDEX);
    return of(arguments, arguments.has(HELDOUT) ? "both" : "index");
  }

  private static GuardOptions of(Arguments arguments, String otherwise) {
    Optional<Path> index = arguments.find(IndexArgument.INDEX);
    String by = arguments.find(BY).orElse(otherwise);
    if (index.isPresent() == by.equals("classifier")) {
      throw new UsageException(
          index.isPresent()
              ? "--index: expected none, since --by classifier does not use it"
              : "--index: expected a value, found none, and --by " + by + " needs it");
    }
    boolean classifier = !by.equals("index");
    if (!classifier && arguments.has(HELDOUT)) {
      throw new UsageException("--heldout: expected none, since --by index does not use it");
    }
    return new GuardOptions(
        index,
        classifier,
        arguments.find(HELDOUT),
        arguments.get(FALSE_ALARMS),
        arguments.get(DRAWS));
  }

  /** The checks, open. */
  record Checks(ImageGuard guard, Optional<CertaintyCheck> certainty) implements AutoCloseable {
    @Override
    public void close() {
      certainty.ifPresent(CertaintyCheck::close);
    }
  }

  Checks open(ModelBundle bundle, Device device, Terminal terminal) throws IOException {
    List<ImageCheck> checks = new ArrayList<>();
    if (index.isPresent()) {
      checks.add(IndexCheck.of(IndexArgument.open(index.get(), bundle.manifest(), terminal)));
    }
    if (!classifier) {
      return new Checks(ImageGuard.of(checks), Optional.empty());
    }
    CertaintyCheck certainty = CertaintyCheck.open(bundle, ResolvedDevice.of(device), draws, 0);
    try {
      calibrate(certainty, bundle, terminal);
      checks.add(certainty);
      return new Checks(ImageGuard.of(checks), Optional.of(certainty));
    } catch (RuntimeException e) {
      certainty.close();
      throw e;
    }
  }

  private void calibrate(CertaintyCheck certainty, ModelBundle bundle, Terminal terminal) {
    if (heldOut.isEmpty()) {
      terminal
          .err()
          .println(
              "note: without --heldout it is a guess when the classifier counts as certain, and"
                  + " nobody knows how many harmless images it flags");
      return;
    }
    CertaintyCheck.Limit limit;
    try (InputImages images = InputImages.open(List.of(heldOut.get()), bundle.manifest().image())) {
      images.noteSheets(terminal);
      limit = certainty.calibrate(images.all(), falseAlarms);
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "the classifier flags at most %.2f %% of images that were not trained on, measured"
                + " with %d of them%n",
            100 * limit.falseAlarms().orElseThrow(),
            limit.heldOut());
  }
}
