package io.github.cpsample.tools.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.cpsample.tools.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A machine without fonts is told from one with fonts, where a test may hide them. */
@EnabledOnOs(OS.LINUX)
class LettersTest {

  private static final Path FONTS = Path.of("/usr/share/fonts");

  @TempDir private Path folder;

  /** What the child process runs. */
  static final class Child {
    private Child() {}

    /** Says whether letters can be measured. */
    public static void main(String[] arguments) {
      System.out.println(Letters.present());
    }
  }

  @Test
  void withoutFontsThereAreNoLettersAndNoFailure() throws IOException, InterruptedException {
    assumeTrue(Files.isDirectory(FONTS), "no fonts to hide");
    assumeTrue(
        ProcessRun.ofShell(folder, "unshare -m mount -t tmpfs none " + FONTS).code() == 0,
        "file systems cannot be hidden here");
    ProcessRun run =
        ProcessRun.ofShell(
            folder,
            "unshare -m sh -c \"mount -t tmpfs none /usr/share/fonts && HOME='"
                + folder
                + "' '"
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -cp '"
                + System.getProperty("java.class.path")
                + "' '"
                + Child.class.getName().replace("$", "\\$")
                + "'\"");
    assertEquals("false", run.out().strip(), run.err());
  }
}
