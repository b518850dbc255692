package io.github.cpsample.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.plugin.ProtectedImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PluginLoaderTest {
  private static final String SERVICE =
      "META-INF/services/io.github.cpsample.plugin.ImageOperation";

  @TempDir Path folder;

  /** An operation of a plugin. */
  public static final class Nothing extends Named {
    /** Called by ServiceLoader. */
    public Nothing() {}
  }

  /** Another operation of the same name. */
  public static final class Twin extends Named {
    /** Called by ServiceLoader. */
    public Twin() {}
  }

  /** What the two share. */
  public abstract static class Named implements ImageOperation {

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public String description() {
      return "Does nothing";
    }

    @Override
    public Map<String, String> defaults() {
      return Map.of();
    }

    @Override
    public List<BufferedImage> apply(List<BufferedImage> images, Map<String, String> settings) {
      return List.copyOf(images);
    }
  }

  @Test
  void findsOperationsInAFolderOfJars() throws IOException {
    writeJar("plugin.jar", Nothing.class.getName(), true);
    Files.writeString(folder.resolve("readme.txt"), "no jar");
    try (PluginLoader plugins = PluginLoader.ofDirectory(folder, new SpiOnly())) {
      ImageOperation operation = plugins.operation("nothing");
      assertTrue(
          operation.getClass().getClassLoader() instanceof URLClassLoader, "loaded from the jar");
      BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
      assertEquals(List.of(image), operation.apply(List.of(image), Map.of()));
      assertEquals(List.of(), plugins.providers());
      ProtectedImageException e =
          assertFails(Reason.NOT_FOUND, () -> plugins.operation("something"));
      assertEquals(
          "no image operation named 'something' in " + folder + "; found: [nothing]",
          e.getMessage());
      assertFails(Reason.NOT_FOUND, () -> plugins.provider("cpsample"));
    }
  }

  @Test
  void refusesFoldersWithoutPlugins() {
    assertFails(Reason.NOT_FOUND, () -> open(folder.resolve("missing")));
    assertFails(Reason.NOT_FOUND, () -> open(folder));
  }

  @Test
  void namesPluginsThatCannotBeLoaded() throws IOException {
    writeJar("broken.jar", "com.example.Missing", false);
    ProtectedImageException e = assertFails(Reason.FAILED, () -> open(folder));
    assertTrue(e.getMessage().contains("com.example.Missing"), e.getMessage());
  }

  @Test
  void refusesTwoOfOneName() throws IOException {
    writeJar("plugin.jar", Nothing.class.getName(), true);
    writeJar("other.jar", Twin.class.getName(), true);
    ProtectedImageException e =
        assertFails(Reason.FAILED, () -> PluginLoader.ofDirectory(folder, new SpiOnly()).close());
    assertTrue(e.getMessage().contains("named 'nothing'"), e.getMessage());
  }

  private static void open(Path directory) {
    PluginLoader.ofDirectory(directory, PluginLoaderTest.class.getClassLoader()).close();
  }

  private static ProtectedImageException assertFails(Reason reason, Executable call) {
    ProtectedImageException e = assertThrows(ProtectedImageException.class, call);
    assertEquals(reason, e.reason(), e.getMessage());
    return e;
  }

  private void writeJar(String name, String implementation, boolean withClass) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      jar.putNextEntry(new JarEntry(SERVICE));
      jar.write(implementation.getBytes(StandardCharsets.UTF_8));
      jar.closeEntry();
      if (withClass) {
        writeClass(jar, implementation);
        if (name.equals("plugin.jar")) {
          writeClass(jar, Named.class.getName());
        }
      }
    }
  }

  private static void writeClass(JarOutputStream jar, String name) throws IOException {
    String file = name.replace('.', '/') + ".class";
    jar.putNextEntry(new JarEntry(file));
    try (InputStream source = PluginLoaderTest.class.getClassLoader().getResourceAsStream(file)) {
      source.transferTo(jar);
    }
    jar.closeEntry();
  }

  /** Sees the JDK and the SPI, not the classes of this test. */
  private static final class SpiOnly extends ClassLoader {
    SpiOnly() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("io.github.cpsample.plugin.") && !name.contains("Test")) {
        return PluginLoaderTest.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
