package io.github.cpsample.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The environment comes up whatever the process was started with. */
class SharedEnvironmentTest {

  /** As long as the class path of a large service. */
  private static final int ENTRIES = 600;

  /** What the child process runs. */
  static final class Child {
    private Child() {}

    /** Makes the environment and says so. */
    public static void main(String[] arguments) {
      System.out.println(SharedEnvironment.get());
    }
  }

  @Test
  void aLongCommandLineDoesNotEndTheProcess() throws IOException, InterruptedException {
    String entry = "/opt/service/libraries/some-library-1.29.0.jar:";
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dlong=" + entry.repeat(ENTRIES),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "still running");
    assertEquals(0, process.exitValue(), output);
    assertTrue(output.contains("OrtEnvironment"), output);
  }

  @Test
  void anInterruptedCallerGetsItAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    OrtEnvironment environment = SharedEnvironment.get();
    assertTrue(Thread.interrupted());
    assertSame(environment, SharedEnvironment.get());
  }
}
