package io.github.cpsample.tools.commands.auditing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.tools.CommandRun;
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

  /** The sheet that sample writes beside its images is none of them. */
  @Test
  void contactSheetsAreLeftOutUnlessTheyAreNamed() throws IOException {
    Path sampled = folder.resolve("sampled");
    assertEquals(0, sample(sampled, "--count", "3", "--seed", "20").code());
    CommandRun folderRun = run("guard", "--index", index, "--by", "index", "" + sampled);
    assertEquals(0, folderRun.code(), folderRun.err());
    assertFalse(folderRun.out().contains("contact-sheet"), folderRun.out());
    assertTrue(
        folderRun.err().contains("note: " + sampled.resolve("contact-sheet.png") + " is left out"),
        folderRun.err());
    assertEquals(4, folderRun.out().lines().count(), folderRun.out());
    String sheet = sampled.resolve("contact-sheet.png").toString();
    CommandRun named = run("guard", "--index", index, "--by", "index", sheet);
    assertEquals(0, named.code(), named.err());
    assertTrue(named.out().contains("contact-sheet"), named.out());
    assertFalse(named.err().contains("left out"), named.err());
    Path alone = Files.createDirectories(folder.resolve("alone"));
    Files.copy(Path.of(sheet), alone.resolve("contact-sheet.png"));
    CommandRun none = run("guard", "--index", index, "--by", "index", "" + alone);
    assertEquals(1, none.code(), none.out());
    assertTrue(none.err().contains("found only a contact sheet"), none.err());
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

  /** One broken file among many hides neither copies nor the other results. */
  @Test
  void guardGoesOnAfterImagesThatCannotBeRead() throws IOException {
    String json = folder.resolve("found.json").toString();
    Files.writeString(Path.of(others, "image-1.png"), "none");
    CommandRun some =
        run("guard", "--index", index, "--by", "index", "--json", json, others, training);
    assertEquals(3, some.code(), some.err());
    assertTrue(
        some.err().contains("7 of 127 images are flagged, and 1 cannot be read"), some.err());
    JsonObject found = json(Path.of(json)).getAsJsonObject();
    assertEquals(7, found.get("flagged").getAsInt());
    assertEquals(1, found.get("unreadable").getAsInt());
    long described =
        found.getAsJsonArray("images").asList().stream()
            .map(JsonElement::getAsJsonObject)
            .filter(image -> image.has("unreadable") && !image.get("passes").getAsBoolean())
            .filter(image -> image.get("image").getAsString().endsWith("image-1.png"))
            .count();
    assertEquals(1, described, found.toString());
    CommandRun harmless = run("guard", "--index", index, "--by", "index", others);
    assertEquals(1, harmless.code(), harmless.err());
    assertTrue(harmless.err().contains("found 1 of 120 that cannot"), harmless.err());
    assertEquals(121, harmless.out().lines().count(), harmless.out());
    CommandRun heldOut = run("guard", "--heldout", others, training);
    assertEquals(1, heldOut.code());
    assertTrue(heldOut.err().contains("image-1.png"), heldOut.err());
  }

  @Test
  void sanitizeGoesOnAfterImagesThatCannotBeRead() throws IOException {
    Path out = folder.resolve("clean");
    Files.writeString(Path.of(training, "image-0.png"), "none");
    CommandRun run = run("sanitize", "--index", index, "--out", out.toString(), training);
    assertEquals(1, run.code(), run.out());
    assertTrue(
        run.err().contains("1 of 7 images never passed, 1 of them because they cannot be read"),
        run.err());
    JsonArray report = json(out.resolve("report.json")).getAsJsonArray();
    assertEquals(7, report.size());
    JsonObject broken = report.get(0).getAsJsonObject();
    assertEquals(0, broken.get("tries").getAsInt());
    assertFalse(broken.has("file"), broken.toString());
    assertTrue(broken.get("failure").getAsString().contains("image-0.png"), broken.toString());
    assertEquals(7, CommandRun.files(out).size(), CommandRun.files(out).toString());
  }

  @Test
  void sanitizeDoesNotWriteAmongItsInput() {
    String inside = training + "/clean";
    CommandRun run = run("sanitize", "--index", index, "--out", inside, training);
    assertEquals(2, run.code(), run.out());
    assertTrue(run.err().contains("expected a folder outside of " + training), run.err());
    assertFalse(Files.exists(Path.of(inside)));
  }

  @Test
  void sanitizePassesTheClassOn() {
    Path out = folder.resolve("clean");
    CommandRun run =
        run("sanitize", "--index", index, "--class", "1", "--out", out.toString(), training);
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("classLabel: expected none, since the model"), run.err());
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
      TrainingIndex.Match match =
          images.match(List.of(image), IndexCheck.Closeness.STANDARD).get(0);
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
    assertTrue(impossible.err().contains("image 2 with seed 22"), impossible.err());
    assertEquals(List.of(), CommandRun.files(folder.resolve("none")));
  }

  private CommandRun sample(Path out, String... more) {
    List<String> all = new ArrayList<>(List.of("--out", out.toString()));
    all.addAll(Arrays.asList(more));
    return run("sample", all.toArray(String[]::new));
  }
}
