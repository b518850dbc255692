package io.github.cpsample.tools.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.ProcessRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The end of the process from outside, in the midst of the work. */
@DisabledOnOs(OS.WINDOWS)
class TerminationIT {

  @TempDir Path folder;

  @Test
  void aTerminatedTrainingLeavesAWholeCheckpointAndGoesOn() throws Exception {
    Path run = folder.resolve("run");
    List<String> command =
        List.of(
            "-jar",
            Path.of("target/cpsample.jar").toAbsolutePath().toString(),
            "train",
            "denoiser",
            "--data",
            "fashion-mnist",
            "--limit",
            "8",
            "--widths",
            "16,16",
            "--batch",
            "4",
            "--steps",
            "1000000",
            "--out",
            run.toString());
    ProcessRun.Started training = ProcessRun.startJava(folder, command);
    Path metrics = run.resolve("metrics.jsonl");
    for (int i = 0; i < 600 && !Files.exists(metrics); i++) {
      assertTrue(training.process().isAlive(), "training ended by itself");
      Thread.sleep(100);
    }
    training.process().destroy(); // SIGTERM; the handler of SIGINT is the same
    ProcessRun ended = training.await();
    assertEquals(128 + 15, ended.code(), ended.err());
    assertTrue(ended.err().contains("interrupted; the run in"), ended.err());
    List<String> files = CommandRun.files(run);
    assertTrue(files.contains("checkpoint.bin"), files.toString());
    assertFalse(files.stream().anyMatch(file -> file.endsWith(".part")), files.toString());
  }
}
