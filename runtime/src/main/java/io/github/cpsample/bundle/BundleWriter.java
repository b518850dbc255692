package io.github.cpsample.bundle;

import io.github.cpsample.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a bundle so that a reader sees a whole one or none. The files are hashed and the networks
 * checked against the manifest first, so what is written can be opened. Not thread-safe.
 *
 * <pre>{@code
 * BundleWriter.of(manifest).file("denoiser.onnx", denoiser).file("classifier.onnx", classifier).toDirectory(folder);
 * }</pre>
 */
public final class BundleWriter {
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Manifest manifest;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private BundleWriter(Manifest manifest) {
    this.manifest = manifest;
  }

  /**
   * Starts a bundle.
   *
   * @param manifest the manifest; its files are replaced by those given here
   * @return a writer without files
   */
  public static BundleWriter of(Manifest manifest) {
    return new BundleWriter(manifest);
  }

  /**
   * Adds a file.
   *
   * @param name plain file name
   * @param content the content, copied
   * @return this writer
   */
  public BundleWriter file(String name, byte[] content) {
    files.put(name, content.clone());
    return this;
  }

  /**
   * Adds a file from disk.
   *
   * @param name plain file name in the bundle
   * @param path where to read it from, now
   * @return this writer
   * @throws BundleException if it cannot be read
   */
  public BundleWriter file(String name, Path path) {
    try {
      files.put(name, Files.readAllBytes(path));
      return this;
    } catch (IOException e) {
      throw new BundleException(path + " cannot be read: " + e, e);
    }
  }

  /**
   * Writes a folder under a temporary name beside the target and moves it into place. An earlier
   * bundle, or an empty folder, at the target is replaced; anything else is refused.
   *
   * @param target the bundle's folder
   * @return the manifest as written
   * @throws BundleException if the networks do not fit the manifest or the folder cannot be written
   */
  public Manifest toDirectory(Path target) {
    Manifest complete = complete("bundle " + target);
    Path place = target.toAbsolutePath();
    try {
      requireReplaceable(place);
      Files.createDirectories(place.getParent());
      Path temporary = Files.createTempDirectory(place.getParent(), "." + place.getFileName());
      try {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          Files.write(temporary.resolve(file.getKey()), file.getValue());
        }
        Files.writeString(
            temporary.resolve(Manifest.FILE_NAME), complete.toJson(), StandardCharsets.UTF_8);
        replace(temporary, place);
      } finally {
        delete(temporary);
      }
    } catch (IOException e) {
      throw new BundleException("bundle " + target + " cannot be written: " + e, e);
    }
    return complete;
  }

  /**
   * Writes a zip file under a temporary name and moves it into place. The same bundle always gives
   * the same bytes.
   *
   * @param target the zip file; replaced if it exists
   * @return the manifest as written
   * @throws BundleException if the networks do not fit the manifest or the file cannot be written
   */
  public Manifest toZip(Path target) {
    Manifest complete = complete("bundle " + target);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      add(zip, Manifest.FILE_NAME, complete.toJson().getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        add(zip, file.getKey(), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a zip in memory cannot fail", e);
    }
    try {
      WholeFile.write(target, bytes::writeTo);
    } catch (IOException e) {
      throw new BundleException("bundle " + target + " cannot be written: " + e, e);
    }
    return complete;
  }

  private Manifest complete(String source) {
    Map<String, FileEntry> entries = new LinkedHashMap<>();
    files.forEach((name, content) -> entries.put(name, FileEntry.of(content)));
    try {
      Manifest complete = manifest.withFiles(entries);
      NetworkChecks.check(source, complete, files);
      return complete;
    } catch (IllegalArgumentException e) {
      throw new BundleException(source + ": " + e.getMessage(), e);
    }
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(EPOCH);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static void requireReplaceable(Path place) throws IOException {
    if (!Files.exists(place)) {
      return;
    }
    boolean replaceable = Files.isDirectory(place);
    if (replaceable && !Files.exists(place.resolve(Manifest.FILE_NAME))) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(place)) {
        replaceable = !content.iterator().hasNext();
      }
    }
    if (!replaceable) {
      throw new BundleException(
          "bundle "
              + place
              + ": expected a new or empty folder or an earlier bundle, found something else there");
    }
  }

  private static void replace(Path temporary, Path place) throws IOException {
    if (Files.exists(place)) {
      Path old = Files.createTempDirectory(place.getParent(), ".old-" + place.getFileName());
      Path earlier = old.resolve("bundle");
      WholeFile.move(place, earlier);
      try {
        WholeFile.move(temporary, place);
      } catch (IOException e) {
        WholeFile.move(earlier, place);
        throw e;
      } finally {
        delete(old);
      }
    } else {
      WholeFile.move(temporary, place);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
      for (Path file : content) {
        if (Files.isDirectory(file)) {
          delete(file);
        } else {
          Files.delete(file);
        }
      }
    }
    Files.delete(folder);
  }
}
