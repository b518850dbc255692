package io.github.cpsample.evaluation.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link WorkFolder} and {@link FinishedStages}. */
class WorkFolderTest {

  private static final Map<String, String> SEVEN = Map.of("seed", "7", "model", "a");

  @TempDir private Path folder;
  private Path work;

  @BeforeEach
  void name() {
    work = folder.resolve("work");
  }

  @Test
  void theSameAuditGoesOn() throws IOException {
    String began;
    double seconds;
    try (WorkFolder first = WorkFolder.open(work, SEVEN)) {
      assertFalse(first.resumed());
      began = first.began();
      seconds = first.seconds();
    }
    try (WorkFolder second = WorkFolder.open(work, SEVEN)) {
      assertTrue(second.resumed());
      assertEquals(began, second.began());
      assertTrue(second.seconds() > seconds);
    }
  }

  /** Who knows a part of what decides an audit is held to that part. */
  @Test
  void anotherProgramJoinsWhatItKnows() throws IOException {
    IOException nothing =
        assertThrows(IOException.class, () -> WorkFolder.join(work, Map.of("seed", "7")));
    assertTrue(nothing.getMessage().contains("found none"), nothing.getMessage());
    assertFalse(Files.exists(work));
    WorkFolder.open(work, SEVEN).close();
    try (WorkFolder joined = WorkFolder.join(work, Map.of("seed", "7"))) {
      assertTrue(joined.resumed());
      assertThrows(IOException.class, () -> WorkFolder.open(work, SEVEN), "taken");
    }
    WorkFolder.open(work, SEVEN).close();
    for (Map<String, String> other :
        List.of(Map.of("seed", "8"), Map.of("seed", "7", "count", "9"))) {
      IOException refused =
          assertThrows(IOException.class, () -> WorkFolder.join(work, other), other::toString);
      assertTrue(refused.getMessage().contains(" there, "), refused.getMessage());
      assertFalse(refused.getMessage().contains("model ("), refused.getMessage());
    }
    WorkFolder.open(work, SEVEN).close();
  }

  @Test
  void anotherAuditIsRefusedByNameOfWhatDiffers() throws IOException {
    WorkFolder.open(work, SEVEN).close();
    IOException refused =
        assertThrows(
            IOException.class,
            () -> WorkFolder.open(work, Map.of("seed", "8", "model", "a", "count", "9")));
    assertTrue(refused.getMessage().contains("count (none there, 9 now)"), refused.getMessage());
    assertTrue(refused.getMessage().contains("seed (7 there, 8 now)"), refused.getMessage());
    assertFalse(refused.getMessage().contains("model ("), refused.getMessage());
    assertTrue(refused.getMessage().contains("--restart"), refused.getMessage());
    WorkFolder.delete(work);
    WorkFolder.open(work, Map.of("seed", "8")).close();
  }

  @Test
  void twoAtOnceAreRefused() throws IOException {
    WorkFolder first = WorkFolder.open(work, SEVEN);
    IOException refused = assertThrows(IOException.class, () -> WorkFolder.open(work, SEVEN));
    assertTrue(refused.getMessage().contains("another audit is at work"), refused.getMessage());
    first.close();
    WorkFolder.open(work, SEVEN).close();
  }

  @Test
  void aFolderOfSomethingElseIsNotDeleted() throws IOException {
    Files.createDirectories(work);
    Files.writeString(work.resolve("photo.png"), "precious");
    assertThrows(IOException.class, () -> WorkFolder.delete(work));
    IOException refused = assertThrows(IOException.class, () -> WorkFolder.open(work, SEVEN));
    assertTrue(refused.getMessage().contains("photo.png"), refused.getMessage());
    assertEquals(List.of("photo.png"), List.of(work.toFile().list()));
    WorkFolder.delete(folder.resolve("none"));
  }

  @Test
  void workInUseIsNotDeleted() throws IOException {
    try (WorkFolder first = WorkFolder.open(work, SEVEN)) {
      Files.writeString(first.resolve("pixels"), "half");
      IOException refused = assertThrows(IOException.class, () -> WorkFolder.delete(work));
      assertTrue(refused.getMessage().contains("another audit is at work"), refused.getMessage());
      assertTrue(Files.exists(first.resolve("pixels")));
    }
    WorkFolder.delete(work);
    assertFalse(Files.exists(work));
  }

  @Test
  void whatACrashLeftAtTheBeginningIsNoObstacle() throws IOException {
    Files.createDirectories(work);
    Files.writeString(work.resolve("lock"), "");
    WorkFolder.open(work, SEVEN).close();
    WorkFolder.delete(work);
    assertFalse(Files.exists(work));
  }

  @Test
  void whatIsNoIdentityIsSaid() throws IOException {
    Files.createDirectories(work);
    for (String text : List.of("", "{}", "[1", "{\"decides\":{}}")) {
      Files.writeString(work.resolve("audit.json"), text);
      IOException refused = assertThrows(IOException.class, () -> WorkFolder.open(work, SEVEN));
      assertTrue(refused.getMessage().contains("--restart"), text + ": " + refused.getMessage());
    }
  }

  record Result(List<Double> numbers, String none) {}

  @Test
  void aStageIsComputedOnceAndNumbersComeBackAsTheyWere() throws IOException {
    FinishedStages stages = new FinishedStages(work);
    assertEquals(List.of(), stages.names());
    int[] calls = {0};
    Result result = new Result(List.of(0.1, 1.0 / 3, -1e-300), null);
    FinishedStages.Stage<Result> stage =
        () -> {
          calls[0]++;
          return result;
        };
    assertEquals(result, stages.once("numbers", TypeToken.get(Result.class), stage));
    assertEquals(result, stages.once("numbers", TypeToken.get(Result.class), stage));
    assertEquals(1, calls[0]);
    assertEquals(List.of("numbers"), stages.names());
    assertThrows(
        IllegalStateException.class,
        () ->
            stages.once(
                "failing",
                TypeToken.get(Result.class),
                () -> {
                  throw new IllegalStateException("failed");
                }));
    assertEquals(result, stages.once("failing", TypeToken.get(Result.class), stage));
  }
}
