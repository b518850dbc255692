package io.github.cpsample.bundle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * The models that jars on the class path bring along: an index of names, and one folder of
 * resources per name.
 */
final class NamedBundles {
  /** Resource folder of all models, with a final slash. */
  static final String ROOT = "io/github/cpsample/models/";

  /**
   * Resource that lists the names, one a line; lines that start with # are comments. Every jar may
   * have its own.
   */
  static final String INDEX = "META-INF/cpsample/models.list";

  private NamedBundles() {}

  static List<String> names(ClassLoader loader) {
    TreeSet<String> names = new TreeSet<>();
    try {
      for (URL index : Collections.list(loader.getResources(INDEX))) {
        URLConnection connection = index.openConnection();
        // A cached connection would keep the jar of a plugin open after its class loader is closed.
        connection.setUseCaches(false);
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
          lines
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .forEach(names::add);
        }
      }
    } catch (IOException e) {
      throw new BundleException(
          "the index of bundled models, " + INDEX + ", cannot be read: " + e, e);
    }
    return List.copyOf(names);
  }

  static BundleSource source(String name, ClassLoader loader) {
    List<String> names = names(loader);
    if (!names.contains(name)) {
      throw new BundleException("no bundled model named '" + name + "'; found: " + names);
    }
    return new BundleSource.Resources(name, loader);
  }
}
