package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImages;
import java.util.OptionalInt;

/** The training images as a command line names them. */
public final class DataOptions {

  public static final Opt<String> DATA =
      Opt.text(
              "data",
              "PATH|fashion-mnist",
              "training images: a folder of images, tar, IDX or CIFAR-10 binary files, or those that"
                  + " come with the tool")
          .required();
  public static final Opt<Integer> LIMIT = Opt.integer("limit", "take only the first N images", 1);

  private DataOptions() {}

  public static TrainingImages images(Arguments arguments) {
    return new TrainingImages(
        arguments.get(DATA),
        arguments.find(LIMIT).map(OptionalInt::of).orElse(OptionalInt.empty()));
  }

  /** Reports broken images by name. */
  public static BrokenImages reportBroken(Terminal terminal) {
    return new BrokenImages(fault -> terminal.err().println("skipped: " + fault.getMessage()));
  }
}
