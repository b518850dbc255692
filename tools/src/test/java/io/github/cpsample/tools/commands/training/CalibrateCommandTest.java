package io.github.cpsample.tools.commands.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code calibrate} on a tiny model, whose images are nobody's replicas, and on the shipped one.
 */
class CalibrateCommandTest {

  @TempDir private Path folder;
  private Path model;
  private Path training;
  private Path others;
  private Path manifest;

  @BeforeEach
  void writeModelAndImages() throws IOException {
    model = folder.resolve("tiny");
    manifest = model.resolve(Manifest.FILE_NAME);
    training = folder.resolve("training");
    others = folder.resolve("others");
    TinyBundle.memorising().toDirectory(model);
    TinyImages.write(training, 1, 2, 3, 4, 5, 6, 7);
    TinyImages.write(others, LongStream.range(100, 120).toArray());
  }

  private CommandRun calibrate(String... more) {
    return CommandRun.of(line(more));
  }

  private String[] line(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("calibrate", "--model", model.toString(), "--train", training.toString()));
    all.addAll(List.of("--holdout", others.toString(), "--batch", "8", "--seed", "5"));
    all.addAll(List.of("--alphas", "0.1,0.3", "--scales", "2,20", "--ranges", "0-999"));
    all.addAll(List.of("--first-count", "8", "--tuning-count", "16", "--finalists", "2"));
    if (!List.of(more).contains("--count")) {
      all.addAll(List.of("--count", "16"));
    }
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private CalibrationEvidence evidence() {
    return Manifest.read(manifest).calibration().orElseThrow();
  }

  @Test
  void writesTheChoiceAndItsEvidence() throws IOException {
    Manifest before = Manifest.read(manifest);
    CommandRun run = calibrate("--max-replicas", "0.3");
    assertEquals(0, run.code(), run.err());
    CalibrationEvidence evidence = evidence();
    Manifest after = Manifest.read(manifest);
    assertEquals(evidence.settings(), after.protection());
    assertEquals(before.files(), after.files());
    assertEquals(5, evidence.curve().size(), "four settings and the present one");
    assertEquals(10, evidence.tuningHeldOutImages());
    assertEquals(21, evidence.confirmation().firstSeed(), "behind the tuning seeds 5 to 20");
    assertEquals(16, evidence.confirmation().images());
    assertTrue(run.out().contains("with 95 % confidence, allowed 30.0 %: shown"), run.out());
    measuredTheSameByHand(evidence);
    String inspected = CommandRun.of("inspect", model.toString()).out();
    assertTrue(inspected.contains("no replica seen in 16 images"), inspected);
    var tradeOff =
        JsonParser.parseString(
                Files.readString(folder.resolve("tiny.calibration").resolve("trade-off.json")))
            .getAsJsonObject();
    assertEquals(5, tradeOff.getAsJsonArray("points").size());
  }

  /** Samples the confirmation seeds with the manifest's settings and looks for replicas. */
  private void measuredTheSameByHand(CalibrationEvidence evidence) throws IOException {
    CalibrationEvidence.Confirmation measured = evidence.confirmation();
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult result =
          sampler.sample(
              SampleRequest.of(measured.images()).withBatchSize(8).withSeed(measured.firstSeed()),
              Progress.none());
      float[][] rows = result.images().stream().map(FloatImage::values).toArray(float[][]::new);
      int replicas =
          new ReplicaFinder(ReplicaRule.STANDARD, rows(training)).examine(rows).replicas().size();
      assertEquals(replicas, measured.replicas());
      double guarded = result.reports().stream().mapToInt(it -> it.guardedSteps()).sum();
      assertEquals(guarded / (10 * 16), measured.stepsGuarded(), 1e-12);
    }
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
  void fewImagesAreWrittenAsNotShown() {
    CommandRun run = calibrate("--max-replicas", "0.01");
    assertEquals(4, run.code(), run.err());
    assertTrue(run.err().contains("allowed 1.00 %: not shown"), run.err());
    assertFalse(evidence().confirmation().shown());
  }

  @Test
  void nothingIsWrittenWhereNoSettingMeetsTheBounds() throws IOException {
    byte[] before = Files.readAllBytes(manifest);
    CommandRun run = calibrate("--max-replicas", "0.3", "--max-quality-loss", "-9");
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("no setting meets the bounds"), run.err());
    assertTrue(run.err().contains("quality loss: "), run.err());
    assertTrue(run.err().contains("allowed -9"), run.err());
    assertTrue(run.out().contains("given up"), run.out());
    assertArrayEquals(before, Files.readAllBytes(manifest));
    assertTrue(Files.exists(folder.resolve("tiny.calibration").resolve("trade-off.json")));
  }

  /** The present setting, two alphas with two scales that push, two with a way back alone. */
  @Test
  void correctionsAreComparedAndRecorded() {
    String[] options = {
      "--max-replicas", "0.3", "--corrections", "push,restart", "--backs", "40", "--returns", "2"
    };
    CommandRun run = calibrate(options);
    assertEquals(0, run.code(), run.err());
    assertEquals(7, evidence().curve().size());
    List<Correction> tried =
        evidence().curve().stream().map(it -> it.settings().correction()).distinct().toList();
    assertEquals(
        List.of(Correction.PAPER, new Correction(Correction.Kind.RESTART, 40, 2, 0)), tried);
    assertTrue(
        evidence().curve().stream().allMatch(it -> it.stepsGuarded() <= 1),
        "steps that are repeated count");
    assertTrue(run.out().contains("restart 40x2"), run.out());
    CommandRun push = calibrate("--max-replicas", "0.3", "--backs", "40");
    assertTrue(
        push.err().contains("--backs: expected heal, heal-exit, restart or handover"), push.err());
  }

  @Test
  void aDryRunWritesNoManifest() throws IOException {
    byte[] before = Files.readAllBytes(manifest);
    CommandRun run = calibrate("--max-replicas", "0.3", "--dry-run");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("nothing written"), run.out());
    assertArrayEquals(before, Files.readAllBytes(manifest));
  }

  @Test
  void aNewBundleLeavesTheModelAsItIs() throws IOException {
    byte[] before = Files.readAllBytes(manifest);
    for (String name : List.of("new", "new.zip")) {
      Path out = folder.resolve(name);
      String[] more = {"--max-replicas", "0.3", "--steps", "5", "--out", out.toString()};
      CommandRun run = calibrate(more);
      assertEquals(0, run.code(), run.err());
      try (ModelBundle bundle = ModelBundle.open(out)) {
        assertEquals(5, bundle.manifest().sampler().steps(), "the scale is for these steps");
        assertTrue(bundle.manifest().calibration().isPresent());
      }
    }
    assertArrayEquals(before, Files.readAllBytes(manifest));
  }

  @Test
  void theSameCommandEndsTheSameAndReadsWhatIsFinished() throws IOException {
    calibrate("--max-replicas", "0.3", "--out", folder.resolve("a").toString());
    Path log = folder.resolve("a.calibration").resolve("batches.jsonl");
    byte[] finished = Files.readAllBytes(log);
    Manifest first = Manifest.read(folder.resolve("a").resolve(Manifest.FILE_NAME));
    Files.writeString(log, Files.readString(log) + "{\"part\":\"TUN");
    calibrate("--max-replicas", "0.3", "--out", folder.resolve("a").toString());
    assertEquals(first, Manifest.read(folder.resolve("a").resolve(Manifest.FILE_NAME)));
    assertArrayEquals(finished, Files.readAllBytes(log), "nothing is sampled again");
    calibrate("--max-replicas", "0.3", "--out", folder.resolve("b").toString());
    Manifest again = Manifest.read(folder.resolve("b").resolve(Manifest.FILE_NAME));
    assertEquals(first.protection(), again.protection());
    assertEquals(
        first.calibration().orElseThrow().confirmation().heldOutDistance(),
        again.calibration().orElseThrow().confirmation().heldOutDistance());
  }

  @Test
  void otherSettingsDoNotGoOn() {
    calibrate("--max-replicas", "0.3", "--dry-run");
    CommandRun run = calibrate("--max-replicas", "0.3", "--dry-run", "--tries", "2");
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("whose --tries is 2, found one with 3"), run.err());
  }

  @Test
  @Timeout(60)
  void anInterruptLeavesTheModelAsItIs() throws Exception {
    byte[] before = Files.readAllBytes(manifest);
    Path log = folder.resolve("tiny.calibration").resolve("batches.jsonl");
    CompletableFuture<CommandRun> result = new CompletableFuture<>();
    Thread worker =
        new Thread(() -> result.complete(calibrate("--max-replicas", "0.3", "--count", "1000000")));
    worker.start();
    while (!Files.exists(log) || Files.size(log) == 0) {
      assertFalse(result.isDone(), "ended before its time");
      Thread.sleep(10);
    }
    worker.interrupt();
    assertEquals(130, result.get().code(), result.get().err());
    assertTrue(result.get().err().contains("the same command goes on"), result.get().err());
    assertArrayEquals(before, Files.readAllBytes(manifest));
    assertTrue(Files.readString(log).endsWith("\n"), "whole lines");
  }

  @Test
  void aClassifierMayBeTrainedAnew() {
    Path out = folder.resolve("new");
    CommandRun run =
        calibrate(
            "--max-replicas",
            "0.3",
            "--train-classifier",
            "--bits",
            "2",
            "--classifier-steps",
            "2",
            "--stranger-samples",
            "20",
            "--states",
            "32",
            "--trajectories",
            "3",
            "--widths",
            "16",
            "--gates",
            "code",
            "--out",
            out.toString());
    assertEquals(0, run.code(), run.err());
    Manifest trained =
        Manifest.read(
            folder.resolve("new.calibration").resolve("bundle-2").resolve(Manifest.FILE_NAME));
    assertEquals(Subject.X_0, trained.protection().asks(), "as protect trains it");
    Manifest made = Manifest.read(out.resolve(Manifest.FILE_NAME));
    List<Integer> tried =
        made.calibration().orElseThrow().curve().stream().map(it -> it.bits()).distinct().toList();
    assertEquals(2, tried.size(), tried.toString());
    int bits = made.classifier().bits();
    assertTrue(tried.contains(bits), "one of " + tried);
    try (ModelBundle bundle = ModelBundle.open(out)) {
      assertEquals(bits, bundle.manifest().classifier().bits());
    }
  }

  /** Features are the means of the columns. */
  @Test
  void qualityIsComparedInFeaturesOfAFileOfTheUsers() throws IOException {
    GraphBuilder g = new GraphBuilder("means", 17);
    Dim[] size = {Dim.symbolic("N"), Dim.of(1), Dim.of(8), Dim.of(8)};
    Value x = g.input("x", ElementType.FLOAT, Shape.of(size));
    Value rows =
        g.node(
            "ReduceMean",
            List.of(x),
            Attribute.ints("axes", 1, 2),
            Attribute.integer("keepdims", 0));
    g.output("features", rows, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(8)));
    Path file = folder.resolve("means.onnx");
    Files.write(file, OnnxCodec.toBytes(g.build()));
    CommandRun run = calibrate("--max-replicas", "0.3", "--embedder", file + ",range=-1..1");
    assertEquals(0, run.code(), run.err());
    assertTrue(evidence().features().contains("means.onnx"), evidence().features());
    assertTrue(evidence().confirmation().frechet().orElseThrow().value() > 0);
  }

  @Test
  void aPlaceWithOtherThingsIsRefusedBeforeTheWork() {
    CommandRun run = calibrate("--max-replicas", "0.3", "--out", training.toString());
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("expected a new or empty folder"), run.err());
    assertFalse(Files.exists(folder.resolve("training.calibration")));
  }

  @Test
  void tooFewHeldOutImagesAreAnError() throws IOException {
    others = folder.resolve("few");
    TinyImages.write(others, IntStream.range(0, 9).asLongStream().toArray());
    CommandRun run = calibrate("--max-replicas", "0.3");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("that are no training images, found 2"), run.err());
  }

  /** The shipped model copies 24 images; protected as it is, it does so no longer. */
  @Test
  void theShippedModelIsMeasured() {
    Path out = folder.resolve("garments");
    CommandRun run =
        CommandRun.ofLine(
            "calibrate --model fashion-mnist --train fashion-mnist --holdout fashion-mnist"
                + " --max-replicas 0.3 --alphas 0.0001 --scales 1 --ranges 0-500 --batch 8"
                + " --first-count 8 --tuning-count 8 --finalists 1 --count 8 --seed 77 --out "
                + out);
    assertEquals(4, run.code(), run.err());
    CalibrationEvidence evidence =
        Manifest.read(out.resolve(Manifest.FILE_NAME)).calibration().orElseThrow();
    assertTrue(evidence.confirmation().frechet().isPresent());
    assertEquals(1000, evidence.confirmation().heldOutImages());
    assertTrue(evidence.confirmation().replicasUnprotected() >= 1, evidence.toString());
    assertTrue(
        evidence.curve().stream()
            .filter(it -> it.settings().alpha() < 0.001 && it.settings().scale() == 1)
            .allMatch(it -> it.replicas() >= 1),
        "a guard that is hardly there");
  }
}
