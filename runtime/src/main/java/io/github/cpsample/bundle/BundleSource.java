package io.github.cpsample.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Where the files of a bundle come from. */
interface BundleSource extends AutoCloseable {
  /** What to call it in errors. */
  String describe();

  /** Opens a file of the bundle, or returns null if there is none of that name. */
  InputStream open(String name) throws IOException;

  /** Where a file of the bundle is on disk, if it is a file of its own there. */
  default Optional<Path> path(String name) {
    return Optional.empty();
  }

  @Override
  void close() throws IOException;
}
