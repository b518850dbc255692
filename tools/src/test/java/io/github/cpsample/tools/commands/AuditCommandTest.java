package io.github.cpsample.tools.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.similarity.ReplicaRule;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.TinyBundle;
import io.github.cpsample.tools.TinyImages;
import io.github.cpsample.trainer.evaluation.ReplicaFinder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit} on a tiny model: its figures against the same things done one by one. */
class AuditCommandTest {

  private static final int COUNT = 6;

  @TempDir Path folder;
  private Path model;
  private Path training;
  private Path others;
  private Path out;

  @BeforeEach
  void writeModelAndImages() throws IOException {
    model = folder.resolve("tiny");
    training = folder.resolve("training");
    others = folder.resolve("others");
    out = folder.resolve("report");
    TinyBundle.memorising().toDirectory(model);
    TinyImages.write(training, 1, 2, 3, 4, 5, 6, 7);
    TinyImages.write(others, LongStream.range(100, 112).toArray());
  }

  private CommandRun audit(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("audit", "--model", model.toString(), "--train", training.toString()));
    all.addAll(List.of("--holdout", others.toString(), "--out", out.toString()));
    all.addAll(List.of("--count", Integer.toString(COUNT), "--batch", "4", "--seed", "5"));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private JsonObject report() throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve("report.json"))).getAsJsonObject();
  }

  @Test
  void reportsWhatWasSampled() throws IOException {
    CommandRun run = audit();
    assertEquals(0, run.code(), run.err());
    JsonObject report = report();
    assertEquals(7, report.get("trainingImages").getAsInt());
    assertEquals(12, report.get("heldOutImages").getAsInt());
    JsonObject replication = report.getAsJsonObject("replication");
    for (boolean guarded : new boolean[] {false, true}) {
      String side = guarded ? "withProtection" : "withoutProtection";
      assertEquals(
          replicas(guarded),
          replication.getAsJsonObject(side).get("value").getAsDouble(),
          1e-12,
          side);
    }
    assertEquals(COUNT, replication.getAsJsonArray("worst").size());
    assertFalse(report.has("qualityWithProtection"), "no embedder for this shape");
    assertTrue(run.out().contains("replicas"), run.out());
  }

  /** The share of replicas, sampled and searched here. */
  private double replicas(boolean guarded) throws IOException {
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult result =
          sampler.sample(
              SampleRequest.of(COUNT).batchSize(4).seed(5).protection(guarded), Progress.none());
      return new ReplicaFinder(ReplicaRule.STANDARD, rows(training))
          .examine(result.images().stream().map(FloatImage::values).toArray(float[][]::new))
          .rate();
    }
  }

  @Test
  void theGuardIsAskedAsAnOracle() throws IOException {
    assertEquals(0, audit().code());
    List<JsonObject> attacks = new ArrayList<>();
    report()
        .getAsJsonArray("membership")
        .forEach(element -> attacks.add(element.getAsJsonObject()));
    assertEquals(22, attacks.size());
    for (JsonObject attack : attacks.subList(0, 5)) {
      assertTrue(attack.has("withoutProtection"), attack.toString());
      double auc = auc(attack.getAsJsonObject("withProtection"));
      assertTrue(auc >= 0 && auc <= 1, attack.toString());
    }
    assertFalse(attacks.get(5).has("withoutProtection"));
    double expected = shareOfPairsWhoseMemberIsMoreCertain();
    assertEquals(expected, auc(attacks.get(5).getAsJsonObject("withProtection")), 1e-9);
  }

  private static double auc(JsonObject figures) {
    return figures.getAsJsonObject("auc").get("value").getAsDouble();
  }

  private double shareOfPairsWhoseMemberIsMoreCertain() throws IOException {
    try (ModelBundle bundle = ModelBundle.open(model);
        CertaintyCheck check =
            CertaintyCheck.open(bundle, ResolvedDevice.of(Device.cpu()), CertaintyCheck.DRAWS, 5)) {
      double sum = 0;
      double[] members = scores(check, training);
      double[] strangers = scores(check, others);
      for (double member : members) {
        for (double stranger : strangers) {
          sum += member > stranger ? 1 : member == stranger ? 0.5 : 0;
        }
      }
      return sum / (members.length * strangers.length);
    }
  }

  private static double[] scores(CertaintyCheck check, Path images) throws IOException {
    List<FloatImage> pictures = new ArrayList<>();
    for (float[] row : rows(images)) {
      pictures.add(FloatImage.copyOf(TinyBundle.SHAPE, row, 0));
    }
    return check.check(pictures).stream()
        .mapToDouble(verdict -> verdict.recognition().orElseThrow().score())
        .toArray();
  }

  private static float[][] rows(Path images) throws IOException {
    List<float[]> rows = new ArrayList<>();
    try (var files = Files.list(images)) {
      for (Path file : files.sorted().toList()) {
        rows.add(ImageDecoder.read(file, TinyBundle.SHAPE));
      }
    }
    return rows.toArray(float[][]::new);
  }

  @Test
  void trainingImagesCanBeLeftOut() throws IOException {
    assertEquals(0, audit().code());
    BufferedImage with = ImageIO.read(out.resolve("worst-pairs.png").toFile());
    assertEquals(0, audit("--no-training-images").code());
    BufferedImage without = ImageIO.read(out.resolve("worst-pairs.png").toFile());
    assertTrue(without.getHeight() < with.getHeight(), "one row less");
  }

  @Test
  void tooFewImagesAreAnError() throws IOException {
    Path few = folder.resolve("few");
    TinyImages.write(few, 1);
    CommandRun run =
        CommandRun.of(
            "audit",
            "--model",
            model.toString(),
            "--train",
            few.toString(),
            "--holdout",
            others.toString(),
            "--out",
            out.toString());
    assertEquals(1, run.code());
    assertTrue(run.err().contains("at least 2 training images"), run.err());
    assertFalse(Files.exists(out.resolve("report.json")));
  }
}
