package io.github.cpsample.bundle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model that was checked: manifest and files agree in length, hash, tensors and shapes. Holds the
 * files in memory until it is closed; nothing is unpacked to disk. Thread-safe.
 *
 * <p>A bundle is as sensitive as the list of its training images: keep it where they are kept.
 */
public final class ModelBundle implements AutoCloseable {
  private static final int MAXIMUM_MANIFEST = 16 << 20;
  private static final long MAXIMUM_TOTAL = 4L << 30;

  private final String source;
  private final Manifest manifest;
  private volatile Map<String, byte[]> files;

  private ModelBundle(String source, Manifest manifest, Map<String, byte[]> files) {
    this.source = source;
    this.manifest = manifest;
    this.files = files;
  }

  /**
   * Opens a bundle from a folder or a zip file.
   *
   * @param path the folder or file
   * @return the bundle, which the caller closes
   * @throws BundleException if it is missing, damaged, altered, or does not fit this version
   */
  public static ModelBundle open(Path path) {
    if (!Files.exists(path)) {
      throw new BundleException(
          "bundle " + path + ": expected a folder or a zip file, found nothing");
    }
    try (BundleSource source =
        Files.isDirectory(path) ? new DirectorySource(path) : new ZipSource(path)) {
      return load(source);
    } catch (IOException e) {
      throw new BundleException(
          "bundle " + path + ": expected a folder or a zip file that can be read: " + e, e);
    }
  }

  /**
   * Opens a model that a jar on this library's class path brings along.
   *
   * @param name one of {@link #names()}
   * @return the bundle, which the caller closes
   * @throws BundleException if there is none of that name, or it is damaged
   */
  public static ModelBundle named(String name) {
    return named(name, ModelBundle.class.getClassLoader());
  }

  /**
   * Opens a model that a class loader sees.
   *
   * @param name one of {@link #names(ClassLoader)}
   * @param loader the class loader
   * @return the bundle, which the caller closes
   * @throws BundleException if there is none of that name, or it is damaged
   */
  public static ModelBundle named(String name, ClassLoader loader) {
    try (BundleSource source = NamedBundles.source(name, loader)) {
      ModelBundle bundle = load(source);
      if (!bundle.manifest.name().equals(name)) {
        throw new BundleException(
            source.describe()
                + ": expected the name "
                + name
                + " in its manifest, found "
                + bundle.manifest.name());
      }
      return bundle;
    } catch (IOException e) {
      throw new BundleException("bundled model " + name + " cannot be read: " + e, e);
    }
  }

  /**
   * The models that jars on this library's class path bring along.
   *
   * @return names in alphabetical order
   * @throws BundleException if an index cannot be read
   */
  public static List<String> names() {
    return names(ModelBundle.class.getClassLoader());
  }

  /**
   * The models that a class loader sees.
   *
   * @param loader the class loader
   * @return names in alphabetical order
   * @throws BundleException if an index cannot be read
   */
  public static List<String> names(ClassLoader loader) {
    return NamedBundles.names(loader);
  }

  /**
   * Reads the manifest of a model that a jar on this library's class path brings along, without its
   * files.
   *
   * @param name one of {@link #names()}
   * @return the manifest
   * @throws BundleException if there is none of that name, or it does not fit this version
   */
  public static Manifest manifestOf(String name) {
    try (BundleSource source = NamedBundles.source(name, ModelBundle.class.getClassLoader())) {
      return manifest(source);
    } catch (IOException e) {
      throw new BundleException("bundled model " + name + " cannot be read: " + e, e);
    }
  }

  /**
   * The manifest.
   *
   * @return the manifest
   */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * Where the bundle came from, for messages.
   *
   * @return for instance {@code bundle models/mine.zip}
   */
  public String source() {
    return source;
  }

  /**
   * The content of one of the manifest's files.
   *
   * @param name the file's name
   * @return a copy
   * @throws IllegalArgumentException if the manifest lists none of that name
   * @throws IllegalStateException if the bundle is closed
   */
  public byte[] file(String name) {
    Map<String, byte[]> open = files;
    if (open == null) {
      throw new IllegalStateException(source + ": expected an open bundle, found a closed one");
    }
    byte[] content = open.get(name);
    if (content == null) {
      throw new IllegalArgumentException(
          source + ": expected one of the files " + open.keySet() + ", found " + name);
    }
    return content.clone();
  }

  /**
   * Lets go of the files' contents. Samplers that were opened from the bundle stay open. Closing
   * twice does nothing.
   */
  @Override
  public void close() {
    files = null;
  }

  private static ModelBundle load(BundleSource source) throws IOException {
    Manifest manifest = manifest(source);
    long total = 0;
    for (FileEntry entry : manifest.files().values()) {
      total += Math.min(entry.bytes(), MAXIMUM_TOTAL);
      if (total > MAXIMUM_TOTAL || entry.bytes() > Integer.MAX_VALUE - 8) {
        throw new BundleException(
            source.describe()
                + ": expected files of at most 2 GiB each and 4 GiB together, found "
                + manifest.files());
      }
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Map.Entry<String, FileEntry> file : manifest.files().entrySet()) {
      files.put(file.getKey(), verified(source, file.getKey(), file.getValue()));
    }
    NetworkChecks.check(source.describe(), manifest, files);
    return new ModelBundle(source.describe(), manifest, files);
  }

  private static Manifest manifest(BundleSource source) throws IOException {
    byte[] text = read(source, Manifest.FILE_NAME, MAXIMUM_MANIFEST);
    return Manifest.read(
        new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8),
        source.describe() + ", " + Manifest.FILE_NAME);
  }

  private static byte[] verified(BundleSource source, String name, FileEntry expected)
      throws IOException {
    byte[] content = read(source, name, (int) expected.bytes());
    FileEntry found = FileEntry.of(content);
    if (!found.equals(expected)) {
      throw new BundleException(
          source.describe()
              + ", file "
              + name
              + ": expected "
              + expected.bytes()
              + " bytes with SHA-256 "
              + expected.sha256()
              + ", found "
              + found.bytes()
              + " bytes with "
              + found.sha256()
              + "; the file was altered or damaged: get the bundle again");
    }
    return content;
  }

  /** Reads a whole file that may have at most {@code limit} bytes. */
  private static byte[] read(BundleSource source, String name, int limit) throws IOException {
    try (InputStream stream = source.open(name)) {
      if (stream == null) {
        throw new BundleException(source.describe() + ": expected a file " + name + ", found none");
      }
      byte[] content = stream.readNBytes(limit);
      if (stream.read() >= 0) {
        throw new BundleException(
            source.describe()
                + ", file "
                + name
                + ": expected at most "
                + limit
                + " bytes, found more");
      }
      return content;
    }
  }
}
