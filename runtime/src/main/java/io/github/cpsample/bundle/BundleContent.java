package io.github.cpsample.bundle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The content of one file of a bundle: held in memory, or left on disk. */
interface BundleContent {
  /** Opens it from its beginning. */
  InputStream open() throws IOException;

  /** All of it. */
  byte[] bytes() throws IOException;

  /** Length and hash. */
  Manifest.FileEntry entry() throws IOException;

  /** Where it is on disk, if it is not held in memory. */
  Optional<Path> path();

  /** Content in memory; the array is not copied. */
  static BundleContent of(byte[] bytes) {
    return new InMemory(bytes);
  }

  /** Content on disk. */
  static BundleContent of(Path file) {
    return new OnDisk(file);
  }

  /** A small file. */
  @SuppressWarnings("ArrayRecordComponent") // a hand-over of megabytes, never compared
  record InMemory(byte[] bytes) implements BundleContent {
    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public Manifest.FileEntry entry() {
      return Manifest.FileEntry.of(bytes);
    }

    @Override
    public Optional<Path> path() {
      return Optional.empty();
    }
  }

  /** A large file. */
  record OnDisk(Path file) implements BundleContent {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }

    @Override
    public byte[] bytes() throws IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public Manifest.FileEntry entry() throws IOException {
      try (InputStream content = open()) {
        return Manifest.FileEntry.of(content);
      }
    }

    @Override
    public Optional<Path> path() {
      return Optional.of(file);
    }
  }
}
