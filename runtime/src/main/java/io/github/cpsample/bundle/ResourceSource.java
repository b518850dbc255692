package io.github.cpsample.bundle;

import java.io.InputStream;

/** A bundle on the class path, below {@link NamedBundles#ROOT}. */
record ResourceSource(String name, ClassLoader loader) implements BundleSource {
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
