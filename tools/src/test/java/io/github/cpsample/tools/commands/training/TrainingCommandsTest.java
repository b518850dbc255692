package io.github.cpsample.tools.commands.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.quality.OnnxEmbedder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.trainer.training.DenoiserData;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserTraining;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The way from a folder of pictures to protected samples, on networks too small to be any good. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainingCommandsTest {

  @TempDir static Path folder;

  @BeforeAll
  static void writePictures() throws IOException {
    writePictures(folder.resolve("photos"), 1, 6);
    writePictures(folder.resolve("others"), 2, 6);
    Files.writeString(folder.resolve("photos/broken.png"), "no picture");
  }

  private static void writePictures(Path to, long seed, int count) throws IOException {
    Files.createDirectories(to);
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(20, 18, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 18; y++) {
        for (int x = 0; x < 20; x++) {
          image.setRGB(x, y, random.nextInt());
        }
      }
      ImageIO.write(image, "png", to.resolve("photo" + i + ".png").toFile());
    }
  }

  private static CommandRun run(String line) {
    return CommandRun.ofLine(line.replace("@", folder.toString().replace('\\', '/') + "/"));
  }

  private static final String DENOISER =
      "train denoiser --data @photos --size 16 --widths 16,32 --batch 4 --out @denoiser";
  private static final String CLASSIFIER =
      "train classifier --denoiser @denoiser --data @photos --heldout @others --bits 8"
          + " --widths 16,32 --batch 4 --steps 3 --stranger-samples 40 --states 32"
          + " --trajectories 4 --out @classifier";

  @Test
  @Order(1)
  void trainsADenoiserAndReportsBrokenImages() throws IOException {
    CommandRun run = run(DENOISER + " --steps 3");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("broken.png"), run.err());
    assertTrue(run.out().contains("3 steps"), run.out());
    assertTrue(run.out().contains("6 images (1 broken ones skipped)"), run.out());
    assertTrue(CommandRun.files(folder.resolve("denoiser")).contains("checkpoint.bin"));
  }

  @Test
  @Order(2)
  void resumesARun() {
    CommandRun run = run(DENOISER + " --steps 5");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("5 steps"), run.out());
  }

  @Test
  @Order(3)
  void trainsAnEmbedderOfLabelledImages() throws IOException {
    writePictures(folder.resolve("labelled/cats"), 3, 4);
    writePictures(folder.resolve("labelled/dogs"), 4, 5);
    String embedder =
        "train embedder --data @labelled --heldout @labelled --steps 3 --out @embedder";
    CommandRun run = run(embedder + " --size 16");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("64 features, of 2 classes"), run.out());
    assertTrue(run.out().contains("of 9 held-out images"), run.out());
    String file = folder.resolve("embedder/embedder.onnx") + ",range=-1..1";
    ImageShape shape = new ImageShape(3, 16, 16);
    try (OnnxEmbedder opened =
        OnnxEmbedder.open(EmbedderSpec.parse(file), shape, ResolvedDevice.of(Device.cpu()))) {
      assertEquals(64, opened.dimension());
      for (float feature : opened.embed(new float[1][shape.size()])[0]) {
        assertTrue(Double.isFinite(feature));
      }
    }
    CommandRun other = run(embedder + " --size 20");
    assertEquals(1, other.code());
    CommandRun unlabelled = run("train embedder --data @others --size 16 --out @unlabelled");
    assertEquals(1, unlabelled.code());
    assertTrue(unlabelled.err().contains("--data: expected images with classes"), unlabelled.err());
  }

  @Test
  @Order(3)
  void refusesToResumeARunOfOtherSettings() {
    CommandRun run = run(DENOISER + " --seed 9");
    assertEquals(1, run.code());
    assertEquals(1, run.err().lines().filter(line -> line.startsWith("cpsample")).count());
  }

  @Test
  @Order(4)
  void trainsAClassifierWithAKeyOfItsOwn() throws IOException {
    CommandRun first = run(CLASSIFIER);
    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().contains("memorisation target not met"), first.out());
    assertFalse(first.out().contains("train longer"), first.out());
    assertTrue(first.out().contains("asked about x0"), first.out());
    assertTrue(first.out().contains("strangers: 40 samples of the denoiser"), first.out());
    assertTrue(first.out().contains("measured on 6 held-out images"), first.out());
    assertTrue(first.out().contains("too few"), first.out());
    byte[] key = Files.readAllBytes(folder.resolve("classifier/code.key"));
    assertEquals(64, key.length);
    assertEquals(0, run(CLASSIFIER).code());
    assertArrayEquals(key, Files.readAllBytes(folder.resolve("classifier/code.key")));
  }

  @Test
  @Order(4)
  void aScheduleAndImagesAreEnoughForAClassifier() {
    CommandRun run =
        run(
            "train classifier --data @photos --size 16 --schedule linear --bits 4 --widths 16,32"
                + " --batch 4 --steps 3 --out @alone");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("thresholds: not measured"), run.out());
    assertTrue(run.out().contains("strangers: mixtures of the training images"), run.out());
    assertTrue(run.out().contains("asked about x_t"), run.out());
    assertTrue(Files.exists(folder.resolve("alone/run.json")));
  }

  @Test
  @Order(4)
  void takesStrangersAndSetsATenthOfThemAside() throws IOException {
    writePictures(folder.resolve("public"), 3, 30);
    CommandRun run =
        run(
            "train classifier --data @photos --size 16 --strangers @public --false-alarms 0.3"
                + " --bits 4 --widths 16,32 --batch 8 --steps 2 --guarded 0-300 --out @taught");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("strangers: 27 images given as strangers (0 left"), run.out());
    assertTrue(
        run.out().contains("at most 30.0 % false alarms at any noise level, measured on 3"),
        run.out());
    String json = Files.readString(folder.resolve("taught/run.json"));
    assertTrue(json.contains("\"timestep\": 300.0"), json);
    assertFalse(json.contains("\"timestep\": 600.0"), json);
  }

  @Test
  @Order(4)
  void thePapersTrainingIsStillThere() {
    CommandRun run =
        run(
            "train classifier --data @photos --size 16 --stranger-share 0 --bits 4"
                + " --widths 16,32 --batch 4 --steps 2 --out @paper");
    assertEquals(0, run.code(), run.err());
    assertFalse(run.out().contains("strangers"), run.out());
  }

  @Test
  void refusesOptionsThatContradict() {
    CommandRun blind = run("train classifier --data @photos --asks x0 --out @no");
    assertEquals(2, blind.code());
    assertTrue(blind.err().contains("--asks: expected x_t"), blind.err());
    CommandRun unused =
        run("train classifier --data @photos --stranger-share 0 --strangers @others --out @no");
    assertEquals(2, unused.code());
    assertTrue(unused.err().contains("--strangers: expected none"), unused.err());
    CommandRun twice =
        run("train classifier --denoiser @denoiser --flips --data @photos --out @no");
    assertEquals(2, twice.code());
    assertTrue(twice.err().contains("--flips: expected none"), twice.err());
    assertFalse(Files.exists(folder.resolve("no")));
  }

  @Test
  @Order(5)
  void exportsABundleThatSamples() throws IOException {
    CommandRun run =
        run(
            "export --denoiser @denoiser --classifier @classifier --name photos --alpha 0.2"
                + " --scale 3 --guarded 0-500 --out @photos.zip");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("did not meet its memorisation target"), run.err());
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("photos.zip"))) {
      assertEquals("photos", bundle.manifest().name());
      assertEquals(0.2, bundle.manifest().protection().alpha());
      assertEquals(500, bundle.manifest().protection().lastTimestep());
      assertEquals(Subject.X_0, bundle.manifest().protection().asks());
      assertTrue(bundle.manifest().protection().thresholds().isEmpty(), "an alpha was chosen");
      assertEquals(6, bundle.manifest().data().trainingImages());
      String key = Files.readString(folder.resolve("classifier/code.key"));
      assertFalse(bundle.manifest().toJson().contains(key), "the key of the codes leaked");
    }
    CommandRun sample = run("sample --model @photos.zip --count 2 --steps 3 --out @samples");
    assertEquals(0, sample.code(), sample.err());
    assertTrue(CommandRun.files(folder.resolve("samples")).contains("image-00001.png"));
  }

  @Test
  @Order(6)
  void exportsMeasuredThresholdsUnlessAnAlphaIsChosen() throws IOException {
    CommandRun run =
        run("export --denoiser @denoiser --classifier @classifier --name photos --out @own.zip");
    assertEquals(0, run.code(), run.err());
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("own.zip"))) {
      ProtectionSettings protection = bundle.manifest().protection();
      Thresholds thresholds = protection.thresholds().orElseThrow();
      assertEquals(0.01, thresholds.falseAlarms());
      assertTrue(thresholds.lastTimestep() <= 600, thresholds.toString());
      assertEquals(thresholds.lastTimestep(), protection.lastTimestep());
    }
  }

  @Test
  @Order(7)
  void exportsAFallbackThatGoesOnWithWhatIsGuarded() throws IOException {
    String export = "export --denoiser @denoiser --classifier @classifier --name photos --out ";
    for (String fallback : List.of("denoiser", "own.zip")) {
      CommandRun run = run(export + "@with.zip --fallback @" + fallback);
      assertEquals(0, run.code(), run.err());
      try (ModelBundle bundle = ModelBundle.open(folder.resolve("with.zip"))) {
        assertArrayEquals(bundle.file("denoiser.onnx"), bundle.file("fallback.onnx"));
        assertEquals(Correction.Kind.HANDOVER, bundle.manifest().protection().correction().kind());
      }
    }
    CommandRun restart = run(export + "@with.zip --fallback @denoiser --correction restart");
    assertEquals(0, restart.code(), restart.err());
    CommandRun none = run(export + "@none.zip --correction handover");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("expected a --fallback for handover"), none.err());
    CommandRun sampled =
        run("sample --model @with.zip --correction handover --count 2 --steps 3 --out @handed");
    assertEquals(0, sampled.code(), sampled.err());
  }

  @Test
  @Order(7)
  void trainsForTheDenoiserOfABundle() throws IOException {
    CommandRun run = run(CLASSIFIER.replace("@denoiser", "@photos.zip") + "2 --asks x_t");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("asked about x_t"), run.out());
    assertFalse(Files.exists(folder.resolve("classifier2/denoised.bin")));
    assertTrue(Files.exists(folder.resolve("classifier2/trajectories.bin")));
  }

  @Test
  @Order(6)
  void exportWithoutAFinishedClassifierLeavesNothing() throws IOException {
    CommandRun run =
        run("export --denoiser @denoiser --classifier @denoiser --name n --out @n.zip");
    assertEquals(1, run.code());
    assertFalse(Files.exists(folder.resolve("n.zip")), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  private static final String FINE_TUNING =
      "train denoiser --data @photos --batch 4 --steps 3 --averaging 0.5 --out ";

  @Test
  @Order(6)
  void fineTunesARunAndABundleAndAnOnnxFile() throws IOException {
    for (String from : List.of("denoiser", "photos.zip", "exported.onnx")) {
      if (from.endsWith(".onnx")) {
        try (ModelBundle bundle = ModelBundle.open(folder.resolve("photos.zip"))) {
          Files.write(folder.resolve(from), bundle.file("denoiser.onnx"));
        }
      }
      String out = "@tuned-" + from;
      CommandRun run = run(FINE_TUNING + out + " --from @" + from);
      assertEquals(0, run.code(), run.err());
      DenoiserRun tuned = DenoiserTraining.read(folder.resolve("tuned-" + from)).run();
      assertEquals(List.of(16, 32), tuned.settings().network().widths());
      assertEquals(0.5f, tuned.settings().optimizer().emaDecay());
      assertEquals(64, tuned.origin().startWeights().length());
    }
    assertEquals(
        1,
        Stream.of("denoiser", "photos.zip", "exported.onnx")
            .map(from -> origin("tuned-" + from))
            .distinct()
            .count(),
        "all three are the same weights");
  }

  private static DenoiserData.DenoiserOrigin origin(String run) {
    try {
      return DenoiserTraining.read(folder.resolve(run)).run().origin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Order(7)
  void keepsImagesInMindAndGoesOn() throws IOException {
    String line = FINE_TUNING + "@keeping --from @denoiser --keep @others --keep-share 0.75";
    assertEquals(0, run(line).code());
    assertEquals(0.75, origin("keeping").keepShare());
    CommandRun more = run(line.replace("--steps 3", "--steps 5"));
    assertEquals(0, more.code(), more.err());
    assertTrue(more.out().contains("5 steps"), more.out());
    CommandRun other = run(line.replace("0.75", "0.5").replace("--steps 3", "--steps 6"));
    assertEquals(1, other.code(), "another share is another run");
  }

  @Test
  @Order(7)
  void leavesOutImagesAndWritesABaseToBeginWith() throws IOException {
    CommandRun run =
        run(
            "train denoiser --data @others --without @others --size 16 --widths 16 --batch 4"
                + " --steps 2 --out @nothing");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("images are among those to leave out"), run.err());
    Files.createDirectories(folder.resolve("two"));
    for (String name : List.of("photo1.png", "photo4.png")) {
      Files.copy(folder.resolve("photos/" + name), folder.resolve("two/other-" + name));
    }
    CommandRun base =
        run(
            "train denoiser --data @photos --without @two --size 16 --widths 16 --batch 4 --steps 2"
                + " --out @some --base @base");
    assertEquals(0, base.code(), base.err());
    assertTrue(base.out().contains("2 images left out"), base.out());
    assertTrue(base.out().contains("2 steps"), base.out());
    assertTrue(base.out().contains("on 4 images"), base.out());
    assertEquals(List.of("denoiser.onnx", "recipe.json"), CommandRun.files(folder.resolve("base")));
    CommandRun tuned = run(FINE_TUNING + "@from-base --from @base");
    assertEquals(0, tuned.code(), tuned.err());
  }

  @Test
  @Order(7)
  void optionsThatContradictTheBeginningAreNamed() {
    for (String option :
        List.of(
            "--widths 16",
            "--size 32",
            "--channels 1",
            "--patch 4",
            "--blocks 2",
            "--classes 3",
            "--schedule cosine",
            "--prediction v")) {
      CommandRun run = run(FINE_TUNING + "@contradicted --from @denoiser " + option);
      assertEquals(1, run.code(), option);
      String name = option.substring(0, option.indexOf(' '));
      assertTrue(run.err().contains(name + ": expected "), run.err());
      assertFalse(Files.exists(folder.resolve("contradicted")), option);
    }
    CommandRun same =
        run(
            FINE_TUNING
                + "@repeated --from @denoiser --widths 16,32 --size 16 --channels 3 --patch 2"
                + " --blocks 1 --classes 0 --schedule linear --prediction epsilon");
    assertEquals(0, same.code(), same.err());
  }

  @Test
  void whatCannotBeFineTunedIsNamed() throws IOException {
    Files.writeString(folder.resolve("foreign.onnx"), "no network");
    CommandRun foreign = run(FINE_TUNING + "@foreign --from @foreign.onnx");
    assertEquals(1, foreign.code());
    assertTrue(foreign.err().contains("foreign.onnx"), foreign.err());
    CommandRun alone = run(FINE_TUNING + "@alone-share --keep-share 0.5");
    assertEquals(2, alone.code());
    assertTrue(alone.err().contains("--keep-share: expected --keep"), alone.err());
    CommandRun all = run(FINE_TUNING + "@all --keep @others --keep-share 1");
    assertEquals(2, all.code());
    assertTrue(all.err().contains("--keep-share: expected a number between"), all.err());
  }
}
