package io.github.cpsample.tools.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the plugin jars and what is not. */
class PluginJarIT {

  private static final String SLIM = "cpsample-plugin.jar";
  private static final String ALL = "cpsample-plugin-all.jar";
  private static final String SHADED = "io/github/cpsample/shaded/";

  private static Set<String> entries(String jar) throws IOException {
    try (JarFile file = new JarFile("target/" + jar)) {
      return file.stream()
          .filter(entry -> !entry.isDirectory())
          .map(entry -> entry.getName())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static List<String> lines(String jar, String entry) throws IOException {
    try (JarFile file = new JarFile("target/" + jar);
        InputStream in = file.getInputStream(file.getJarEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    }
  }

  private static List<String> classesOutside(String jar, String... prefixes) throws IOException {
    return entries(jar).stream()
        .filter(entry -> entry.endsWith(".class"))
        .filter(entry -> List.of(prefixes).stream().noneMatch(entry::startsWith))
        .toList();
  }

  @Test
  void slimJarHasOnlyTheRuntimeAndRelocatedClasses() throws IOException {
    assertEquals(List.of(), classesOutside(SLIM, "io/github/cpsample/"));
    assertFalse(entries(SLIM).stream().anyMatch(e -> e.contains("ai/onnxruntime")));
    assertFalse(entries(SLIM).stream().anyMatch(e -> e.matches(".*\\.(so|dll|dylib|jnilib)")));
    assertFalse(entries(SLIM).stream().anyMatch(e -> e.endsWith(".onnx")));
  }

  @Test
  void completeJarAddsOnnxRuntimeWithNativesAndModels() throws IOException {
    assertEquals(List.of(), classesOutside(ALL, "io/github/cpsample/", "ai/onnxruntime/"));
    Set<String> entries = entries(ALL);
    for (String platform : List.of("linux-x64", "linux-aarch64", "osx-aarch64", "win-x64")) {
      assertTrue(
          entries.stream().anyMatch(e -> e.startsWith("ai/onnxruntime/native/" + platform + "/")),
          platform);
    }
    assertFalse(entries.stream().anyMatch(e -> e.contains(".dSYM/")));
    assertTrue(entries.contains("ThirdPartyNotices.txt"));
    assertEquals(List.of("fashion-mnist"), lines(ALL, "META-INF/cpsample/models.list"));
    assertTrue(entries.contains("io/github/cpsample/models/fashion-mnist/manifest.json"));
    assertTrue(entries.contains("io/github/cpsample/models/fashion-mnist/classifier.onnx"));
  }

  @ParameterizedTest
  @ValueSource(strings = {SLIM, ALL})
  void hostClassesAndTrainingAreNotInIt(String jar) throws IOException {
    for (String entry : entries(jar)) {
      assertFalse(entry.startsWith("io/github/cpsample/plugin/"), entry);
      assertFalse(entry.startsWith("io/github/cpsample/trainer/"), entry);
      assertFalse(entry.startsWith("io/github/cpsample/tools/"), entry);
      assertFalse(entry.contains("djl") || entry.contains("pytorch"), entry);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SLIM, ALL})
  void librariesAreRelocated(String jar) throws IOException {
    Set<String> entries = entries(jar);
    for (String name :
        List.of(
            "com/google/protobuf/Message.class",
            "com/google/gson/Gson.class",
            "ai/onnx/proto/OnnxMl.class",
            "com/twelvemonkeys/imageio/plugins/webp/WebPImageReader.class")) {
      assertTrue(entries.contains(SHADED + name), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SLIM, ALL})
  void serviceFilesNameClassesOfTheJar(String jar) throws IOException {
    Set<String> entries = entries(jar);
    List<String> services =
        entries.stream().filter(entry -> entry.startsWith("META-INF/services/")).toList();
    assertTrue(
        services.contains("META-INF/services/io.github.cpsample.plugin.ProtectedImageProvider"),
        services.toString());
    assertTrue(
        services.contains("META-INF/services/javax.imageio.spi.ImageReaderSpi"),
        services.toString());
    for (String service : services) {
      List<String> names = lines(jar, service);
      assertFalse(names.isEmpty(), service);
      for (String name : names) {
        assertTrue(entries.contains(name.replace('.', '/') + ".class"), service + ": " + name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SLIM, ALL})
  void licencesOfWhatIsBundledAreKept(String jar) throws IOException {
    String notices = String.join("\n", lines(jar, "META-INF/THIRD-PARTY-NOTICES.txt"));
    for (String name : List.of("Gson", "Tribuo", "Protocol Buffers", "TwelveMonkeys")) {
      assertTrue(notices.contains(name), name);
    }
    assertTrue(String.join(" ", lines(jar, "META-INF/LICENSE")).contains("Apache License"));
  }
}
