package io.github.cpsample.bundle;

import java.io.IOException;
import java.io.InputStream;

/** Where the files of a bundle come from. */
interface BundleSource extends AutoCloseable {
  /** What to call it in errors. */
  String describe();

  /** Opens a file of the bundle, or returns null if there is none of that name. */
  InputStream open(String name) throws IOException;

  @Override
  void close() throws IOException;
}
