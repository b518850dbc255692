package io.github.cpsample.tools.commands.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
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

/** Commands on a model that asks about x0, has a threshold per level, and sends images back. */
class HealingCommandsTest {

  @TempDir private Path folder;
  private String model;
  private String index;
  private String training;
  private String others;

  @BeforeEach
  void writeModelAndIndex() throws IOException {
    model = folder.resolve("tiny").toString();
    TinyBundle.healing(Kind.HEAL).toDirectory(Path.of(model));
    training = folder.resolve("training").toString();
    others = folder.resolve("others").toString();
    index = folder.resolve("train.index").toString();
    TinyImages.write(Path.of(training), 1, 2, 3, 4, 5, 6, 7);
    TinyImages.write(Path.of(others), LongStream.range(100, 124).toArray());
    CommandRun made = CommandRun.of("index", "--model", model, "--data", training, "--out", index);
    assertEquals(0, made.code(), made.err());
  }

  private CommandRun run(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command, "--model", model));
    all.addAll(Arrays.asList(more));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private JsonElement json(String file) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(file)));
  }

  @Test
  void theClassifierOfTheGuardSeesWhatTheDenoiserSees() {
    CommandRun run = run("guard", "--heldout", others, "--false-alarms", "0.1", others);
    assertEquals(3, run.code(), run.err());
    assertTrue(run.err().contains("1 of 24 images are flagged"), run.err());
  }

  @Test
  void sanitizeWritesImagesThatNeitherCheckNorProtectionRecognises() throws IOException {
    String out = folder.resolve("clean").toString();
    CommandRun run = run("sanitize", "--index", index, "--seed", "9", "--out", out, training);
    assertEquals(0, run.code(), run.err() + run.out());
    JsonArray report = json("clean/report.json").getAsJsonArray();
    assertEquals(7, report.size());
    for (JsonElement image : report) {
      assertTrue(image.getAsJsonObject().get("tries").getAsInt() >= 1, image.toString());
    }
  }

  @Test
  void theGuaranteeCountsTheStepsThatWereTaken() throws IOException {
    String out = folder.resolve("out").toString();
    CommandRun run =
        run("sample", "--count", "6", "--seed", "20", "--guarantee", index, "--out", out);
    assertEquals(0, run.code(), run.err());
    JsonObject report = json("out/report.json").getAsJsonObject();
    JsonArray images = report.getAsJsonArray("images");
    assertEquals(6, images.size());
    try (ModelBundle bundle = ModelBundle.open(Path.of(model));
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult expected = sampler.sample(SampleRequest.of(6).withSeed(20), Progress.none());
      assertTrue(
          expected.reports().stream().mapToInt(ImageReport::returns).sum() > 0,
          "the test needs a way back");
      for (int i = 0; i < 6; i++) {
        JsonObject image = images.get(i).getAsJsonObject();
        assertEquals(1, image.get("tries").getAsInt(), "nobody's replica");
        assertEquals(expected.report(i).steps(), image.get("steps").getAsInt());
      }
    }
  }

  /** The model's own setting takes part with thresholds and correction, the others with alphas. */
  @Test
  void calibrateTriesThePresentSettingAsItIs() throws IOException {
    ProtectionSettings present = Manifest.read(Path.of(model, "manifest.json")).protection();
    String[] line = {
      "--train",
      training,
      "--holdout",
      others,
      "--batch",
      "8",
      "--seed",
      "5",
      "--alphas",
      "0.1",
      "--scales",
      "2",
      "--ranges",
      "0-999",
      "--first-count",
      "8",
      "--tuning-count",
      "16",
      "--finalists",
      "2",
      "--count",
      "16",
      "--max-replicas",
      "0.3"
    };
    CommandRun run = run("calibrate", line);
    assertEquals(0, run.code(), run.err());
    CalibrationEvidence evidence =
        Manifest.read(Path.of(model, "manifest.json")).calibration().orElseThrow();
    CalibrationEvidence.Point own =
        evidence.curve().stream()
            .filter(point -> point.settings().equals(present))
            .findFirst()
            .orElseThrow();
    try (ModelBundle bundle = ModelBundle.open(Path.of(model));
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult expected =
          sampler.sample(
              SampleRequest.of(own.images()).withSeed(5).withProtection(present), Progress.none());
      double guarded = expected.reports().stream().mapToInt(ImageReport::guardedSteps).sum();
      double steps = expected.reports().stream().mapToInt(ImageReport::steps).sum();
      assertTrue(steps > 10.0 * own.images(), "the test needs a way back");
      assertEquals(guarded / steps, own.stepsGuarded(), 1e-12);
    }
    assertTrue(run.out().contains("level"), run.out());
  }

  @Test
  void auditReportsWaysBack() throws IOException {
    String out = folder.resolve("report").toString();
    CommandRun run =
        run(
            "audit",
            "--train",
            training,
            "--holdout",
            others,
            "--out",
            out,
            "--count",
            "6",
            "--batch",
            "4",
            "--seed",
            "5",
            "--methods",
            "cpsample");
    assertEquals(0, run.code(), run.err());
    JsonObject report = json("report/report.json").getAsJsonObject();
    JsonObject guard = report.getAsJsonObject("guard");
    assertTrue(guard.getAsJsonObject("work").has("recognised"), guard.toString());
    assertEquals("x0", guard.getAsJsonObject("rule").get("asks").getAsString());
    JsonObject provenance = report.getAsJsonObject("provenance");
    assertEquals(
        "heal back 150 timesteps, at most 3 times, at most 2 redos",
        provenance.getAsJsonObject("protection").get("correction").getAsString());
    assertFalse(Files.readString(folder.resolve("report/index.html")).contains("NaN"));
  }
}
