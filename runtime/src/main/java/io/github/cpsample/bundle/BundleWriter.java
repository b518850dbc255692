package io.github.cpsample.bundle;

import io.github.cpsample.files.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
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
  private final Map<String, BundleContent> files = new LinkedHashMap<>();
  private Consumer<Path> check = whole -> {};

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
    files.put(name, BundleContent.of(content.clone()));
    return this;
  }

  /**
   * Adds a file from disk, which may be larger than memory.
   *
   * @param name plain file name in the bundle
   * @param path where to copy it from when the bundle is written
   * @return this writer
   * @throws BundleException if there is no such file
   */
  public BundleWriter file(String name, Path path) {
    if (!Files.isRegularFile(path)) {
      throw new BundleException(path + " cannot be read: expected a file, found none");
    }
    files.put(name, BundleContent.of(path));
    return this;
  }

  /**
   * Has the bundle tried before it gets its name.
   *
   * @param trial is given the whole bundle under its temporary name; if it throws, the bundle is
   *     deleted, and what was at the target stays
   * @return this writer
   */
  public BundleWriter checkedBy(Consumer<Path> trial) {
    this.check = trial;
    return this;
  }

  /**
   * Refuses a target that could not be written, before the work for it is done.
   *
   * @param target a folder, or a file that ends in {@code .zip}
   * @throws BundleException if there is something else than an earlier bundle or an empty folder
   */
  public static void requireReplaceable(Path target) {
    Path place = target.toAbsolutePath();
    try {
      if (!isZip(target)) {
        requireReplaceableFolder(place);
      } else if (Files.isDirectory(place)) {
        throw new BundleException(
            "bundle " + place + ": expected the name of a zip file, found a folder");
      }
    } catch (IOException e) {
      throw new BundleException("bundle " + target + " cannot be written: " + e, e);
    }
  }

  /**
   * Whether a bundle of this name is a zip file.
   *
   * @param target where to write it
   * @return true if its name ends in {@code .zip}
   */
  public static boolean isZip(Path target) {
    return target.getFileName().toString().endsWith(".zip");
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
    try {
      Path place = Files.isSymbolicLink(target) ? target.toRealPath() : target.toAbsolutePath();
      requireReplaceableFolder(place);
      Files.createDirectories(place.getParent());
      Path temporary = Files.createTempDirectory(place.getParent(), "." + place.getFileName());
      try {
        for (Map.Entry<String, BundleContent> file : files.entrySet()) {
          try (InputStream content = file.getValue().open()) {
            Files.copy(content, temporary.resolve(file.getKey()));
          }
        }
        Files.writeString(
            temporary.resolve(Manifest.FILE_NAME), complete.toJson(), StandardCharsets.UTF_8);
        check.accept(temporary);
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
    if (!complete.denoiser().dataFiles().isEmpty()) {
      throw new BundleException(
          "bundle "
              + target
              + ": expected a folder for a denoiser whose constants are in files of their own ("
              + complete.denoiser().dataFiles()
              + "), found a zip file");
    }
    try {
      WholeFile.write(target, out -> zip(complete, out), check);
    } catch (IOException e) {
      throw new BundleException("bundle " + target + " cannot be written: " + e, e);
    }
    return complete;
  }

  private void zip(Manifest complete, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    byte[] text = complete.toJson().getBytes(StandardCharsets.UTF_8);
    add(zip, Manifest.FILE_NAME, BundleContent.of(text));
    for (Map.Entry<String, BundleContent> file : files.entrySet()) {
      add(zip, file.getKey(), file.getValue());
    }
    zip.finish();
  }

  private Manifest complete(String source) {
    Map<String, Manifest.FileEntry> entries = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, BundleContent> file : files.entrySet()) {
        entries.put(file.getKey(), file.getValue().entry());
      }
      Manifest complete = manifest.withFiles(entries);
      NetworkChecks.check(source, complete, files);
      return complete;
    } catch (IllegalArgumentException e) {
      throw new BundleException(source + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new BundleException(source + ": its files cannot be read: " + e, e);
    }
  }

  private static void add(ZipOutputStream zip, String name, BundleContent content)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(EPOCH);
    zip.putNextEntry(entry);
    try (InputStream stream = content.open()) {
      stream.transferTo(zip);
    }
    zip.closeEntry();
  }

  private static void requireReplaceableFolder(Path place) throws IOException {
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
              + ": expected a new or empty folder or an earlier bundle, found something else"
              + " there");
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
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          delete(file);
        } else {
          Files.delete(file);
        }
      }
    }
    Files.delete(folder);
  }
}
