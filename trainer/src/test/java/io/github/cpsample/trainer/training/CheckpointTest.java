package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final TrainingState STATE =
      new TrainingState(
          7, new float[] {1, -0f}, new float[] {2, 3}, new float[] {4, 5}, new float[] {6, 1e-30f});

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("checkpoint.bin");
    RunFolder.Checkpoint.write(file, "abc", STATE);
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    assertEquals(STATE, RunFolder.Checkpoint.read(file, "abc", 2));
    assertFalse(Files.exists(folder.resolve("checkpoint.bin.part")));
  }

  @Test
  void replacesAnOlderOne() throws IOException {
    RunFolder.Checkpoint.write(file, "abc", TrainingState.start(new float[] {9, 9}));
    assertEquals(0, RunFolder.Checkpoint.read(file, "abc", 2).step());
  }

  @Test
  void refusesAnotherConfiguration() {
    IOException refusal =
        assertThrows(IOException.class, () -> RunFolder.Checkpoint.read(file, "other", 2));
    assertTrue(refusal.getMessage().contains("expected configuration other, found abc"));
  }

  @Test
  void refusesAnotherNumberOfWeights() {
    assertThrows(IOException.class, () -> RunFolder.Checkpoint.read(file, "abc", 1_000_000_000));
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(IOException.class, () -> RunFolder.Checkpoint.read(file, "abc", 2));
    }
  }

  @Test
  void refusesEveryFlippedByte() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      Files.write(file, damaged);
      assertThrows(IOException.class, () -> RunFolder.Checkpoint.read(file, "abc", 2));
    }
  }
}
