package io.github.cpsample.tools.commands.auditing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.evaluation.figures.ReplicaReport;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.CommandRun;
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
    assertEquals(3, report.get("format").getAsInt());
    JsonObject rule = report.getAsJsonArray("replication").get(0).getAsJsonObject();
    assertEquals(0, rule.get("chosenFor").getAsDouble());
    assertEquals(replicas(false), rate(rule, "unprotected"), 1e-12);
    assertEquals(replicas(true), rate(rule, "cpsample"), 1e-12);
    assertEquals(COUNT, report.getAsJsonArray("worst").size());
    assertEquals(0, report.getAsJsonArray("quality").size(), "no embedder for this shape");
    assertEquals(ComparedMethods.NAMES.size(), report.getAsJsonArray("methods").size());
    assertTrue(run.out().contains("replicas by the fixed rule"), run.out());
    assertEquals(
        List.of("index.html", "report.json", "samples.jsonl", "worst-pairs.png"),
        CommandRun.files(out));
  }

  private static double rate(JsonObject similarity, String method) {
    for (JsonElement element : similarity.getAsJsonArray("methods")) {
      if (element.getAsJsonObject().get("method").getAsString().equals(method)) {
        return element.getAsJsonObject().getAsJsonObject("replicas").get("value").getAsDouble();
      }
    }
    throw new AssertionError("no rate of " + method);
  }

  /** One line per seed and method, with what is nearest to the image, searched here. */
  @Test
  void everySampleHasALine() throws IOException {
    assertEquals(0, audit("--methods", "rejection").code());
    List<String> lines = Files.readAllLines(out.resolve("samples.jsonl"));
    assertEquals(3 * COUNT, lines.size());
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult result =
          sampler.sample(
              SampleRequest.of(COUNT).withBatchSize(4).withSeed(5).withProtection(true),
              Progress.none());
      ReplicaReport found =
          new ReplicaFinder(ReplicaRule.STANDARD, rows(training))
              .examine(result.images().stream().map(FloatImage::values).toArray(float[][]::new));
      for (int i = 0; i < COUNT; i++) {
        JsonObject line = JsonParser.parseString(lines.get(COUNT + i)).getAsJsonObject();
        assertEquals("cpsample", line.get("method").getAsString());
        assertEquals(5 + i, line.get("seed").getAsLong());
        assertEquals(result.report(i).guardedSteps(), line.get("guardedSteps").getAsInt());
        JsonObject nearest = line.getAsJsonArray("nearest").get(0).getAsJsonObject();
        assertEquals(found.matches().get(i).nearest(), nearest.get("nearest").getAsInt());
        assertEquals(
            found.matches().get(i).distance(), nearest.get("distance").getAsDouble(), 1e-6);
      }
    }
  }

  /** The share of replicas, sampled and searched here. */
  private double replicas(boolean guarded) throws IOException {
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult result =
          sampler.sample(
              SampleRequest.of(COUNT).withBatchSize(4).withSeed(5).withProtection(guarded),
              Progress.none());
      return new ReplicaFinder(ReplicaRule.STANDARD, rows(training))
          .examine(result.images().stream().map(FloatImage::values).toArray(float[][]::new))
          .rate();
    }
  }

  @Test
  void theGuardIsAskedAsAnOracle() throws IOException {
    assertEquals(0, audit("--methods", "cpsample").code());
    JsonObject attack = attack("certainty of the classifier at low noise (8 draws)");
    assertFalse(attack.has("withoutProtection"));
    double expected = shareOfPairsWhoseMemberIsMoreCertain();
    assertEquals(expected, auc(attack.getAsJsonObject("withProtection")), 1e-9);
  }

  private JsonObject attack(String name) throws IOException {
    for (JsonElement element : report().getAsJsonArray("membership")) {
      if (element.getAsJsonObject().get("attack").getAsString().equals(name)) {
        return element.getAsJsonObject();
      }
    }
    throw new AssertionError("no attack " + name);
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
    assertEquals(0, audit("--methods", "cpsample").code());
    BufferedImage pairs = ImageIO.read(out.resolve("worst-pairs.png").toFile());
    assertTrue(pairs.getWidth() > COUNT * 8, "pairs: " + pairs.getWidth());
    String shown = Files.readString(out.resolve("index.html"));
    assertEquals(0, audit("--methods", "cpsample", "--no-training-images").code());
    assertEquals(List.of("index.html", "report.json", "samples.jsonl"), CommandRun.files(out));
    String hidden = Files.readString(out.resolve("index.html"));
    assertTrue(pictures(hidden) < pictures(shown), "fewer pictures");
    assertEquals(2, audit("--no-training-images", "--keep-work").code());
  }

  private static int pictures(String page) {
    return page.split("data:image/png", -1).length;
  }

  @Test
  void workStaysWhereItIsAskedForAndAnotherAuditIsRefused() throws IOException {
    assertEquals(0, audit("--methods", "cpsample", "--keep-work").code());
    assertTrue(Files.exists(out.resolve("work").resolve("samples").resolve("cpsample.f32")));
    CommandRun again = audit("--methods", "cpsample");
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("going on with the audit that began at"), again.err());
    assertTrue(again.err().contains("cpsample " + COUNT + " of " + COUNT), again.err());
    assertTrue(again.err().contains(", searches"), again.err());
    assertFalse(again.err().contains("sampling"), again.err());
    assertEquals(0, audit("--methods", "cpsample", "--keep-work").code());
    CommandRun other = audit("--methods", "rejection");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("methods ("), other.err());
    assertEquals(0, audit("--methods", "rejection", "--restart").code());
  }

  /** Whatever is sampled elsewhere meanwhile, the command without the option does the rest. */
  @Test
  void aPreparedAuditHasNoReportYet() {
    CommandRun prepared = audit("--methods", "cpsample", "--prepare");
    assertEquals(0, prepared.code(), prepared.err());
    assertTrue(prepared.out().contains("prepared in " + out.resolve("work")), prepared.out());
    assertTrue(Files.exists(out.resolve("work").resolve("plan.json")));
    assertFalse(Files.exists(out.resolve("work").resolve("samples")));
    assertFalse(Files.exists(out.resolve("report.json")));
    CommandRun other = audit("--methods", "rejection", "--prepare");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("methods ("), other.err());
    CommandRun rest = audit("--methods", "cpsample");
    assertEquals(0, rest.code(), rest.err());
    assertTrue(rest.err().contains("going on with the audit that began at"), rest.err());
    assertTrue(Files.exists(out.resolve("report.json")));
  }

  @Test
  void imagesThatTheModelWasNotTrainedOnAreNoted() {
    CommandRun run = audit("--methods", "cpsample");
    assertTrue(run.err().contains("not just the images that the classifier"), run.err());
  }

  @Test
  void theRadiusOfSpellIsThatOfTheCommand() throws IOException {
    CommandRun run = audit("--methods", "spell", "--spell-radius", "0.35", "--keep-work");
    assertEquals(0, run.code(), run.err());
    JsonObject spell = report().getAsJsonArray("methods").get(2).getAsJsonObject();
    assertEquals("spell", spell.get("name").getAsString());
    String settings = spell.get("settings").getAsString();
    assertTrue(settings.contains("radius 0.35 x the median distance"), settings);
    assertTrue(Files.readString(out.resolve("index.html")).contains("SPELL"));
    CommandRun other = audit("--methods", "spell");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("spellRadius (0.35 there, 0.7 now)"), other.err());
    assertEquals(2, audit("--methods", "spell", "--spell-radius", "0").code());
  }

  @Test
  void anUnknownMethodIsAUsageError() {
    CommandRun run = audit("--methods", "magic");
    assertEquals(2, run.code());
    assertTrue(run.err().contains(ComparedMethods.NAMES.toString()), run.err());
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
    assertTrue(run.err().contains("at least 6 training images"), run.err());
    assertFalse(Files.exists(out.resolve("report.json")));
  }
}
