package io.github.cpsample.trainer.build;

import io.github.cpsample.trainer.export.DenoiserBase;
import io.github.cpsample.trainer.export.StartingDenoiser;
import io.github.cpsample.trainer.training.DenoiserSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The denoiser that has seen much, from which the build fine-tunes its own. */
final class BuildBase {

  private BuildBase() {}

  /**
   * The weights of the base.
   *
   * @param folder the base, {@code exported-models/base} of the project
   * @param settings what will be trained; must have the base's network, schedule and prediction
   * @return the weights, flat
   * @throws IOException if the base is missing or broken
   * @throws IllegalArgumentException if the settings do not fit the base
   */
  static float[] weights(Path folder, DenoiserSettings settings) throws IOException {
    StartingDenoiser base = DenoiserBase.read(folder);
    requireFit("network", base.network(), settings.network());
    requireFit("schedule", base.schedule(), Optional.of(settings.schedule()));
    requireFit("prediction", base.prediction(), Optional.of(settings.prediction()));
    return base.weights();
  }

  private static void requireFit(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "Build profile: expected the base's "
              + what
              + " "
              + expected
              + ", found "
              + found
              + "; train another base (exported-models/base/README.md)");
    }
  }
}
