package io.github.cpsample.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the files of a bundle come from. */
interface BundleSource extends AutoCloseable {
  /** What to call it in errors. */
  String describe();

  /** Opens a file of the bundle, or returns null if there is none of that name. */
  @Nullable InputStream open(String name) throws IOException;

  /** Where a file of the bundle is on disk, if it is a file of its own there. */
  default Optional<Path> path(String name) {
    return Optional.empty();
  }

  @Override
  void close() throws IOException;

  /** A bundle in a folder. Other files than the manifest's are left alone. */
  record Folder(Path folder) implements BundleSource {
    @Override
    public String describe() {
      return "bundle " + folder;
    }

    @Override
    public @Nullable InputStream open(String name) throws IOException {
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

  /** A bundle on the class path, below {@link NamedBundles#ROOT}. */
  record Resources(String name, ClassLoader loader) implements BundleSource {
    @Override
    public String describe() {
      return "bundled model " + name;
    }

    @Override
    public InputStream open(String file) {
      return loader.getResourceAsStream(NamedBundles.ROOT + name + "/" + file);
    }

    @Override
    public void close() {}
  }
}
