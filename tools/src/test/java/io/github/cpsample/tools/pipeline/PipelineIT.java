package io.github.cpsample.tools.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.plugin.PluginLoader;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.ProcessRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drops a built plugin jar into a folder and generates images with it in a JVM of its own, with
 * another version of protobuf on the host's class path.
 */
class PipelineIT {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path LIBRARIES = TARGET.resolve("lib");

  @TempDir Path folder;
  private Path plugins;
  private Path model;
  private Path out;

  @BeforeEach
  void writeModel() throws IOException {
    plugins = Files.createDirectories(folder.resolve("plug ins"));
    model = folder.resolve("tiny.zip");
    TinyBundle.writer().toZip(model);
    out = folder.resolve("images");
  }

  private static Path only(Path folder, String glob) throws IOException {
    try (var files = Files.newDirectoryStream(folder, glob)) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      assertEquals(1, found.size(), glob + " in " + folder + ": " + found);
      return found.get(0);
    }
  }

  private static Path hostProtobuf() throws IOException {
    Path host = only(TARGET.resolve("host"), "protobuf-java-*.jar");
    Path ours = only(LIBRARIES, "protobuf-java-*.jar");
    assertNotEquals(ours.getFileName(), host.getFileName(), "versions must differ");
    return host;
  }

  private static String classPath(Path... jars) {
    return String.join(File.pathSeparator, Stream.of(jars).map(Path::toString).toList());
  }

  /** Class names with the place they were loaded from, out of the JVM's log. */
  private List<String> loaded() throws IOException {
    return Files.readAllLines(folder.resolve("classes.log"));
  }

  private List<String> logged() {
    return List.of("-Xlog:class+load:file=" + "classes.log");
  }

  private void assertShadedOnly() throws IOException {
    assertTrue(
        loaded().stream()
            .anyMatch(l -> l.contains("io.github.cpsample.shaded.com.google.protobuf")),
        "the plugin reads ONNX files with its own protobuf");
    assertEquals(
        List.of(),
        loaded().stream().filter(line -> line.contains(" com.google.protobuf.")).toList());
  }

  private ProcessRun pipeline(String... more) throws Exception {
    List<String> command = new ArrayList<>(logged());
    command.addAll(
        List.of(
            "-cp",
            classPath(hostProtobuf(), TARGET.resolve("cpsample.jar")),
            "io.github.cpsample.tools.Main",
            "pipeline",
            "--plugins",
            plugins.toString(),
            "--out",
            out.toString()));
    command.addAll(List.of(more));
    return ProcessRun.ofJava(folder, command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpsample-plugin.jar", "cpsample-plugin-all.jar"})
  void theCommandGeneratesThroughTheJar(String jar) throws Exception {
    Files.copy(TARGET.resolve(jar), plugins.resolve(jar));
    ProcessRun run =
        pipeline("--model", model.toString(), "--count", "3", "--steps", "4", "--seed", "5");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        List.of("contact-sheet.png", "image-00000.png", "image-00001.png", "image-00002.png"),
        CommandRun.files(out));
    assertEquals(8, ImageIO.read(out.resolve("image-00001.png").toFile()).getWidth());
    assertTrue(run.out().contains("3 images in"), run.out());
    assertShadedOnly();
    assertTrue(
        loaded().stream()
            .anyMatch(
                l -> l.contains("io.github.cpsample.provider.BundleProvider") && l.contains(jar)),
        "the provider comes from the plugin jar, not from the class path of the command line");
  }

  @Test
  void theJarGivesTheImagesOfTheLibrary() throws Exception {
    Files.copy(TARGET.resolve("cpsample-plugin.jar"), plugins.resolve("plugin.jar"));
    assertEquals(0, pipeline("--model", model.toString(), "--count", "2", "--seed", "9").code());
    Path direct = folder.resolve("direct");
    CommandRun sample =
        CommandRun.of(
            "sample",
            "--model",
            model.toString(),
            "--count",
            "2",
            "--seed",
            "9",
            "--out",
            direct.toString());
    assertEquals(0, sample.code(), sample.err());
    for (String file : List.of("image-00000.png", "image-00001.png")) {
      assertEquals(-1, Files.mismatch(out.resolve(file), direct.resolve(file)), file);
    }
  }

  @Test
  void theExportedModelIsInTheCompleteJar() throws Exception {
    Files.copy(TARGET.resolve("cpsample-plugin-all.jar"), plugins.resolve("plugin.jar"));
    ProcessRun run = pipeline("--model", "fashion-mnist", "--count", "1", "--steps", "2");
    assertEquals(0, run.code(), run.err());
    assertEquals(28, ImageIO.read(out.resolve("image-00000.png").toFile()).getWidth());
  }

  @Test
  void theCompleteJarWorksAloneInAHostThatKnowsOnlyTheApi() throws Exception {
    Files.copy(TARGET.resolve("cpsample-plugin-all.jar"), plugins.resolve("plugin.jar"));
    plainHost(classPath(hostClasses(), api(), hostProtobuf()));
  }

  @Test
  void theSlimJarTakesOnnxRuntimeFromTheHost() throws Exception {
    Files.copy(TARGET.resolve("cpsample-plugin.jar"), plugins.resolve("plugin.jar"));
    plainHost(
        classPath(hostClasses(), api(), hostProtobuf(), only(LIBRARIES, "onnxruntime-*.jar")));
  }

  @Test
  void theSlimJarWithoutOnnxRuntimeSaysWhatIsMissing() throws Exception {
    Files.copy(TARGET.resolve("cpsample-plugin.jar"), plugins.resolve("plugin.jar"));
    ProcessRun run =
        ProcessRun.ofJava(folder, hostCommand(classPath(hostClasses(), api(), hostProtobuf())));
    assertEquals(1, run.code());
    assertTrue(run.err().contains("onnxruntime"), run.err());
  }

  private void plainHost(String classPath) throws Exception {
    ProcessRun run = ProcessRun.ofJava(folder, hostCommand(classPath));
    assertEquals(0, run.code(), run.err());
    assertEquals(8, ImageIO.read(folder.resolve("host.png").toFile()).getHeight());
    assertShadedOnly();
  }

  private List<String> hostCommand(String classPath) {
    List<String> command = new ArrayList<>(logged());
    command.addAll(
        List.of(
            "-cp",
            classPath,
            PlainHost.class.getName(),
            plugins.toString(),
            model.toString(),
            folder.resolve("host.png").toString()));
    return command;
  }

  /** The one class of the host; the other classes of the folder are tests. */
  private static Path hostClasses() {
    return TARGET.resolve("test-classes");
  }

  private static Path api() throws Exception {
    Path api =
        Path.of(PluginLoader.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return Files.isRegularFile(api) ? api : only(LIBRARIES, "cpsample-plugin-api-*.jar");
  }
}
