package io.github.cpsample.tools.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.tools.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a project folder whose path has spaces: the real tools, and a build that is only
 * pretended, so that it can be watched and made to fail.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {

  @TempDir Path folder;
  private Path project;
  private Path launcher;

  @BeforeEach
  void makeProject() throws IOException {
    project = Files.createDirectories(folder.resolve("a project"));
    launcher = project.resolve("cpsample");
    Files.copy(Path.of("..", "cpsample"), launcher);
    Files.createDirectories(project.resolve("tools/src/main/java"));
    Files.writeString(project.resolve("tools/src/main/java/Main.java"), "source");
    build("echo '[INFO] BUILD SUCCESS'");
  }

  @AfterEach
  void unlinkLibraries() throws IOException {
    Files.deleteIfExists(project.resolve("tools/target/lib"));
  }

  /** Sets what the pretended build does beside counting its runs and providing the jar. */
  private void build(String last) throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    Path maven = project.resolve("mvnw");
    Files.writeString(
        maven,
        String.join(
            "\n",
            "#!/bin/sh",
            "echo run >> builds",
            "echo 'cpsample: something to see'",
            "echo 'nothing to see'",
            "mkdir -p tools/target",
            "cp '" + target + "/cpsample.jar' tools/target/",
            "ln -sfn '" + target + "/lib' tools/target/lib",
            last,
            ""));
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private ProcessRun launch(String... arguments) throws Exception {
    return ProcessRun.of(folder, launcher, arguments);
  }

  private long builds() throws IOException {
    Path log = project.resolve("builds");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  @Test
  void buildsOnFirstUseAndNotAgain() throws Exception {
    ProcessRun first = launch("--version");
    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().startsWith("cpsample "), first.out());
    assertTrue(first.err().contains("cpsample: something to see"), first.err());
    assertFalse(first.err().contains("nothing to see"), first.err());
    ProcessRun second = launch("--help");
    assertEquals(0, second.code(), second.err());
    assertEquals("", second.err());
    assertEquals(1, builds());
  }

  @Test
  void buildsAfterAChangeOfTheSourcesButNotOfTestsOrBenchmarks() throws Exception {
    launch("--version");
    FileTime later = FileTime.from(Instant.now().plusSeconds(60));
    for (String other : List.of("tools/src/test", "tools/benchmarks/src/main")) {
      Path source = Files.createDirectories(project.resolve(other)).resolve("Other.java");
      Files.setLastModifiedTime(Files.writeString(source, "source"), later);
    }
    launch("--version");
    assertEquals(1, builds());
    Files.setLastModifiedTime(project.resolve("tools/src/main/java/Main.java"), later);
    launch("--version");
    assertEquals(2, builds());
  }

  @Test
  void worksThroughSymbolicLinksFromAnyFolder() throws Exception {
    Path links = Files.createDirectories(folder.resolve("bin"));
    Path relative =
        Files.createSymbolicLink(links.resolve("one"), Path.of("../a project/cpsample"));
    launcher = Files.createSymbolicLink(folder.resolve("two"), relative);
    ProcessRun run = launch("--version");
    assertEquals(0, run.code(), run.err());
  }

  @Test
  void exitCodesAreThoseOfTheTools() throws Exception {
    assertEquals(0, launch("--version").code());
    ProcessRun unknown = launch("smaple");
    assertEquals(2, unknown.code());
    assertEquals(
        List.of(
            "cpsample: unknown command 'smaple'; did you mean 'sample'?; see 'cpsample --help'"),
        unknown.err().lines().toList());
    ProcessRun missing = launch("inspect", "no such file.onnx");
    assertEquals(1, missing.code());
    assertTrue(missing.err().contains("no such file.onnx"), missing.err());
  }

  @Test
  void aFailedBuildIsExplainedAndTriedAgain() throws Exception {
    build(
        "echo '[ERROR] cannot find symbol'; echo '[ERROR] '; echo '[ERROR] Re-run Maven with -X"
            + " to enable full debug logging.'; echo '[INFO] BUILD FAILURE'; exit 1");
    Files.writeString(project.resolve("pom.xml"), "changed");
    ProcessRun failed = launch("--version");
    assertEquals(1, failed.code());
    assertTrue(failed.err().contains("[ERROR] cannot find symbol"), failed.err());
    assertFalse(failed.err().contains("debug logging"), failed.err());
    assertTrue(failed.err().contains("cpsample: the build failed; its log is "), failed.err());
    Path log = Path.of(failed.err().strip().replaceAll("(?s).*its log is ", ""));
    assertTrue(Files.readString(log).contains("nothing to see"));
    Files.delete(log);
  }

  @Test
  void givesTheJvmOptionsAndAQuietAllocator() throws Exception {
    ProcessRun run =
        ProcessRun.ofShell(
            folder,
            "CPSAMPLE_JAVA_OPTS='-XX:+PrintCommandLineFlags -Dx=y' '" + launcher + "' --version");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("-XX:+UseSerialGC"), run.out());
  }
}
