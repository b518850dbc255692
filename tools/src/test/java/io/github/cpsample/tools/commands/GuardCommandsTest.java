package io.github.cpsample.tools.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.guard.Closeness;
import io.github.cpsample.guard.IndexMatch;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.TinyBundle;
import io.github.cpsample.tools.TinyImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code guard}, {@code sanitize} and {@code sample --guarantee} on a tiny model. */
class GuardCommandsTest {

  @TempDir Path folder;
  private String model;
  private String index;
  private String training;
  private String others;

  @BeforeEach
  void writeModelAndIndex() throws IOException {
    model = folder.resolve("tiny").toString();
    TinyBundle.memorising().toDirectory(Path.of(model));
    training = folder.resolve("training").toString();
    others = folder.resolve("others").toString();
    index = folder.resolve("train.index").toString();
    TinyImages.write(Path.of(training), 1, 2, 3, 4, 5, 6, 7);
    TinyImages.write(Path.of(others), LongStream.range(100, 220).toArray());
    CommandRun made = CommandRun.of("index", "--model", model, "--data", training, "--out", index);
    assertEquals(0, made.code(), made.err());
  }

  private CommandRun run(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command, "--model", model));
    all.addAll(Arrays.asList(more));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static JsonElement json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file));
  }

  @Test
  void theIndexFlagsTrainingImagesAndPassesOthers() throws IOException {
    String json = folder.resolve("found.json").toString();
    CommandRun flagged =
        run("guard", "--index", index, "--by", "index", "--json", json, training, others);
    assertEquals(3, flagged.code(), flagged.err());
    assertTrue(flagged.err().contains("7 of 127 images are flagged"), flagged.err());
    JsonObject found = json(Path.of(json)).getAsJsonObject();
    assertEquals(7, found.get("flagged").getAsInt());
    JsonObject first = found.getAsJsonArray("images").get(0).getAsJsonObject();
    assertFalse(first.get("passes").getAsBoolean());
    assertEquals(0, first.getAsJsonObject("nearest").get("distance").getAsDouble());
    assertEquals(1, first.getAsJsonObject("nearest").get("cosine").getAsDouble(), 1e-9);
    assertTrue(first.get("reasons").getAsString().contains("image-0.png"), first.toString());
    assertFalse(first.has("logCertainty"));
    CommandRun passed = run("guard", "--index", index, "--by", "index", others);
    assertEquals(0, passed.code(), passed.err());
    assertEquals(121, passed.out().lines().count(), passed.out());
  }

  @Test
  void theClassifierFlagsAsManyStrangersAsAllowedAndShowsNoCertaintyUnasked() {
    CommandRun run = run("guard", "--heldout", others, "--false-alarms", "0.05", others);
    assertEquals(3, run.code(), run.err());
    assertTrue(run.err().contains("5 of 120 images are flagged"), run.err());
    assertTrue(run.out().contains("at most 4.96 % of images that were not"), run.out());
    assertFalse(run.out().contains("t=1"), run.out());
    CommandRun shown = run("guard", "--heldout", others, "--show-certainty", others);
    assertTrue(shown.out().contains("t=1"), shown.out());
    CommandRun few = run("guard", "--heldout", training, others);
    assertEquals(1, few.code());
    assertTrue(few.err().contains("expected at least 99"), few.err());
  }

  @Test
  void withoutHeldOutImagesItSaysThatTheLimitIsAGuess() {
    CommandRun run = run("guard", others + "/image-0.png");
    assertTrue(run.code() == 0 || run.code() == 3, run.err());
    assertTrue(run.err().contains("nobody knows how many harmless images"), run.err());
  }

  @Test
  void brokenInputsFail() throws IOException {
    Path broken = folder.resolve("broken.png");
    Files.writeString(broken, "none");
    CommandRun image = run("guard", "--index", index, "--by", "index", broken.toString());
    assertEquals(1, image.code());
    assertTrue(image.err().contains("broken.png"), image.err());
    CommandRun noIndex = run("guard", "--index", broken.toString(), "--by", "index", others);
    assertEquals(1, noIndex.code());
    assertTrue(noIndex.err().contains("training index " + broken), noIndex.err());
  }

  @Test
  void sanitizeWritesImagesThatPass() throws IOException {
    Path out = folder.resolve("clean");
    String other = others + "/image-3.png";
    CommandRun run =
        run("sanitize", "--index", index, "--seed", "9", "--out", "" + out, training, other);
    assertEquals(0, run.code(), run.err() + run.out());
    TrainingIndex images = TrainingIndex.read(Path.of(index));
    JsonArray report = json(out.resolve("report.json")).getAsJsonArray();
    assertEquals(8, report.size());
    for (JsonElement entry : report) {
      Path file = out.resolve(entry.getAsJsonObject().get("file").getAsString());
      float[] values = ImageDecoder.read(file, TinyBundle.SHAPE);
      FloatImage image = FloatImage.copyOf(TinyBundle.SHAPE, values, 0);
      IndexMatch match = images.match(List.of(image), Closeness.STANDARD).get(0);
      assertFalse(match.tooClose(), entry.toString());
    }
    JsonObject last = report.get(7).getAsJsonObject();
    assertEquals(0, last.get("tries").getAsInt());
    assertEquals(-1, Files.mismatch(out.resolve(last.get("file").getAsString()), Path.of(other)));
    assertTrue(report.get(0).getAsJsonObject().get("tries").getAsInt() >= 1);
  }

  @Test
  void sanitizeWritesNothingThatNeverPasses() throws IOException {
    Path out = folder.resolve("clean");
    CommandRun run =
        run(
            "sanitize",
            "--index",
            index,
            "--max-tries",
            "1",
            "--first-strength",
            "0.01",
            "--steps",
            "1000",
            "--scale",
            "0",
            "--out",
            out.toString(),
            training + "/image-0.png");
    assertEquals(1, run.code(), run.out());
    assertEquals(List.of("report.json"), CommandRun.files(out));
    assertTrue(run.err().contains("1 of 1 images never passed and were not written"), run.err());
  }

  /** An index of the very images that the model samples: all are resampled, no other is touched. */
  @Test
  void theGuaranteeResamplesWhatIsTooClose() throws IOException {
    Path plain = folder.resolve("plain");
    String[] options = {"--count", "6", "--seed", "20"};
    assertEquals(0, sample(plain, options).code());
    Files.copy(plain.resolve("image-00002.png"), Path.of(training, "z.png"));
    CommandRun indexed =
        CommandRun.of("index", "--model", model, "--data", training, "--out", index);
    assertEquals(0, indexed.code(), indexed.err());
    Path out = folder.resolve("out");
    CommandRun run =
        sample(out, "--count", "6", "--seed", "20", "--guarantee", index, "--max-tries", "30");
    assertEquals(0, run.code(), run.err());
    JsonObject report = json(out.resolve("report.json")).getAsJsonObject();
    JsonObject guarantee = report.getAsJsonObject("guarantee");
    assertEquals(8, guarantee.get("indexImages").getAsInt());
    assertFalse(guarantee.get("indexIsOfTheModelsImages").getAsBoolean());
    assertTrue(guarantee.get("imagesResampled").getAsInt() >= 1, guarantee.toString());
    JsonArray images = report.getAsJsonArray("images");
    assertTrue(images.get(2).getAsJsonObject().get("tries").getAsInt() > 1, report.toString());
    assertTrue(run.out().contains("guarantee: none is too close to one of 8"), run.out());
    JsonObject without = json(plain.resolve("report.json")).getAsJsonObject();
    assertFalse(without.has("guarantee"));
    assertFalse(without.getAsJsonArray("images").get(0).getAsJsonObject().has("tries"));
    CommandRun impossible =
        sample(
            folder.resolve("none"),
            "--count",
            "3",
            "--seed",
            "20",
            "--guarantee",
            index,
            "--max-tries",
            "1");
    assertEquals(1, impossible.code());
    assertTrue(impossible.err().contains("image with seed 22"), impossible.err());
    assertEquals(List.of(), CommandRun.files(folder.resolve("none")));
  }

  private CommandRun sample(Path out, String... more) {
    List<String> all = new ArrayList<>(List.of("--out", out.toString()));
    all.addAll(Arrays.asList(more));
    return run("sample", all.toArray(String[]::new));
  }
}
