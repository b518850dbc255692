package io.github.cpsample.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.sampling.TinyModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The process has one ONNX Runtime and one PyTorch, whoever else of it uses them, and whoever came
 * first.
 */
class OneRuntimeTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sampler embeddings tensors", "embeddings tensors sampler"})
  void allAreRightInEitherOrder(String order) throws Exception {
    new TinyModel(8, 4).bundle(0).toDirectory(folder.resolve(NeighboursInOneProcess.MODEL));
    NeighboursInOneProcess.expect(folder);
    Path printed = folder.resolve("printed.txt");
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-DOPT_OUT_TRACKING=true",
                    "-Dai.djl.offline=true",
                    NeighboursInOneProcess.class.getName(),
                    folder.toString()),
                Stream.of(order.split(" ", -1)))
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not on the command line, whose length others do not expect to be that of a class path.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectErrorStream(true).redirectOutput(printed.toFile()).start();
    try {
      assertTrue(process.waitFor(3, TimeUnit.MINUTES), "expected that it ends");
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(printed, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), text);
    for (String what : order.split(" ", -1)) {
      assertEquals(2, text.lines().filter((what + " is right")::equals).count(), text);
    }
    assertTrue(!text.contains("while a reference exists"), text);
  }
}
