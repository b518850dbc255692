package io.github.cpsample.tools.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusers.DenoiserOptions;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.SamplerKind;
import io.github.cpsample.sampling.StepPath;
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
      " --data @photos --bits 8 --widths 16,32 --batch 4 --alpha 0.4 --scale 3 --sampler-steps 5";

  @TempDir Path folder;

  private CommandRun run(String line) {
    return CommandRun.ofLine(line.replace("@", folder.toString().replace('\\', '/') + "/"));
  }

  private void writePictures() throws IOException {
    Files.createDirectories(folder.resolve("photos"));
    Random random = new Random(1);
    for (int i = 0; i < 6; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      for (int k = 0; k < 256; k++) {
        image.setRGB(k % 16, k / 16, random.nextInt());
      }
      ImageIO.write(image, "png", folder.resolve("photos/" + i + ".png").toFile());
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
    byte[] key = Files.readAllBytes(folder.resolve("church.run/code.key"));
    CommandRun second = run(protect + " --steps 5");
    assertEquals(0, second.code(), second.err());
    assertTrue(second.out().contains("5 steps in"), second.out());
    assertArrayEquals(key, Files.readAllBytes(folder.resolve("church.run/code.key")));
    Manifest manifest = Manifest.read(folder.resolve("church").resolve(Manifest.FILE_NAME));
    assertEquals("church", manifest.name());
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
  }

  @Test
  void aBareFileNeedsItsSchedule() throws IOException {
    writePictures();
    ExportedFolder.tiny(folder.resolve("model"), 3, 16);
    String bare = "protect --dry-run --denoiser @model/unet/model.onnx";
    assertFails(bare, "say it with --schedule (linear, scaled_linear, squaredcos_cap_v2)");
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
    CommandRun file = run(bare + " --scheduler @model/scheduler/scheduler_config.json");
    assertEquals(0, file.code(), file.err());
  }

  @Test
  void errorsNameWhatIsMissing() throws IOException {
    ExportedFolder.tiny(folder.resolve("model"), 4, 8);
    assertFails("protect --denoiser @none --dry-run", "expected an .onnx file, or a folder");
    assertFails("protect --denoiser @model --data @photos", "--out: expected a value");
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
            .sampler(SamplerKind.DDIM)
            .steps(20)
            .alpha(0.2)
            .seed(5)
            .path(StepPath.SEPARATE);
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
              m.protection(),
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

  /** Every option that docs/third-party.md shows exists. */
  @Test
  void theDocsShowWhatWorks() throws IOException {
    String docs = Files.readString(Path.of("..", "docs", "third-party.md"), StandardCharsets.UTF_8);
    String help = CommandRun.of("protect", "--help").out();
    String ours = docs.replaceAll("(?m)^\\./cpsample sample.*$", "");
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
