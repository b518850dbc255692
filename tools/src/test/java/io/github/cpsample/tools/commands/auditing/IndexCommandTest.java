package io.github.cpsample.tools.commands.auditing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexCommandTest {

  @TempDir Path folder;
  private Path model;
  private Path images;
  private Path file;

  @BeforeEach
  void writeModelAndImages() throws IOException {
    model = folder.resolve("tiny");
    TinyBundle.writer().toDirectory(model);
    images = folder.resolve("images");
    file = folder.resolve("train.index");
    TinyImages.write(images, 1, 2, 3, 3, 4);
  }

  private CommandRun index(String... more) {
    String[] all = new String[more.length + 5];
    String[] begin = {"index", "--model", model.toString(), "--data", images.toString()};
    System.arraycopy(begin, 0, all, 0, 5);
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(all);
  }

  @Test
  void indexesAFolderOnceForEveryDifferentImage() throws IOException {
    CommandRun run = index("--out", file.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("4 different images of 5, 0 skipped"), run.out());
    assertTrue(run.err().contains("not exactly those that the classifier of tiny"), run.err());
    TrainingIndex index = TrainingIndex.read(file);
    assertEquals(TinyBundle.SHAPE, index.shape());
    FloatImage image = FloatImage.of(TinyImages.image(2), 1);
    TrainingIndex.Match match = index.match(List.of(image), IndexCheck.Closeness.STANDARD).get(0);
    assertEquals(0, match.nearest(), 0);
    assertTrue(match.name().contains("image-1.png"), match.name());
  }

  @Test
  void skipsWhatIsNoImageAndRefusesTooFew() throws IOException {
    Files.writeString(images.resolve("not-one.png"), "no image");
    CommandRun run = index("--out", file.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("4 different images of 5, 1 skipped"), run.out());
    CommandRun one = index("--limit", "1", "--out", folder.resolve("one").toString());
    assertEquals(1, one.code());
    assertTrue(one.err().contains("expected at least 2 different images, found 1"), one.err());
    assertFalse(Files.exists(folder.resolve("one")));
  }

  /** The shipped model's images are recognised as those that it was trained on. */
  @Test
  void theShippedModelsImagesAreItsTrainingImages() throws IOException {
    CommandRun run =
        CommandRun.of(
            "index", "--model", "fashion-mnist", "--data", "fashion-mnist", "--out", "" + file);
    assertEquals(0, run.code(), run.err());
    assertEquals("", run.err());
    assertEquals(24, TrainingIndex.read(file).size());
  }
}
