package io.github.cpsample.tools.demo;

import io.github.cpsample.base.Checks;
import io.github.cpsample.inference.Device;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What the demonstration shall do.
 *
 * @param out folder for table, pictures and, if anything is trained, models
 * @param count images per side, at least 2
 * @param seed seed of the first image
 * @param device where the networks run
 * @param retrain profile to train first, {@code quick} or {@code standard}; empty for the models of
 *     the build
 */
public record DemoSettings(
    Path out, int count, long seed, Device device, Optional<String> retrain) {

  public DemoSettings {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(retrain, "retrain");
    Checks.argument(count >= 2, "count", "at least 2 images, to compare distributions", count);
  }
}
