package io.github.cpsample.tools.commands.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.judging.Judge.Verdict;
import io.github.cpsample.evaluation.quality.OnnxFeatures;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.trainer.build.BundledEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on the exported models, with far fewer images than it takes to say anything. */
class DemoCommandTest {

  private static final int COUNT = 12;
  private static final Set<String> MEASURES =
      Set.of(
          "replicaRate",
          "frechetDistance",
          "heldOutDistance",
          "secondsPerImage",
          "denoiserCallsPerImage",
          "count");

  @TempDir Path folder;

  @Test
  void measuresAndShowsBothSides() throws IOException {
    Path out = folder.resolve("demo");
    CommandRun run =
        CommandRun.of("demo", "--count", Integer.toString(COUNT), "--out", out.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals(
        List.of("comparison.png", "demo.json", "protected.png", "replicas.png", "unprotected.png"),
        CommandRun.files(out));
    JsonObject json =
        JsonParser.parseString(Files.readString(out.resolve("demo.json"))).getAsJsonObject();
    assertEquals(
        Set.of("replicaRule", "falseAlarmRate", "unprotected", "rejection", "protected"),
        json.keySet());
    JsonObject unprotected = json.getAsJsonObject("unprotected");
    assertEquals(MEASURES, unprotected.keySet());
    JsonObject guarded = json.getAsJsonObject("protected");
    assertTrue(guarded.keySet().containsAll(MEASURES), guarded.toString());
    assertTrue(guarded.keySet().containsAll(Set.of("stepsGuarded", "imagesGuarded")));
    assertEquals(MEASURES.size() + 2, guarded.keySet().size());
    assertEquals(COUNT, guarded.get("count").getAsInt());
    rejectionIsThatOfTheAudit(unprotected, json.getAsJsonObject("rejection"));
    assertTrue(run.out().contains("rejection sampling "), run.out());
    assertTrue(run.out().contains("without protection"), run.out());
    assertTrue(run.out().contains("false alarms"), run.out());
    assertTrue(ImageIO.read(out.resolve("comparison.png").toFile()).getWidth() > COUNT * 84);
  }

  private static void rejectionIsThatOfTheAudit(JsonObject unprotected, JsonObject rejection)
      throws IOException {
    assertEquals(MEASURES, rejection.keySet());
    List<float[]> left = new ArrayList<>();
    try (ModelBundle model = ModelBundle.named("fashion-mnist");
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu());
        OnnxFeatures features = BundledEvaluation.features()) {
      int trained = model.manifest().data().trainingImages();
      new ComparedMethods(
              sampler, request -> request, COUNT, BundledEvaluation.trainingImages(trained))
          .named("rejection")
          .sample(
              1000,
              COUNT,
              sample -> sample.image().ifPresent(image -> left.add(image.values())),
              Progress.none());
      Verdict verdict =
          BundledEvaluation.judge(features, trained).judge(left.toArray(float[][]::new));
      assertEquals(left.size(), rejection.get("count").getAsInt());
      assertEquals(
          1 - (double) left.size() / COUNT, unprotected.get("replicaRate").getAsDouble(), 1e-12);
      assertEquals(0, rejection.get("replicaRate").getAsDouble());
      assertEquals(verdict.frechetDistance(), rejection.get("frechetDistance").getAsDouble(), 1e-2);
      assertEquals(verdict.heldOutDistance(), rejection.get("heldOutDistance").getAsDouble(), 1e-4);
      double calls = unprotected.get("denoiserCallsPerImage").getAsDouble();
      assertEquals(model.manifest().sampler().steps(), calls);
      assertEquals(
          calls * COUNT / left.size(), rejection.get("denoiserCallsPerImage").getAsDouble(), 1e-9);
    }
  }
}
