package io.github.cpsample.tools.commands.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusers.DenoiserOptions;
import io.github.cpsample.diffusers.ModelWithDataFile;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Denoisers made elsewhere, from their folder to protected images. */
class ProtectCommandTest {
  private static final String SMALL =
      " --data @photos --bits 8 --widths 16,32 --batch 4 --alpha 0.4 --scale 3 --sampler-steps 5"
          + " --stranger-samples 20 --states 32 --trajectories 3";

  @TempDir Path folder;

  private CommandRun run(String line) {
    return CommandRun.ofLine(line.replace("@", folder.toString().replace('\\', '/') + "/"));
  }

  private void writePictures() throws IOException {
    writePictures("photos", 1);
  }

  private void writePictures(String name, long seed) throws IOException {
    Files.createDirectories(folder.resolve(name));
    Random random = new Random(seed);
    for (int i = 0; i < 6; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      for (int k = 0; k < 256; k++) {
        image.setRGB(k % 16, k / 16, random.nextInt());
      }
      ImageIO.write(image, "png", folder.resolve(name + "/" + i + ".png").toFile());
    }
  }

  @Test
  void aFolderBecomesAProtectedModelAndTheSameCommandGoesOn() throws IOException {
    writePictures();
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    String protect = "protect --denoiser @model --out @church" + SMALL;
    CommandRun first = run(protect + " --steps 3");
    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().contains("timestep input   timestep  int64[]"), first.out());
    assertTrue(first.out().contains("checked: 4 images sampled"), first.out());
    assertTrue(
        first.out().contains("tried on 4 noised images: predictions fit --prediction-type epsilon"),
        first.out());
    Manifest.Data data = Manifest.read(folder.resolve("church").resolve(Manifest.FILE_NAME)).data();
    assertEquals(0, run("index --model @church --data @photos --out @photos.index").code());
    byte[] key = Files.readAllBytes(folder.resolve("church.run/code.key"));
    CommandRun second = run(protect + " --steps 5");
    assertEquals(0, second.code(), second.err());
    assertTrue(second.out().contains("5 steps in"), second.out());
    assertArrayEquals(key, Files.readAllBytes(folder.resolve("church.run/code.key")));
    Manifest manifest = Manifest.read(folder.resolve("church").resolve(Manifest.FILE_NAME));
    assertEquals("church", manifest.name());
    assertTrue(manifest.protection().thresholds().isEmpty(), "an alpha was chosen");
    assertEquals(0.4, manifest.protection().alpha());
    assertEquals(data, manifest.data());
    CommandRun guarded = run("guard --model @church --index @photos.index --by index @photos");
    assertEquals(3, guarded.code(), guarded.err());
    assertFalse(guarded.err().contains("note:"), guarded.err());
    assertEquals(5, manifest.training().classifierSteps());
    assertEquals("DDIMScheduler", manifest.sampler().scheduler().orElseThrow().className());
    CommandRun sampled =
        run("sample --model @church --count 5 --alpha 0.5 --out @images --batch 3");
    assertEquals(0, sampled.code(), sampled.err());
    assertTrue(sampled.out().contains("5 guarded"), sampled.out());
    assertTrue(Files.exists(folder.resolve("images/contact-sheet.png")));
    CommandRun inspected = run("inspect @church");
    assertEquals(0, inspected.code(), inspected.err());
    assertTrue(inspected.out().contains("prediction       out_sample"), inspected.out());
    assertTrue(
        inspected
            .out()
            .contains(
                "training         denoiser made elsewhere, its training is not recorded, classifier"
                    + " 5 steps (seed 1)"),
        inspected.out());
    assertTrue(inspected.out().matches("(?s).*made with +cpsample .*, djl \\d+\\..*"));
    assertFalse(inspected.out().contains("unknown"), inspected.out());
  }

  private static final String UNSET = SMALL.replace(" --alpha 0.4 --scale 3", "");

  private ProtectionSettings protection(String bundle) throws IOException {
    return Manifest.read(folder.resolve(bundle).resolve(Manifest.FILE_NAME)).protection();
  }

  @Test
  void aGateThatKnowsStrangersIsAskedWhatItWasTaughtWithMeasuredThresholds() throws IOException {
    writePictures();
    writePictures("public", 2);
    writePictures("others", 3);
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    CommandRun run =
        run(
            "protect --denoiser @model --out @church --steps 2 --strangers @public --heldout"
                + " @others --false-alarms 0.2"
                + UNSET);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("asked about x0"), run.out());
    assertTrue(run.out().contains("strangers: 6 images given as strangers"), run.out());
    assertTrue(run.out().contains("measured on 6 held-out images"), run.out());
    ProtectionSettings found = protection("church");
    assertEquals(Subject.X_0, found.asks());
    assertEquals(0.2, found.thresholds().orElseThrow().falseAlarms());
    assertEquals(Correction.standard(1000), found.correction());
    CommandRun inspected = run("inspect @church");
    assertTrue(inspected.out().contains("gate code on x0, thresholds for 0.2"), inspected.out());
    assertTrue(inspected.out().matches("(?s).*  thresholds +alpha [0-9.]+ at t 0.*"));
  }

  @Test
  void thePapersTrainingGetsThePapersProtection() throws IOException {
    writePictures();
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    String paper = "protect --denoiser @model --out @church --steps 2 --stranger-share 0" + UNSET;
    CommandRun run = run(paper);
    assertEquals(0, run.code(), run.err());
    assertEquals(
        ProtectionSettings.of("code", "opposite-label", 0.07, 120, 0, 500), protection("church"));
    assertFails(paper + " --strangers @photos", "since --stranger-share is 0");
    assertFails(paper + " --rise 0.5", "--rise: expected none, since --stranger-share is 0");
    assertFails(paper + " --correction push --back 5", "expected a correction that goes back");
  }

  @Test
  void aFallbackGoesOnWithWhatIsGuarded() throws IOException {
    writePictures();
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    ExportedFolder.tiny(folder.resolve("small"), 3, 8);
    String protect = "protect --denoiser @model --out @church --steps 2" + SMALL;
    assertFails(protect + " --fallback @small", "--fallback: expected the denoiser's image shape");
    assertFails(protect + " --correction handover", "expected a --fallback for handover");
    Path inside = folder.resolve("model/unet/model.onnx");
    ExportedFolder.tiny(folder.resolve("public"), 3, 16);
    ModelWithDataFile.write(
        Files.readAllBytes(inside), folder.resolve("public/unet"), "model.onnx_data");
    CommandRun run = run(protect + " --fallback @public");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        OnnxCodec.read(inside).graph().initializers().size(),
        OnnxCodec.read(Files.readAllBytes(folder.resolve("church/fallback.onnx")))
            .graph()
            .initializers()
            .size(),
        "a fallback of several files becomes one");
    Manifest manifest = Manifest.read(folder.resolve("church").resolve(Manifest.FILE_NAME));
    assertEquals(Correction.handover(1000), manifest.protection().correction());
    assertEquals("fallback.onnx", manifest.pipeline().fallback().orElseThrow());
    CommandRun sampled = run("sample --model @church --count 3 --alpha 0.5 --out @images");
    assertEquals(0, sampled.code(), sampled.err());
    assertTrue(sampled.out().contains("3 guarded"), sampled.out());
    CommandRun inspected = run("inspect @church");
    assertTrue(inspected.out().contains("fallback         fallback.onnx"), inspected.out());
  }

  @Test
  void aBareFileNeedsItsSchedule() throws IOException {
    writePictures();
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    String bare = "protect --dry-run --denoiser @model/unet/model.onnx";
    CommandRun asked = run(bare);
    assertEquals(1, asked.code(), asked.err());
    assertTrue(
        asked
            .err()
            .contains(
                "say both with --schedule (linear, scaled_linear, squaredcos_cap_v2) and"
                    + " --prediction-type (epsilon, v_prediction, sample)"),
        asked.err());
    assertTrue(asked.out().contains("image input      sample  float[?,3,16,16]"), asked.out());
    assertTrue(asked.out().contains("timestep input   timestep  int64[]"), asked.out());
    assertTrue(asked.out().contains("schedule         not said by its files"), asked.out());
    assertFails(bare + " --schedule linear", "say it with --prediction-type");
    assertFails(bare + " --beta-end 0.01", "--schedule: expected one of");
    CommandRun told =
        run(
            bare
                + " --schedule scaled_linear --beta-start 0.00085 --beta-end 0.012"
                + " --train-timesteps 500 --prediction-type v_prediction");
    assertEquals(0, told.code(), told.err());
    assertTrue(told.out().contains("scaled-linear, 500 timesteps"), told.out());
    assertTrue(told.out().contains("v_prediction"), told.out());
    assertTrue(told.out().contains("not tried on images: with --data"), told.out());
    assertFalse(told.out().contains("not said"), told.out());
    CommandRun file = run(bare + " --scheduler @model/scheduler/scheduler_config.json");
    assertEquals(0, file.code(), file.err());
  }

  /** 0.9 x + 1e-4 t is about the noise where there is much of it. */
  @Test
  void aWrongPredictionTypeIsRefusedBeforeTraining() throws IOException {
    writePictures();
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    String wrong =
        " --denoiser @model/unet/model.onnx --data @photos --schedule linear --prediction-type"
            + " sample";
    String named = "found that they fit --prediction-type epsilon better";
    assertFails("protect --dry-run" + wrong, named);
    assertFails("protect --dry-run" + wrong, "--prediction-type sample 0.");
    assertFails("protect --out @church --steps 1 --bits 8 --widths 16" + wrong, named);
    assertFalse(Files.exists(folder.resolve("church.run")));
    CommandRun forced = run("protect --dry-run --no-noise-test" + wrong);
    assertEquals(0, forced.code(), forced.err());
    assertTrue(forced.out().contains("not tried on noised images, since --no-noise-test"));
    CommandRun right = run(("protect --dry-run" + wrong).replace("sample", "epsilon"));
    assertEquals(0, right.code(), right.err());
    assertTrue(right.out().contains("tried on 4 noised images"), right.out());
  }

  @Test
  void theShippedDenoiserTellsItsTimesteps() throws IOException {
    try (ModelBundle shipped = ModelBundle.named("fashion-mnist")) {
      ExportedFolder.of(shipped, folder.resolve("exported"));
    }
    String dry = "protect --dry-run --data fashion-mnist --denoiser @exported";
    CommandRun right = run(dry);
    assertEquals(0, right.code(), right.err());
    String bare = dry + "/unet/model.onnx --schedule linear --prediction-type epsilon";
    assertFails(bare + " --train-timesteps 250", "fit --train-timesteps 1000 better");
    assertFails(bare + " --train-timesteps 4000", "fit --train-timesteps 1000 better");
  }

  @Test
  void aModelThatCannotBeSampledLeavesNoBundle() throws IOException {
    writePictures();
    ExportedFolder.failing(folder.resolve("model"), 3, 16, 400);
    CommandRun run = run("protect --denoiser @model --out @church --steps 2" + SMALL);
    assertTrue(run.code() != 0, run.out());
    assertTrue(run.err().contains("400"), run.err());
    assertFalse(run.out().contains("model church"), run.out());
    try (var files = Files.list(folder)) {
      assertEquals(
          java.util.List.of("church.run", "model", "photos"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void whatWouldFailInTheEndIsRefusedBeforeTraining() throws IOException {
    writePictures();
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    assertFails("protect --denoiser @model --out @photos --steps 1" + SMALL, "an earlier bundle");
    Files.writeString(
        folder.resolve("karras.json"),
        "{\"_class_name\": \"EulerDiscreteScheduler\", \"use_karras_sigmas\": true}");
    String karras =
        "protect --denoiser @model --scheduler @karras.json --out @church --steps 1" + SMALL;
    assertFails(karras, "--round-timesteps");
    assertFalse(Files.exists(folder.resolve("church.run")));
    CommandRun rounded = run(karras + " --round-timesteps");
    assertEquals(0, rounded.code(), rounded.err());
  }

  @Test
  void classesAndTheirNullClassComeFromOneCommand() throws IOException {
    writePictures();
    ExportedFolder.ofClasses(folder.resolve("model"), 3, 16);
    String protect = "protect --denoiser @model --out @church --steps 2" + SMALL;
    assertFails(protect, "say it with --classes");
    assertFails(protect + " --classes 4", "cannot be run so");
    assertFails(protect + " --classes 2 --null-class 3", "--null-class: expected one of the 2");
    CommandRun run = run(protect + " --classes 2 --null-class 2");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("null class       2"), run.out());
    assertTrue(run.out().contains("tried on 4 noised images"), run.out());
    CommandRun plain = run("sample --model @church --count 1 --class 1 --out @plain");
    assertEquals(0, plain.code(), plain.err());
    CommandRun guided =
        run("sample --model @church --count 1 --class 1 --guidance-scale 4 --out @guided");
    assertEquals(0, guided.code(), guided.err());
    assertTrue(Files.readString(folder.resolve("guided/report.json")).contains("\"nullClass\": 2"));
    assertTrue(
        Files.mismatch(
                folder.resolve("plain/image-00000.png"), folder.resolve("guided/image-00000.png"))
            >= 0);
    assertTrue(run("inspect @church").out().contains("null class"));
    assertFails("sample --model @church --count 1 --out @none", "classLabel: expected a number in");
  }

  @Test
  void errorsNameWhatIsMissing() throws IOException {
    ExportedFolder.tiny(folder.resolve("model"), 4, 8);
    assertFails("protect --denoiser @none --dry-run", "expected an .onnx file, or a folder");
    assertFails("protect --denoiser @model --data @photos", "--out: expected a value");
    String noData = "protect --denoiser @model --out @out";
    assertFails(noData, "--data: the images that the denoiser was trained on are missing");
    assertFalse(run(noData).err().contains("expected a value"));
    Files.writeString(folder.resolve("unet.safetensors"), "weights");
    assertFails("protect --denoiser @unet.safetensors --dry-run", "torch.onnx.export(");
    assertFails("protect --denoiser @model --data @photos --out @out", "(grey) or 3");
    ExportedFolder.tiny(folder.resolve("latent"), 3, 8);
    Files.createDirectories(folder.resolve("latent/vae_decoder"));
    assertFails(
        "protect --denoiser @latent --data @photos --out @out",
        "expected a file vae_decoder/model.onnx");
    Files.createDirectories(folder.resolve("flow/transformer"));
    assertFails("protect --denoiser @flow --dry-run", "flow matching");
  }

  private void assertFails(String line, String expected) {
    CommandRun run = run(line);
    assertTrue(run.code() != 0, line);
    assertTrue(run.err().contains(expected), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  /** The shipped denoiser as Optimum would have written it makes the images of its bundle. */
  @Test
  void theShippedDenoiserAsAFolderMakesTheSameImages() throws IOException {
    SampleRequest request =
        SampleRequest.of(4)
            .withSampler(SamplerKind.DDIM)
            .withSteps(20)
            .withAlpha(0.45)
            .withCorrection(Correction.PAPER)
            .withSeed(5)
            .withPath(SampleRequest.StepPath.SEPARATE);
    SampleResult expected;
    try (ModelBundle shipped = ModelBundle.named("fashion-mnist")) {
      ExportedFolder.of(shipped, folder.resolve("exported"));
      ThirdPartyDenoiser denoiser =
          ThirdPartyDenoiser.open(
              folder.resolve("exported"), DenoiserOptions.none(), ResolvedDevice.of(Device.cpu()));
      Manifest m = shipped.manifest();
      Manifest changed =
          new Manifest(
              m.name(),
              m.tools(),
              java.util.Map.of(),
              denoiser.shape(),
              denoiser.scheduler().effectiveSchedule(),
              denoiser.spec(),
              m.classifier(),
              denoiser.scheduler().describe(20),
              m.protection().withCorrection(Correction.PAPER),
              m.memorisation(),
              m.training(),
              m.data());
      denoiser
          .addTo(BundleWriter.of(changed))
          .file(m.classifier().file(), shipped.file(m.classifier().file()))
          .toZip(folder.resolve("exported.zip"));
      try (ProtectedSampler sampler = ProtectedSampler.open(shipped, Device.cpu())) {
        expected = sampler.sample(request, Progress.none());
      }
    }
    assertTrue(expected.totals().gradientRows() > 0);
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("exported.zip"));
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult found = sampler.sample(request, Progress.none());
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(expected.image(i).values(), found.image(i).values(), 1e-4f);
      }
    }
  }

  /** Every option that docs/guide/third-party.md shows exists. */
  @Test
  void theDocsShowWhatWorks() throws IOException {
    String docs =
        Files.readString(Path.of("..", "docs", "guide", "third-party.md"), StandardCharsets.UTF_8);
    String help = CommandRun.of("protect", "--help").out();
    String ours =
        docs.replaceAll("(?m)^\\./cpsample sample.*$", "").replaceAll("`optimum-cli [^`]*`", "");
    long options =
        Pattern.compile("--[a-z][a-z-]+")
            .matcher(ours)
            .results()
            .map(match -> match.group())
            .distinct()
            .peek(option -> assertTrue(help.contains(option), "no option " + option))
            .count();
    assertTrue(options > 15, "options: " + options);
  }
}
