package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditDisplay;
import io.github.cpsample.evaluation.audit.AuditImages;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.AuditedModel;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.figures.Deployment;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits of next to nothing: they end, and claim nothing. */
class OddAuditTest {

  private static final int COUNT = 7;
  private static final long SEED = 5;

  @TempDir private Path folder;

  /** Unprotected samples are the training images, so rejection sampling delivers none. */
  @Test
  void aMethodThatDeliversNothingAndFourHeldOutImages() throws IOException {
    Path model = folder.resolve("model");
    TinyBundle.memorising().toDirectory(model);
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      float[][] copied =
          sampler
              .sample(
                  SampleRequest.of(COUNT).withSeed(SEED).withBatchSize(4).withProtection(false),
                  Progress.none())
              .images()
              .stream()
              .map(image -> image.values())
              .toArray(float[][]::new);
      AuditImages images =
          new AuditImages(
              TinyBundle.SHAPE,
              RowSource.of(copied),
              heldOut(),
              Map.of(AuditImages.TRAINING, "7", AuditImages.HELD_OUT, "4"));
      Report report = run(bundle, sampler, images);
      MethodFigures rejection =
          report.methods().stream()
              .filter(it -> it.name().equals("rejection"))
              .findFirst()
              .orElseThrow();
      assertEquals(0, rejection.images());
      assertNull(rejection.secondsPerImage());
      assertEquals(1, report.replication().get(0).methods().get(0).replicas().value());
      assertTrue(
          report.deployments().stream()
              .allMatch(it -> it.support() == Deployment.Support.UNDECIDED),
          report.deployments()::toString);
      String page = Files.readString(folder.resolve("report/index.html"));
      assertTrue(page.contains("Of 7 seeds rejection sampling delivered 0 images"));
      assertFalse(page.contains("NaN") || page.contains("Infinity"));
    }
  }

  /** Found before sampling, which may take hours. */
  @Test
  void copiesOfOneTrainingImageAreRefusedAtOnce() throws IOException {
    Path model = folder.resolve("model");
    TinyBundle.memorising().toDirectory(model);
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      float[][] same = new float[50][];
      Arrays.fill(same, heldOut().rows(0, 1)[0]);
      AuditImages images =
          new AuditImages(
              TinyBundle.SHAPE, RowSource.of(same), heldOut(), Map.of(AuditImages.TRAINING, "1"));
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> run(bundle, sampler, images));
      assertTrue(
          refused.getMessage().contains("at least 6 training images that differ"),
          refused.getMessage());
      assertTrue(refused.getMessage().endsWith("found 1"), refused.getMessage());
      Path samples = folder.resolve("report/work/samples/unprotected.f32");
      assertEquals(0, Files.exists(samples) ? Files.size(samples) : 0);
    }
  }

  private Report run(ModelBundle bundle, ProtectedSampler sampler, AuditImages images)
      throws IOException {
    AuditedModel model =
        new AuditedModel(bundle, sampler, new AuditedModel.Condition("", request -> request));
    AuditSettings settings =
        new AuditSettings(
            COUNT,
            COUNT,
            SEED,
            4,
            1000,
            ComparedMethods.NAMES,
            SearchSettings.Mode.AUTO,
            SpellSettings.RADIUS_SHARE);
    AuditDisplay silent =
        (what, unit) ->
            new AuditDisplay.Stage() {
              @Override
              public void show(long done, long total) {}

              @Override
              public void close() {}
            };
    Audit audit = new Audit(model, images, List.of(), settings, silent);
    ReportFolder output = new ReportFolder(folder.resolve("report"), true);
    try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
      return audit.run(work, output);
    }
  }

  private RowSource heldOut() throws IOException {
    Path others = folder.resolve("others");
    TinyImages.write(others, 100, 101, 102, 103);
    float[][] rows = new float[4][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = ImageDecoder.read(others.resolve("image-" + i + ".png"), TinyBundle.SHAPE);
    }
    return RowSource.of(rows);
  }
}
