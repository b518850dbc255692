package io.github.cpsample.evaluation.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {

  @TempDir private Path folder;
  private Path file;

  record Thing(String name, double number) {}

  private static final Thing A = new Thing("ä\n\"", 0.1);
  private static final Thing B = new Thing("b", 1.0 / 3);

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("things.jsonl");
    try (LineFile<Thing> lines = LineFile.open(file, Thing.class)) {
      lines.append(List.of(A, B));
      assertEquals(2, lines.size());
    }
  }

  private static List<Thing> all(LineFile<Thing> lines) throws IOException {
    List<Thing> all = new ArrayList<>();
    try (LineReader<Thing> reader = lines.reader()) {
      for (Optional<Thing> next = reader.next(); next.isPresent(); next = reader.next()) {
        all.add(next.get());
      }
    }
    return all;
  }

  @Test
  void recordsComeBackBitForBit() throws IOException {
    try (LineFile<Thing> lines = LineFile.open(file, Thing.class)) {
      assertEquals(List.of(A, B), all(lines));
    }
    assertEquals(2, Files.readAllLines(file).size());
  }

  @Test
  void aTornLineIsCutOff() throws IOException {
    String whole = Files.readString(file);
    for (String torn : List.of("{", "{\"name\":\"c\",\"number\":1}", "\0\0\n", "nonsense\n")) {
      Files.writeString(file, whole + torn);
      try (LineFile<Thing> lines = LineFile.open(file, Thing.class)) {
        assertEquals(2, lines.size(), torn);
        lines.append(List.of(A));
        assertEquals(List.of(A, B, A), all(lines), torn);
      }
    }
  }

  @Test
  void whatFollowsABrokenLineIsCutOffWithIt() throws IOException {
    Files.write(
        file,
        "broken\n{\"name\":\"c\",\"number\":1}\n".getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.APPEND);
    try (LineFile<Thing> lines = LineFile.open(file, Thing.class)) {
      assertEquals(List.of(A, B), all(lines));
    }
  }

  @Test
  void recordsCanBeCutOff() throws IOException {
    try (LineFile<Thing> lines = LineFile.open(file, Thing.class)) {
      lines.keep(1);
      lines.append(List.of(B, B));
      assertEquals(List.of(A, B, B), all(lines));
      lines.keep(0);
      assertEquals(0, Files.size(file));
    }
  }
}
