package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** An index of training images as a command line names it. */
public final class IndexArgument {

  public static final Opt<Path> INDEX =
      Opt.path("index", "FILE", "index of the training images, from 'cpsample index'");

  private IndexArgument() {}

  /** Reads an index and says so if it is not that of the model's training images. */
  public static TrainingIndex open(Path file, Manifest manifest, Terminal terminal)
      throws IOException {
    TrainingIndex index = TrainingIndex.read(file);
    index.requireShape(manifest.image());
    noteForeign(index, manifest, terminal);
    return index;
  }

  public static boolean isOf(TrainingIndex index, Manifest manifest) {
    String fingerprint = manifest.data().fingerprint().toLowerCase(Locale.ROOT);
    return index.fingerprint().equals(fingerprint);
  }

  public static void noteForeign(TrainingIndex index, Manifest manifest, Terminal terminal) {
    if (!isOf(index, manifest)) {
      terminal
          .err()
          .println(
              "note: the images of the index are not exactly those that the classifier of "
                  + manifest.name()
                  + " was trained on; what is not in the index is not found");
    }
  }
}
