package io.github.cpsample.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A bundle in a zip file: its files at the top, or all in one folder. Nothing is unpacked to disk.
 * Entries whose names leave the folder, that occur twice, or that would unpack to absurd sizes are
 * refused when the file is opened.
 */
final class ZipSource implements BundleSource {
  private static final int MAXIMUM_ENTRIES = 10_000;
  private static final long SMALL = 1L << 20;
  private static final long MAXIMUM_RATIO = 200;

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new HashMap<>();
  private final String folder;

  ZipSource(Path file) throws IOException {
    this.file = file;
    this.zip = new ZipFile(file.toFile());
    try {
      index();
      this.folder = folderOfManifest();
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  @Override
  public String describe() {
    return "bundle " + file;
  }

  @Override
  public @Nullable InputStream open(String name) throws IOException {
    ZipEntry entry = entries.get(folder + name);
    return entry == null ? null : zip.getInputStream(entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private void index() {
    if (zip.size() > MAXIMUM_ENTRIES) {
      throw refused("expected at most " + MAXIMUM_ENTRIES + " entries, found " + zip.size());
    }
    zip.stream()
        .forEach(
            entry -> {
              check(entry);
              if (entries.put(entry.getName(), entry) != null) {
                throw refused("expected every entry once, found '" + entry.getName() + "' twice");
              }
            });
  }

  private void check(ZipEntry entry) {
    String name = entry.getName();
    String path = entry.isDirectory() ? name.substring(0, name.length() - 1) : name;
    for (String part : path.split("/", -1)) {
      if (part.isEmpty()
          || part.equals(".")
          || part.equals("..")
          || part.contains("\\")
          || part.contains(":")) {
        throw refused("expected relative entry names inside the bundle, found '" + name + "'");
      }
    }
    long allowed = SMALL + MAXIMUM_RATIO * Math.max(0, entry.getCompressedSize());
    if (entry.getSize() > allowed) {
      throw refused(
          "entry '"
              + name
              + "': expected to unpack to at most "
              + allowed
              + " bytes from "
              + entry.getCompressedSize()
              + ", found "
              + entry.getSize());
    }
  }

  private String folderOfManifest() {
    String suffix = "/" + Manifest.FILE_NAME;
    List<String> manifests =
        entries.keySet().stream().filter(name -> ("/" + name).endsWith(suffix)).sorted().toList();
    if (manifests.size() != 1 || manifests.get(0).chars().filter(c -> c == '/').count() > 1) {
      throw refused(
          "expected one "
              + Manifest.FILE_NAME
              + " at the top or in one folder, found "
              + manifests);
    }
    String manifest = manifests.get(0);
    return manifest.substring(0, manifest.length() - Manifest.FILE_NAME.length());
  }

  private BundleException refused(String message) {
    return new BundleException(describe() + ": " + message);
  }
}
