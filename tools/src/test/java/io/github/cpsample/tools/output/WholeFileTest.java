package io.github.cpsample.tools.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir Path folder;

  @Test
  void makesFoldersAndReplacesFiles() throws IOException {
    Path file = folder.resolve("a/b/report.json");
    JsonFile.write(file, List.of(1));
    JsonFile.write(file, List.of(2));
    assertEquals("[\n  2\n]\n", Files.readString(file));
    assertEquals(List.of(file), list(file.getParent()));
  }

  @Test
  void failureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("image.png"), "old");
    assertThrows(
        IOException.class,
        () ->
            WholeFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IOException("disk full");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), list(folder));
  }

  @Test
  void failureOfAnotherWriterLeavesNothing() throws IOException {
    Path file = folder.resolve("graph.onnx");
    assertThrows(
        IllegalStateException.class,
        () ->
            WholeFile.writeBy(
                file,
                temporary -> {
                  Files.writeString(temporary, "half");
                  throw new IllegalStateException("stopped");
                }));
    assertEquals(List.of(), list(folder));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
