package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditDisplay;
import io.github.cpsample.evaluation.audit.AuditImages;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.AuditedModel;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit of a model that sends images back, asks about x0 and has a threshold per level. */
class HealingAuditTest {

  private static final int COUNT = 9;
  private static final long SEED = 5;

  @TempDir private Path folder;

  /** Of protected images, sampled here. */
  private List<ImageReport> reports;

  private Report audit(Kind kind) throws IOException {
    Path model = folder.resolve("model");
    TinyBundle.healing(kind).toDirectory(model);
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      reports =
          sampler
              .sample(SampleRequest.of(COUNT).withSeed(SEED).withBatchSize(4), Progress.none())
              .reports();
      AuditImages images =
          new AuditImages(
              TinyBundle.SHAPE,
              rows("training", LongStream.range(1, 9).toArray()),
              rows("others", LongStream.range(100, 112).toArray()),
              Map.of(AuditImages.TRAINING, "8", AuditImages.HELD_OUT, "12"));
      AuditSettings settings =
          new AuditSettings(
              COUNT,
              COUNT,
              SEED,
              4,
              1000,
              List.of(AuditSettings.UNPROTECTED, AuditSettings.PROTECTED),
              SearchSettings.Mode.AUTO,
              SpellSettings.RADIUS_SHARE);
      Audit audit =
          new Audit(
              new AuditedModel(bundle, sampler, new AuditedModel.Condition("", it -> it)),
              images,
              List.of(),
              settings,
              HealingAuditTest::silent);
      ReportFolder output = new ReportFolder(folder.resolve("report"), true);
      try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
        return audit.run(work, output);
      }
    }
  }

  private static AuditDisplay.Stage silent(String what, String unit) {
    return new AuditDisplay.Stage() {
      @Override
      public void show(long done, long total) {
        assertTrue(done >= 0 && done <= total, what + ": " + done + " of " + total + " " + unit);
      }

      @Override
      public void close() {}
    };
  }

  private RowSource rows(String name, long... seeds) throws IOException {
    Path of = folder.resolve(name);
    TinyImages.write(of, seeds);
    float[][] rows = new float[seeds.length][];
    for (int i = 0; i < seeds.length; i++) {
      rows[i] = ImageDecoder.read(of.resolve("image-" + i + ".png"), TinyBundle.SHAPE);
    }
    return RowSource.of(rows);
  }

  private double mean(ToIntFunction<ImageReport> number) {
    return reports.stream().mapToInt(number).average().orElseThrow();
  }

  private static MembershipFigures attack(Report report, String start) {
    return report.membership().stream()
        .filter(it -> it.attack().startsWith(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no attack " + start));
  }

  @Test
  void whatHealingMadeOfTheImagesIsReported() throws IOException {
    Report report = audit(Kind.HEAL);
    GuardFigures guard = report.guard();
    assertTrue(mean(ImageReport::returns) > 0, "the test needs an image that is sent back");
    assertTrue(mean(ImageReport::steps) > 10, "and so takes more steps");
    assertEquals(mean(ImageReport::steps), guard.work().denoiserCalls().value(), 1e-12);
    assertEquals(mean(ImageReport::returns), guard.work().returns().value(), 1e-12);
    assertEquals(mean(ImageReport::redos), guard.work().redos().value(), 1e-12);
    int recognised = (int) reports.stream().filter(ImageReport::recognised).count();
    assertEquals(Rate.of(recognised, COUNT), guard.work().recognised());
    assertEquals(
        mean(ImageReport::guardedSteps) / mean(ImageReport::steps),
        guard.stepsGuarded().value(),
        1e-12);
    assertNotNull(guard.relativeForce(), "a heal pushes");
    assertEquals(
        new GuardFigures.Rule(
            "x0",
            "thresholds for 0.05 false alarms",
            "heal back 150 timesteps, at most 3 times, at most 2 redos",
            true,
            true,
            0.05),
        guard.rule());
    MethodFigures method = report.methods().get(1);
    assertEquals(mean(ImageReport::steps), method.denoiserRowsPerImage(), 1e-12);
    assertEquals(mean(ImageReport::guardedSteps), method.gradientRowsPerImage(), 1e-12);
    MembershipFigures steps = attack(report, "steps in all");
    assertEquals("reports", steps.access());
    String page = Files.readString(folder.resolve("report/index.html"));
    assertTrue(page.contains("ways back per image"), "the table of the guard");
    assertTrue(page.contains("found for at most 5.0\u00a0% of false alarms"), "the stated rate");
    assertTrue(page.contains("AUC, turned round"), "both directions");
    assertFalse(page.contains("does not move predictions"));
    assertFalse(page.contains("NaN") || page.contains("Infinity"));
    assertLines();
  }

  /** Every line of samples.jsonl says what happened on the way. */
  private void assertLines() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("report/samples.jsonl"));
    for (int i = 0; i < COUNT; i++) {
      JsonObject line = JsonParser.parseString(lines.get(COUNT + i)).getAsJsonObject();
      ImageReport image = reports.get(i);
      assertEquals("cpsample", line.get("method").getAsString());
      assertEquals(image.steps(), line.get("steps").getAsInt());
      assertEquals(image.guardedSteps(), line.get("guardedSteps").getAsInt());
      assertEquals(image.returns(), line.get("returns").getAsInt());
      assertEquals(image.redos(), line.get("redos").getAsInt());
      assertEquals(image.recognised(), line.get("recognised").getAsBoolean());
    }
  }

  /** There is no protected prediction, no force and no gradient; attacks on both are the same. */
  @Test
  void aRestartMovesNoPrediction() throws IOException {
    Report report = audit(Kind.RESTART);
    assertTrue(mean(ImageReport::returns) > 0, "the test needs an image that is sent back");
    assertNull(report.guard().relativeForce());
    assertNotNull(report.guard().lipschitz(), "from the twins");
    assertFalse(report.guard().rule().movesPredictions());
    assertEquals(0, report.methods().get(1).gradientRowsPerImage());
    List<MembershipFigures> predictions =
        report.membership().stream().filter(it -> it.access().equals("predictions")).toList();
    assertTrue(predictions.size() > 2, "attacks on predictions");
    for (MembershipFigures attack : predictions) {
      assertEquals(attack.withoutProtection(), attack.withProtection(), attack.attack());
      assertEquals(0, attack.aucLost().value(), attack.attack());
    }
    String page = Files.readString(folder.resolve("report/index.html"));
    assertTrue(page.contains("correction does not move predictions"));
  }
}
