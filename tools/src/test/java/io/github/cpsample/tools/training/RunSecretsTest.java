package io.github.cpsample.tools.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.tools.training.RunSecrets.Fingerprint;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSecretsTest {
  @TempDir private Path folder;

  private static Fingerprint recorded(Path run, int count) throws IOException {
    try (ImageDataset images = BundledFashionMnist.trainingImages(count)) {
      RunSecrets.record(run, images, new BrokenImages(fault -> {}));
    }
    return RunSecrets.fingerprint(run);
  }

  @Test
  void aRunKeepsItsSalt() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Fingerprint first = recorded(run, 3);
    assertEquals(64, first.salt().length());
    assertEquals(first, recorded(run, 3));
    Fingerprint more = recorded(run, 4);
    assertEquals(first.salt(), more.salt());
    assertNotEquals(first.hex(), more.hex());
    Path other = Files.createDirectories(folder.resolve("other"));
    assertNotEquals(first.salt(), recorded(other, 3).salt());
  }

  @Test
  void aBrokenRecordIsNotReplacedSilently() throws IOException {
    Files.writeString(folder.resolve("data.txt"), "salt\n");
    assertThrows(IOException.class, () -> recorded(folder, 3));
  }
}
