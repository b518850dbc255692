package io.github.cpsample.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in the jar for the plugins folder and what is not. */
class PluginsFolderJarIT {
  private JarFile jar;
  private List<String> entries;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile("target/cpsample_imagej.jar");
    entries = jar.stream().filter(it -> !it.isDirectory()).map(ZipEntry::getName).toList();
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  /** Fiji has other versions of common libraries, which must not be met. */
  @Test
  void librariesAreRelocatedAndImageJIsNotInIt() {
    List<String> classes =
        entries.stream()
            .filter(it -> it.endsWith(".class"))
            .filter(it -> !it.startsWith("io/github/cpsample/"))
            .filter(it -> !it.startsWith("ai/onnxruntime/"))
            .toList();
    assertEquals(List.of(), classes);
    assertTrue(entries.contains("io/github/cpsample/shaded/com/google/gson/Gson.class"));
    assertTrue(entries.stream().noneMatch(it -> it.startsWith("io/github/cpsample/trainer/")));
  }

  @Test
  void everyPlatformHasItsRuntime() {
    for (String platform : List.of("linux-x64", "linux-aarch64", "osx-aarch64", "win-x64")) {
      String folder = "ai/onnxruntime/native/" + platform + "/";
      assertTrue(entries.stream().anyMatch(it -> it.startsWith(folder)), platform);
    }
  }

  @Test
  void everyCommandOfTheMenuIsAClass() throws IOException {
    List<String> commands =
        text("plugins.config").lines().filter(line -> !line.startsWith("#")).toList();
    assertEquals(4, commands.size());
    for (String command : commands) {
      assertTrue(command.startsWith("Plugins>CPSample, \""), command);
      String name = command.substring(command.lastIndexOf(' ') + 1);
      assertTrue(entries.contains(name.replace('.', '/') + ".class"), command);
    }
  }

  @Test
  void licencesOfWhatIsBundledAreKept() throws IOException {
    assertTrue(text("META-INF/LICENSE").contains("Apache License"));
    assertTrue(text("META-INF/THIRD-PARTY-NOTICES.txt").contains("Protocol Buffers"));
    assertTrue(entries.contains("ThirdPartyNotices.txt"));
  }

  private String text(String entry) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
