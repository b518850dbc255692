package io.github.cpsample.plugin;

import io.github.cpsample.plugin.ProtectedImageException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Finds providers and image operations, on the class path or in a folder of plugin jars. Immutable
 * and thread-safe; close it only after every generator of its providers is closed.
 *
 * <pre>{@code
 * try (PluginLoader plugins = PluginLoader.ofDirectory(Path.of("plugins"), App.class.getClassLoader());
 *     ProtectedImageGenerator generator = plugins.provider("cpsample").open("fashion-mnist", "auto")) {
 *   GenerationResult result = generator.generate(GenerationRequest.of(16), GenerationListener.none());
 * }
 * }</pre>
 */
public final class PluginLoader implements AutoCloseable {
  private final List<ProtectedImageProvider> providers;
  private final List<ImageOperation> operations;
  private final AutoCloseable resources;
  private final String place;

  private PluginLoader(ClassLoader loader, AutoCloseable resources, String place) {
    this.resources = resources;
    this.place = place;
    this.providers = load(ProtectedImageProvider.class, loader, ProtectedImageProvider::name);
    this.operations = load(ImageOperation.class, loader, ImageOperation::name);
  }

  /**
   * Finds the plugins that a class loader sees.
   *
   * @param loader the class loader
   * @return the plugins; closing them does nothing
   * @throws ProtectedImageException with {@code FAILED} if a registered plugin cannot be loaded or
   *     two have one name
   */
  public static PluginLoader ofClassPath(ClassLoader loader) {
    Objects.requireNonNull(loader, "loader");
    return new PluginLoader(loader, () -> {}, "on the class path");
  }

  /**
   * Finds the plugins in the {@code *.jar} files of a folder, loaded in one class loader of their
   * own.
   *
   * @param directory the folder; not searched recursively
   * @param parent a class loader that sees this package
   * @return the plugins, which the caller closes
   * @throws ProtectedImageException with {@code NOT_FOUND} if the folder does not exist or holds no
   *     jar, {@code FAILED} if it cannot be read, a plugin cannot be loaded, or two have one name
   */
  public static PluginLoader ofDirectory(Path directory, ClassLoader parent) {
    Objects.requireNonNull(parent, "parent");
    URL[] jars = jarsOf(directory);
    URLClassLoader loader = new URLClassLoader("plugins", jars, parent);
    try {
      return new PluginLoader(loader, loader, "in " + directory);
    } catch (RuntimeException e) {
      try {
        loader.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * The providers that were found.
   *
   * @return an immutable list, possibly empty
   */
  public List<ProtectedImageProvider> providers() {
    return providers;
  }

  /**
   * The image operations that were found.
   *
   * @return an immutable list, possibly empty
   */
  public List<ImageOperation> operations() {
    return operations;
  }

  /**
   * Finds a provider by name.
   *
   * @param name its name
   * @return the provider
   * @throws ProtectedImageException with {@code NOT_FOUND}, naming those that exist
   */
  public ProtectedImageProvider provider(String name) {
    return named("provider", name, providers, ProtectedImageProvider::name);
  }

  /**
   * Finds an image operation by name.
   *
   * @param name its name
   * @return the operation
   * @throws ProtectedImageException with {@code NOT_FOUND}, naming those that exist
   */
  public ImageOperation operation(String name) {
    return named("image operation", name, operations, ImageOperation::name);
  }

  /**
   * Closes the jars of a folder. Classes of the plugins that were not used yet can no longer be
   * loaded.
   *
   * @throws ProtectedImageException with {@code FAILED} if a jar cannot be closed
   */
  @Override
  public void close() {
    try {
      resources.close();
    } catch (Exception e) {
      throw new ProtectedImageException(
          Reason.FAILED, "plugins " + place + " could not be closed", e);
    }
  }

  private <T> T named(String kind, String name, List<T> all, Function<T, String> nameOf) {
    for (T one : all) {
      if (nameOf.apply(one).equals(name)) {
        return one;
      }
    }
    throw new ProtectedImageException(
        Reason.NOT_FOUND,
        "no "
            + kind
            + " named '"
            + name
            + "' "
            + place
            + "; found: "
            + all.stream().map(nameOf).toList());
  }

  private <T> List<T> load(Class<T> service, ClassLoader loader, Function<T, String> nameOf) {
    List<T> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try {
      for (T one : ServiceLoader.load(service, loader)) {
        String name = nameOf.apply(one);
        if (names.contains(name)) {
          throw new ProtectedImageException(
              Reason.FAILED,
              "two plugins "
                  + place
                  + " are named '"
                  + name
                  + "': expected each name once; remove one of the jars");
        }
        names.add(name);
        found.add(one);
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new ProtectedImageException(
          Reason.FAILED,
          "a plugin "
              + place
              + " is registered as "
              + service.getSimpleName()
              + " but cannot be loaded: "
              + e.getMessage(),
          e);
    }
    return List.copyOf(found);
  }

  private static URL[] jarsOf(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new ProtectedImageException(
          Reason.NOT_FOUND,
          "plugin folder " + directory + ": expected a folder with plugin jars, found none there");
    }
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
      files.forEach(jars::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      throw new ProtectedImageException(
          Reason.FAILED, "plugin folder " + directory + " cannot be read", e);
    }
    if (jars.isEmpty()) {
      throw new ProtectedImageException(
          Reason.NOT_FOUND,
          "plugin folder " + directory + ": expected at least one .jar file, found none");
    }
    return jars.stream().sorted().map(PluginLoader::url).toArray(URL[]::new);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
