package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that was checked: manifest and files agree in length, hash, tensors and shapes. Holds the
 * files in memory until it is closed; nothing is unpacked to disk. Large files of a folder (over
 * 256 MiB, and models with files of external data) stay there and must not change while the bundle
 * or a sampler of it is open. Thread-safe.
 *
 * <p>A bundle is as sensitive as the list of its training images: keep it where they are kept.
 */
public final class ModelBundle implements AutoCloseable {
  private static final int MAXIMUM_MANIFEST = 16 << 20;
  private static final long LARGE = 256L << 20;
  private static final long MAXIMUM_TOTAL = 4L << 30;

  private final String source;
  private final Manifest manifest;
  private volatile @Nullable Map<String, BundleContent> files;

  private ModelBundle(String source, Manifest manifest, Map<String, BundleContent> files) {
    this.source = source;
    this.manifest = manifest;
    this.files = files;
  }

  /**
   * Opens a model as people name it: one that a jar on this library's class path brings along, or
   * the path of a bundle. A name goes before a path; {@code ./name} is a folder of that name.
   *
   * @param model one of {@link #names()}, or the path of a folder or a zip file
   * @return the bundle, which the caller closes
   * @throws BundleException if there is neither, or it is damaged, altered, or does not fit this
   *     version
   */
  public static ModelBundle of(String model) {
    List<String> names = names();
    if (names.contains(model)) {
      return named(model);
    }
    if (!isPath(model)) {
      throw new BundleException(
          "model: expected the path of a bundle or a name out of "
              + names
              + ", found '"
              + model
              + "'; check the path, or make a bundle with 'cpsample export'");
    }
    return open(Path.of(model));
  }

  private static boolean isPath(String model) {
    try {
      return !model.isEmpty() && Files.exists(Path.of(model));
    } catch (InvalidPathException e) {
      return false;
    }
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
        Files.isDirectory(path) ? new BundleSource.Folder(path) : new ZipSource(path)) {
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
    try {
      return content(name).bytes().clone();
    } catch (IOException e) {
      throw new BundleException(source + ", file " + name + " cannot be read: " + e, e);
    }
  }

  /**
   * Where one of the manifest's files stayed on disk.
   *
   * @param name the file's name
   * @return its path, which session may open; empty if it is held in memory
   * @throws IllegalArgumentException if the manifest lists none of that name
   * @throws IllegalStateException if the bundle is closed
   */
  public Optional<Path> path(String name) {
    return content(name).path();
  }

  /**
   * Lets go of the files' contents. Samplers that were opened from the bundle stay open. Closing
   * twice does nothing.
   */
  @Override
  public void close() {
    files = null;
  }

  private BundleContent content(String name) {
    Map<String, BundleContent> open = files;
    if (open == null) {
      throw new IllegalStateException(source + ": expected an open bundle, found a closed one");
    }
    BundleContent content = open.get(name);
    if (content == null) {
      throw new IllegalArgumentException(
          source + ": expected one of the files " + open.keySet() + ", found " + name);
    }
    return content;
  }

  private static ModelBundle load(BundleSource source) throws IOException {
    Manifest manifest = manifest(source);
    long total = 0;
    Map<String, BundleContent> files = new LinkedHashMap<>();
    for (Map.Entry<String, Manifest.FileEntry> file : manifest.files().entrySet()) {
      Optional<Path> onDisk = onDisk(source, manifest, file.getKey());
      if (onDisk.isPresent()) {
        files.put(file.getKey(), BundleContent.of(onDisk.get()));
        continue;
      }
      total += Math.min(file.getValue().bytes(), MAXIMUM_TOTAL);
      if (total > MAXIMUM_TOTAL || file.getValue().bytes() > Integer.MAX_VALUE - 8) {
        throw new BundleException(
            source.describe()
                + ": expected files of at most 2 GiB each and 4 GiB together, found "
                + manifest.files());
      }
      byte[] content = read(source, file.getKey(), (int) file.getValue().bytes());
      files.put(file.getKey(), BundleContent.of(content));
    }
    for (Map.Entry<String, Manifest.FileEntry> file : manifest.files().entrySet()) {
      requireUnaltered(
          source, file.getKey(), file.getValue(), Checks.entry(files, file.getKey()).entry());
    }
    NetworkChecks.check(source.describe(), manifest, files);
    return new ModelBundle(source.describe(), manifest, files);
  }

  /** The path of a file that is too large for memory, or belongs to a model of several files. */
  private static Optional<Path> onDisk(BundleSource source, Manifest manifest, String name) {
    DenoiserSpec denoiser = manifest.denoiser();
    boolean several =
        !denoiser.dataFiles().isEmpty()
            && (name.equals(denoiser.file()) || denoiser.dataFiles().contains(name));
    if (!several && Checks.entry(manifest.files(), name).bytes() <= LARGE) {
      return Optional.empty();
    }
    Optional<Path> path = source.path(name);
    if (several && path.isEmpty()) {
      throw new BundleException(
          source.describe()
              + ", file "
              + name
              + ": expected a file in a folder, since the denoiser's constants are in files of"
              + " their own; unpack the bundle");
    }
    return path;
  }

  private static Manifest manifest(BundleSource source) throws IOException {
    byte[] text = read(source, Manifest.FILE_NAME, MAXIMUM_MANIFEST);
    return Manifest.read(
        new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8),
        source.describe() + ", " + Manifest.FILE_NAME);
  }

  private static void requireUnaltered(
      BundleSource source, String name, Manifest.FileEntry expected, Manifest.FileEntry found) {
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
