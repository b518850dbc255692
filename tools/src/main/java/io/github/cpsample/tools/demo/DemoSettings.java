package io.github.cpsample.tools.demo;

import io.github.cpsample.base.Checks;
import io.github.cpsample.inference.Device;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What the demonstration shall do.
 *
 * @param out folder for table and pictures
 * @param count images per side, at least 2
 * @param seed seed of the first image
 * @param device where the networks run
 */
public record DemoSettings(Path out, int count, long seed, Device device) {

  public DemoSettings {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(device, "device");
    Checks.argument(count >= 2, "count", "at least 2 images, to compare distributions", count);
  }
}
