package io.github.cpsample.tools.commands.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.tools.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleCommandTest {

  @TempDir Path folder;
  private Path model;
  private Path out;

  @BeforeEach
  void writeModel() {
    model = folder.resolve("tiny model");
    TinyBundle.writer().toDirectory(model);
    out = folder.resolve("images");
  }

  private CommandRun sample(Path target, String options) {
    String[] more = options.isEmpty() ? new String[0] : options.split(" ");
    String[] all = new String[more.length + 5];
    System.arraycopy(
        new String[] {"sample", "--model", model.toString(), "--out", target.toString()},
        0,
        all,
        0,
        5);
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(all);
  }

  private static JsonObject report(Path folder) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("report.json")))
        .getAsJsonObject();
  }

  @Test
  void saysWhereImagesOfAnEarlierRunAreLeft() {
    assertEquals("", sample(out, "--count 3 --protect off").err());
    CommandRun fewer = sample(out, "--count 2");
    assertEquals(0, fewer.code(), fewer.err());
    assertTrue(fewer.err().contains("are of an earlier run"), fewer.err());
    assertTrue(fewer.err().contains(out.toString()), fewer.err());
    assertEquals("", sample(out, "--count 3").err());
  }

  /** The note's scale is the one that holds what a step pushes, and answers the note. */
  @Test
  void saysWhereManyStepsNeedALargerScale() throws IOException {
    assertEquals("", sample(out, "--count 1").err());
    JsonObject usual = report(out).getAsJsonObject("settings");
    int steps = usual.get("steps").getAsInt();
    double scale = usual.getAsJsonObject("protection").get("scale").getAsDouble();
    assertEquals("", sample(out, "--count 1 --steps " + (2 * steps - 1)).err());
    CommandRun many = sample(out, "--count 1 --steps " + 4 * steps);
    assertEquals(0, many.code(), many.err());
    String advised = String.format(Locale.ROOT, "--scale %.4g ", 4 * scale);
    assertTrue(many.err().contains(advised), many.err());
    JsonObject unchanged = report(out).getAsJsonObject("settings").getAsJsonObject("protection");
    assertEquals(scale, unchanged.get("scale").getAsDouble());
    assertEquals("", sample(out, "--count 1 --steps " + 4 * steps + " " + advised.strip()).err());
    assertEquals("", sample(out, "--count 1 --protect off --steps " + 4 * steps).err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddim", "ddpm"})
  void writesImagesSheetAndReport(String sampler) throws IOException {
    CommandRun run = sample(out, "--count 3 --steps 5 --seed 40 --sampler " + sampler);
    assertEquals(0, run.code(), run.err());
    assertEquals(
        List.of(
            "contact-sheet.png",
            "image-00000.png",
            "image-00001.png",
            "image-00002.png",
            "report.json"),
        CommandRun.files(out));
    BufferedImage image = ImageIO.read(out.resolve("image-00002.png").toFile());
    assertEquals(8, image.getWidth());
    JsonObject report = report(out);
    assertEquals("tiny", report.get("model").getAsString());
    JsonObject settings = report.getAsJsonObject("settings");
    assertEquals(sampler, settings.get("sampler").getAsString());
    assertEquals(5, settings.get("steps").getAsInt());
    assertEquals("on", settings.get("protect").getAsString());
    assertEquals(0.25, settings.getAsJsonObject("protection").get("alpha").getAsDouble());
    assertEquals("cpu", report.getAsJsonObject("totals").get("device").getAsString());
    JsonArray images = report.getAsJsonArray("images");
    long guarded = 0;
    for (int i = 0; i < 3; i++) {
      JsonObject one = images.get(i).getAsJsonObject();
      assertEquals(40 + i, one.get("seed").getAsLong());
      assertFalse(one.has("certainty"), "certainty unasked");
      guarded += one.get("stepsGuarded").getAsLong();
    }
    assertEquals(guarded, report.getAsJsonObject("totals").get("stepsGuarded").getAsLong());
  }

  @Test
  void protectionOptionsReachTheSampler() throws IOException {
    CommandRun run =
        sample(
            out,
            "--count 1 --steps 4 --alpha 0.5 --scale 7 --gate code --force own-label"
                + " --guarded 0-600 --certainty");
    assertEquals(0, run.code(), run.err());
    JsonObject protection = report(out).getAsJsonObject("settings").getAsJsonObject("protection");
    assertEquals(7, protection.get("scale").getAsDouble());
    assertEquals("own-label", protection.get("force").getAsString());
    assertEquals("[0,600]", protection.get("guardedTimesteps").toString());
    JsonElement certainty =
        report(out).getAsJsonArray("images").get(0).getAsJsonObject().get("certainty");
    assertEquals(3, certainty.getAsJsonArray().size(), "timesteps 0, 250, 500 of 0 to 750");
  }

  /** With alpha 1/2 every image is recognised in every step and at the end. */
  @Test
  void correctionsReachTheSamplerAndWhatIsStillRecognisedIsSaid() throws IOException {
    CommandRun run =
        sample(
            out,
            "--count 3 --seed 40 --alpha 0.5 --asks x0 --correction restart --back 50 --returns 2"
                + " --redos 1");
    assertEquals(0, run.code(), run.err());
    JsonObject settings = report(out).getAsJsonObject("settings");
    JsonObject protection = settings.getAsJsonObject("protection");
    assertEquals("x0", protection.get("asks").getAsString());
    assertEquals(
        "{\"kind\":\"restart\",\"back\":50,\"returns\":2,\"redos\":1}",
        protection.get("correction").toString());
    assertEquals("deliver", settings.get("onFailure").getAsString());
    for (JsonElement element : report(out).getAsJsonArray("images")) {
      JsonObject one = element.getAsJsonObject();
      assertTrue(one.get("returns").getAsInt() > 0, one.toString());
      assertEquals(1, one.get("redos").getAsInt());
      assertTrue(one.get("recognised").getAsBoolean());
    }
    assertEquals(3, report(out).getAsJsonObject("totals").get("imagesRecognised").getAsInt());
    assertTrue(
        run.out().contains("still recognised: 3 of 3 images"), "never silently: " + run.out());
    assertTrue(run.out().contains("(seeds [40, 41, 42])"), run.out());
  }

  @Test
  void withheldImagesAreCountedAndTheOthersKeepTheirSeeds() throws IOException {
    String options = "--count 12 --seed 40 --scale 0 --redos 1 --alpha ";
    Path all = folder.resolve("all");
    double alpha = 0.5;
    int recognised = 12;
    for (; recognised == 12; alpha -= 0.01) {
      assertEquals(0, sample(all, options + alpha).code());
      recognised = report(all).getAsJsonObject("totals").get("imagesRecognised").getAsInt();
    }
    assertTrue(recognised > 0, "an alpha that tells the images apart");
    CommandRun run = sample(out, options + (alpha + 0.01) + " --on-failure withhold");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("withheld: " + recognised + " of 12 images"), run.out());
    JsonObject report = report(out);
    assertEquals(recognised, report.getAsJsonObject("totals").get("imagesWithheld").getAsInt());
    JsonArray delivered = report.getAsJsonArray("images");
    assertEquals(12 - recognised, delivered.size());
    assertEquals(delivered.size() + 2, CommandRun.files(out).size());
    int next = 0;
    for (JsonElement element : report(all).getAsJsonArray("images")) {
      JsonObject one = element.getAsJsonObject();
      if (!one.get("recognised").getAsBoolean()) {
        JsonObject same = delivered.get(next).getAsJsonObject();
        assertEquals(String.format(Locale.ROOT, "image-%05d.png", next), file(same));
        assertEquals(one.get("seed").getAsLong(), same.get("seed").getAsLong());
        assertEquals(-1, Files.mismatch(all.resolve(file(one)), out.resolve(file(same))));
        next++;
      }
    }
    assertEquals(delivered.size(), next);
  }

  private static String file(JsonObject image) {
    return image.get("file").getAsString();
  }

  @Test
  void whereAllAreWithheldThereIsAReportOfIt() throws IOException {
    CommandRun run = sample(out, "--count 2 --alpha 0.5 --redos 1 --on-failure withhold");
    assertEquals(0, run.code(), run.err());
    assertEquals(List.of("report.json"), CommandRun.files(out));
    assertTrue(run.out().contains("0 images in"), run.out());
    assertTrue(run.out().contains("withheld: 2 of 2 images"), run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--correction push --back 10|expected a correction that goes back",
        "--returns 3|found push; say it with --correction",
        "--correction mend|expected push|exit|heal|heal-exit|restart",
        "--protect off --correction heal|expected no --correction",
        "--protect off --on-failure deliver|expected no --on-failure",
        "--guarantee none --on-failure withhold|expected deliver with --guarantee"
      })
  void correctionsThatContradictThemselvesAreRefused(String optionsAndError) throws IOException {
    int end = optionsAndError.indexOf('|');
    CommandRun run = sample(out, optionsAndError.substring(0, end));
    assertTrue(run.code() != 0, optionsAndError);
    assertEquals(List.of(), CommandRun.files(out));
    assertTrue(run.err().contains(optionsAndError.substring(end + 1)), run.err());
  }

  /** The ways back of a model that has none are a tenth of its 1000 timesteps, eight times. */
  @Test
  void aWayBackHasAUsualLength() throws IOException {
    CommandRun run = sample(out, "--count 1 --correction heal --steps 40");
    assertEquals(0, run.code(), run.err());
    JsonObject protection = report(out).getAsJsonObject("settings").getAsJsonObject("protection");
    assertEquals(
        "{\"kind\":\"heal\",\"back\":100,\"returns\":8,\"redos\":0}",
        protection.get("correction").toString());
    assertFalse(
        report(out).getAsJsonArray("images").get(0).getAsJsonObject().has("recognised"),
        "nothing looked at the finished image");
    assertTrue(run.err().contains("--scale"), "heal pushes, so more steps push less each");
    CommandRun unpushed = sample(out, "--count 1 --correction restart --steps 40");
    assertEquals("", unpushed.err());
  }

  @Test
  void protectionChangesImagesAndOffMeansOff() throws IOException {
    Path without = folder.resolve("without");
    assertEquals(0, sample(out, "--count 2 --alpha 0.5 --scale 3").code());
    assertEquals(0, sample(without, "--count 2 --protect off").code());
    assertFalse(
        Files.mismatch(out.resolve("image-00000.png"), without.resolve("image-00000.png")) < 0);
    JsonObject report = report(without);
    assertEquals("off", report.getAsJsonObject("settings").get("protect").getAsString());
    assertFalse(report.getAsJsonObject("settings").has("protection"));
    assertEquals(0, report.getAsJsonObject("totals").get("stepsGuarded").getAsLong());
  }

  @Test
  void anImageDependsOnItsSeedAlone() throws IOException {
    Path single = folder.resolve("single");
    assertEquals(0, sample(out, "--count 3 --seed 5").code());
    assertEquals(0, sample(single, "--count 1 --seed 7").code());
    assertArrayEquals(
        Files.readAllBytes(out.resolve("image-00002.png")),
        Files.readAllBytes(single.resolve("image-00000.png")));
  }

  @Test
  void whatTheModelCannotDoFailsAndLeavesNothing() throws IOException {
    CommandRun run = sample(out, "--steps 1001");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("steps: expected at most 1000"), run.err());
    assertEquals(List.of(), CommandRun.files(out));
  }

  @Test
  void aFileInTheWayOfTheFolderIsNamed() throws IOException {
    Files.writeString(out, "in the way");
    CommandRun run = sample(out, "--count 1 --steps 2");
    assertEquals(1, run.code());
    assertTrue(run.err().contains(out + ": expected a folder, found a file"), run.err());
    assertEquals("in the way", Files.readString(out));
  }

  @Test
  void aDamagedBundleIsRefused() throws IOException {
    Files.write(model.resolve("denoiser.onnx"), new byte[100]);
    CommandRun run = sample(out, "--count 1");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("denoiser.onnx"), run.err());
  }

  @Test
  void interruptionEndsTheWorkAndLeavesNoImages() throws Exception {
    CompletableFuture<CommandRun> result = new CompletableFuture<>();
    Thread worker =
        new Thread(() -> result.complete(sample(out, "--count 100000 --steps 1000 --batch 4")));
    worker.start();
    worker.join(500);
    worker.interrupt();
    CommandRun run = result.get(30, TimeUnit.SECONDS);
    assertEquals(130, run.code(), run.err());
    assertEquals("cpsample sample: interrupted", run.err().strip());
    assertEquals(List.of(), CommandRun.files(out));
  }

  @Test
  void cudaWithoutCudaSaysWhatToDo() {
    CommandRun run = sample(out, "--count 1 --device cuda");
    if (run.code() == 1) {
      assertTrue(run.err().contains("onnxruntime_gpu"), run.err());
    } else {
      assertEquals(0, run.code(), run.err());
    }
  }
}
