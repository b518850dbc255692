package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingNativeTest {

  @TempDir private Path folder;

  @Test
  void theJobSaysWhereTheLibraryIsMissing() throws IOException, InterruptedException {
    TinyBundle.writer().toDirectory(folder.resolve("model"));
    Path nothing = Files.createDirectory(folder.resolve("nothing"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-Donnxruntime.native.path=" + nothing,
            "-Dspark.master=local[1]",
            "-Dspark.ui.enabled=false",
            "-Dspark.driver.host=127.0.0.1",
            "-cp",
            System.getProperty("java.class.path"),
            GenerateJob.class.getName(),
            "--model",
            folder.resolve("model").toString(),
            "--out",
            folder.resolve("out").toString(),
            "--count",
            "20",
            "--partitions",
            "2"));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String text = Files.readString(log);
    assertNotEquals(0, process.waitFor(), text);
    assertTrue(
        Pattern.compile(
                "^Exception in thread \"main\" java.lang.IllegalStateException: GenerateJob:"
                    + " partition 0, row 0 \\(images from seed 0\\): ONNX Runtime's native library"
                    + " cannot be loaded: .*not found at "
                    + Pattern.quote(nothing.toString()),
                Pattern.MULTILINE)
            .matcher(text)
            .find(),
        text);
  }
}
