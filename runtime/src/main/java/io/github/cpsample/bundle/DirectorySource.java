package io.github.cpsample.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A bundle in a folder. Other files than the manifest's are left alone. */
record DirectorySource(Path folder) implements BundleSource {
  @Override
  public String describe() {
    return "bundle " + folder;
  }

  @Override
  public InputStream open(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.isRegularFile(file) ? Files.newInputStream(file) : null;
  }

  @Override
  public Optional<Path> path(String name) {
    Path file = folder.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  @Override
  public void close() {}
}
