package io.github.cpsample.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program in docs/reference/differentiator.md, run with what it says is needed and nothing
 * else.
 */
class ModulePathTest {
  private static final float[][] WEIGHTS = {{0.5f, -1}, {2, 0.25f}, {-0.75f, 1.5f}};
  private static final double[] IMAGE = {0.5, -1, 2};

  @TempDir private Path folder;

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<Path> needed() throws URISyntaxException {
    return List.of(
        home(OnnxCodec.class), home(OnnxMl.class), home(ByteString.class), home(OrtSession.class));
  }

  private static String program() throws IOException {
    Path doc =
        Path.of("")
            .toAbsolutePath()
            .getParent()
            .getParent()
            .resolve("docs/reference/differentiator.md");
    String text = Files.readString(doc, StandardCharsets.UTF_8);
    int begin = text.indexOf("```java", text.indexOf("## As a library")) + "```java".length();
    return text.substring(begin, text.indexOf("```", begin));
  }

  /** Logits are tanh(x W), as somebody else's exporter might write them. */
  private static void writeClassifier(Path file) throws IOException {
    GraphBuilder graph = new GraphBuilder("classifier", 17);
    Value x = graph.input("x", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(3)));
    float[] flat = {
      WEIGHTS[0][0], WEIGHTS[0][1], WEIGHTS[1][0], WEIGHTS[1][1], WEIGHTS[2][0], WEIGHTS[2][1]
    };
    Value product = graph.matMul(x, graph.constant("w", flat, 3, 2));
    Value logits = graph.tanh(product);
    graph.output("logits", logits, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(2)));
    OnnxCodec.write(graph.build(), file);
  }

  private static double[] derivativeOfTheSecondLogit() {
    double sum = 0;
    for (int i = 0; i < IMAGE.length; i++) {
      sum += IMAGE[i] * WEIGHTS[i][1];
    }
    double slope = 1 - Math.pow(Math.tanh(sum), 2);
    return Arrays.stream(WEIGHTS).mapToDouble(row -> row[1] * slope).toArray();
  }

  @Test
  void theLibraryAndOnnxRuntimeAreEnough() throws Exception {
    writeClassifier(folder.resolve("classifier.onnx"));
    Path source = Files.createDirectories(folder.resolve("source/example"));
    Files.writeString(
        source.resolveSibling("module-info.java"),
        "module example { requires io.github.cpsample.onnx; requires com.microsoft.onnxruntime; }");
    Files.writeString(
        source.resolve("Example.java"),
        "package example; import ai.onnxruntime.*; import io.github.cpsample.onnx.*;"
            + " import io.github.cpsample.onnx.autodiff.*; import java.nio.file.*;"
            + " import java.util.*; public class Example {"
            + " public static void main(String[] args) throws Exception {\n"
            + program()
            + "}}");
    String libraries =
        needed().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    Path classes = folder.resolve("classes");
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--module-path",
                libraries,
                "-d",
                classes.toString(),
                source.resolveSibling("module-info.java").toString(),
                source.resolve("Example.java").toString());
    assertEquals(0, compiled, "javac");

    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--module-path",
                libraries + File.pathSeparator + classes,
                "--module",
                "example/example.Example")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "ended");
    String printed = Files.readString(output);
    assertEquals(0, process.exitValue(), printed);
    String last = printed.lines().reduce((a, b) -> b).orElseThrow();
    double[] gradient =
        Stream.of(last.substring(1, last.length() - 1).split(", ", -1))
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertArrayEquals(derivativeOfTheSecondLogit(), gradient, 1e-6);
  }

  @Test
  void nothingElseIsOnTheModulePath() throws URISyntaxException {
    Set<String> names =
        ModuleFinder.of(needed().toArray(Path[]::new)).findAll().stream()
            .map(module -> module.descriptor().name())
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "io.github.cpsample.onnx",
            "org.tribuo.util.onnx",
            "com.google.protobuf",
            "com.microsoft.onnxruntime"),
        names);
  }

  @Test
  void twoPackagesAreForAll() throws URISyntaxException {
    Set<String> exported =
        ModuleFinder.of(home(OnnxCodec.class))
            .find("io.github.cpsample.onnx")
            .orElseThrow()
            .descriptor()
            .exports()
            .stream()
            .filter(export -> !export.isQualified())
            .map(export -> export.source())
            .collect(Collectors.toSet());
    assertEquals(Set.of("io.github.cpsample.onnx", "io.github.cpsample.onnx.autodiff"), exported);
  }
}
