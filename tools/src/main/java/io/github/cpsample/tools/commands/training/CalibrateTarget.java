package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.tools.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the outcome of a calibration goes: into the model's own manifest, into a new bundle, or
 * nowhere.
 *
 * @param model as the command line names it
 * @param out the new bundle; empty for the model's own manifest
 * @param dry whether nothing is written
 */
record CalibrateTarget(String model, Optional<Path> out, boolean dry) {

  /** Refuses options that leave nothing that can be written. */
  void checkOptions(boolean newFiles) {
    if (dry || out.isPresent()) {
      return;
    }
    if (newFiles) {
      throw new UsageException(
          "--train-classifier: expected --out, since a new classifier changes the model's files");
    }
    if (!isFolder()) {
      throw new UsageException(
          "--model: expected a bundle's folder, whose manifest is written, found "
              + model
              + "; give --out DIR for a new bundle, or --dry-run");
    }
  }

  /** Refuses a place that cannot be written, before the work. */
  void checkPlace() {
    if (!dry) {
      out.ifPresent(BundleWriter::requireReplaceable);
    }
  }

  private boolean isFolder() {
    return !ModelBundle.names().contains(model) && Files.isDirectory(Path.of(model));
  }

  /** The folder for finished batches, unless somebody says otherwise. */
  Path usualWork() {
    Path name = out.orElseGet(() -> Path.of(model)).toAbsolutePath().normalize();
    return name.resolveSibling(name.getFileName() + ".calibration");
  }

  /**
   * Writes a model's new manifest, alone or with the model's files.
   *
   * @param bundle the model; its manifest is as it was read
   * @param calibrated the manifest to write
   * @return what was written
   * @throws IOException if the manifest was changed by somebody else meanwhile
   */
  Path write(ModelBundle bundle, Manifest calibrated) throws IOException {
    if (out.isEmpty()) {
      Path file = Path.of(model).resolve(Manifest.FILE_NAME);
      if (!Manifest.read(file).equals(bundle.manifest())) {
        throw new IOException(
            file
                + ": expected the manifest that was calibrated, found another one: it was changed"
                + " meanwhile; give the same command again");
      }
      calibrated.write(file);
      return file;
    }
    BundleWriter writer = BundleWriter.of(calibrated);
    for (String name : bundle.manifest().files().keySet()) {
      Optional<Path> large = bundle.path(name);
      if (large.isPresent()) {
        writer.file(name, large.get());
      } else {
        writer.file(name, bundle.file(name));
      }
    }
    if (BundleWriter.isZip(out.get())) {
      writer.toZip(out.get());
    } else {
      writer.toDirectory(out.get());
    }
    return out.get();
  }
}
