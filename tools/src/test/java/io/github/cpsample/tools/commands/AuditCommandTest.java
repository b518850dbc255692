package io.github.cpsample.tools.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.inference.Device;
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
      List<float[]> rows = new ArrayList<>();
      try (var files = Files.list(training)) {
        for (Path file : files.sorted().toList()) {
          rows.add(ImageDecoder.read(file, TinyBundle.SHAPE));
        }
      }
      return new ReplicaFinder(ReplicaRule.STANDARD, rows.toArray(float[][]::new))
          .examine(
              result.images().stream().map(FloatImage::values).toArray(float[][]::new))
          .rate();
    }
  }

  /** The tiny model's classifier knows its images, so whoever holds it can tell them. */
  @Test
  void theGuardIsAnOracle() throws IOException {
    assertEquals(0, audit().code());
    List<String> attacks = new ArrayList<>();
    for (JsonElement element : report().getAsJsonArray("membership")) {
      JsonObject found = element.getAsJsonObject();
      attacks.add(found.get("attack").getAsString());
      JsonObject auc =
          found.getAsJsonObject("withProtection").getAsJsonObject("auc");
      double value = auc.get("value").getAsDouble();
      assertTrue(value >= 0 && value <= 1, attacks.toString());
      if (attacks.size() == 6) {
        assertFalse(found.has("withoutProtection"));
        assertTrue(value > 0.9, "the certainty tells members: " + value);
      } else {
        assertTrue(found.has("withoutProtection"));
      }
    }
    assertEquals(6, attacks.size(), attacks.toString());
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
