package io.github.cpsample.tools.pipeline;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;

/**
 * The host as plugins see it: all of it but the implementation of CPSample, which is on the class
 * path of this tool and would otherwise be found before the plugin's own. A host application does
 * not have it there and passes its own class loader instead.
 */
final class HostClasses extends ClassLoader {

  private static final String PROJECT = "io.github.cpsample.";
  private static final String API = PROJECT + "plugin.";

  private final ClassLoader host;

  HostClasses(ClassLoader host) {
    super("host", ClassLoader.getPlatformClassLoader());
    this.host = host;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (isHidden(name)) {
      throw new ClassNotFoundException(name);
    }
    return host.loadClass(name);
  }

  @Override
  protected URL findResource(String name) {
    return isHiddenResource(name) ? null : host.getResource(name);
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return isHiddenResource(name) ? Collections.emptyEnumeration() : host.getResources(name);
  }

  private static boolean isHiddenResource(String name) {
    return name.startsWith("META-INF/services/" + PROJECT)
        || name.startsWith("META-INF/cpsample/")
        || isHidden(name.replace('/', '.'));
  }

  private static boolean isHidden(String name) {
    return name.startsWith(PROJECT) && !name.startsWith(API);
  }
}
