package io.github.cpsample.tools.commands.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.TextBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny text-to-image pipeline, sampled protected. */
class TextToImageTest {
  @TempDir private static Path folder;
  private static Path bundle;
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open() throws Exception {
    bundle = TextBundle.write(folder);
    try (ModelBundle model = ModelBundle.open(bundle)) {
      sampler = ProtectedSampler.open(model, Device.cpu());
    }
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  @Test
  void thePromptChangesTheImageAndRepeats() {
    SampleRequest cat = SampleRequest.of(2).withPrompt("a red cat");
    SampleResult first = sampler.sample(cat, Progress.none());
    assertEquals(new ImageShape(3, 32, 32), first.image(0).shape());
    assertArrayEquals(values(first, 1), values(sampler.sample(cat, Progress.none()), 1));
    assertTrue(distance(first, cat.withPrompt("a blue dog")) > 1e-3);
    assertTrue(distance(first, cat.withPrompt("A  Red CAT")) == 0, "the tokens are the same");
    for (float value : values(first, 0)) {
      assertTrue(value >= -1 && value <= 1, "decoded values are clipped");
    }
  }

  @Test
  void negativePromptAndScaleAct() {
    Conditioning plain = Conditioning.NONE.withPrompt("bright circle");
    SampleResult usual =
        sampler.sample(SampleRequest.of(1).withConditioning(plain), Progress.none());
    assertEquals(7.5, usual.settings().shown().conditioning().guidance().scale());
    SampleRequest request = SampleRequest.of(1);
    assertTrue(distance(usual, request.withConditioning(plain.withGuidanceScale(3))) > 1e-3);
    assertTrue(distance(usual, request.withConditioning(plain.withNegativePrompt("dark"))) > 1e-3);
    assertTrue(distance(usual, request.withConditioning(plain.withNegativePrompt(""))) == 0);
    assertTrue(distance(usual, request.withConditioning(plain.withGuidanceRescale(0.7))) > 1e-3);
    SampleResult alone =
        sampler.sample(request.withConditioning(plain.withGuidanceScale(1)), Progress.none());
    assertTrue(distance(alone, request.withConditioning(plain.withGuidanceScale(0.5))) == 0);
    assertTrue(distance(alone, request.withConditioning(plain.withGuidanceScale(1.0001))) < 0.01);
  }

  /** Guidance towards what is to be avoided anyway is no guidance: p_u = p_c. */
  @Test
  void theSamePromptTwiceIsThePromptAlone() {
    Conditioning prompt = Conditioning.NONE.withPrompt("green square");
    SampleRequest request = SampleRequest.of(1);
    SampleResult alone =
        sampler.sample(request.withConditioning(prompt.withGuidanceScale(1)), Progress.none());
    Conditioning both = prompt.withNegativePrompt("green square").withGuidanceScale(9);
    assertTrue(distance(alone, request.withConditioning(both)) < 1e-3);
  }

  @Test
  void protectionComposesWithThePrompt() {
    SampleRequest request = SampleRequest.of(2).withPrompt("a dog");
    SampleResult guarded = sampler.sample(request, Progress.none());
    assertEquals(8, guarded.report(0).guardedSteps(), "alpha 1/2 guards always");
    assertTrue(distance(guarded, request.withProtection(false)) > 1e-3);
    assertTrue(distance(guarded, request.withBatchSize(1)) < 1e-3);
  }

  @Test
  void imagesToStartFromAreEncoded() {
    float[] pixels = new float[3 * 32 * 32];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i < pixels.length / 2 ? 0.8f : -0.8f;
    }
    FloatImage start = FloatImage.copyOf(new ImageShape(3, 32, 32), pixels, 0);
    SampleRequest request =
        SampleRequest.of(1)
            .withPrompt("a cat")
            .withProtection(false)
            .withGuidanceScale(1)
            .withSteps(100);
    SampleResult near = sampler.sample(request.withStart(start, 0.01), Progress.none());
    double difference = 0;
    for (int i = 0; i < pixels.length; i++) {
      difference += Math.abs(near.image(0).values()[i] - pixels[i]) / pixels.length;
    }
    assertTrue(difference < 0.35, "mean difference " + difference);
  }

  @Test
  void aTextModelNeedsAPrompt() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> sampler.sample(SampleRequest.of(1), Progress.none()))
            .getMessage();
    assertTrue(message.startsWith("prompt: expected a text"), message);
  }

  @Test
  void theCommandLineSamplesPrompts() throws Exception {
    Path out = folder.resolve("images");
    CommandRun run =
        CommandRun.of(
            "sample",
            "--model",
            bundle.toString(),
            "--count",
            "2",
            "--prompt",
            "a bright cat",
            "--negative-prompt",
            "dark",
            "--guidance-scale",
            "5",
            "--out",
            out.toString());
    assertEquals(0, run.code(), run::err);
    assertTrue(Files.size(out.resolve("image-00001.png")) > 0);
    String report = Files.readString(out.resolve("report.json"));
    assertTrue(report.contains("\"prompt\": \"a bright cat\""), report);
    assertTrue(report.contains("\"negativePrompt\": \"dark\""), report);
    CommandRun inspected = CommandRun.of("inspect", bundle.toString());
    assertEquals(0, inspected.code(), inspected::err);
    assertTrue(inspected.out().contains("scaling factor 0.18215"), inspected.out());
  }

  @Test
  void aPromptThatIsCutIsReported() throws Exception {
    Path out = folder.resolve("cut");
    CommandRun run =
        CommandRun.of(
            "sample",
            "--model",
            bundle.toString(),
            "--count",
            "1",
            "--prompt",
            "a red cat ".repeat(40),
            "--negative-prompt",
            "dark",
            "--out",
            out.toString());
    assertEquals(0, run.code(), run::err);
    assertTrue(run.err().contains("--prompt has "), run.err());
    assertTrue(run.err().contains("the end of the text was left out"), run.err());
    assertFalse(run.err().contains("--negative-prompt"), run.err());
    String report = Files.readString(out.resolve("report.json")).replaceAll("\\s+", " ");
    assertTrue(report.contains("\"promptTokens\": { \"found\": "), report);
    int read = sampler.countTokens("").orElseThrow().room();
    assertTrue(report.contains("\"read\": " + read + " }"), report);
  }

  @Test
  void aWholeSamplerFileIsRefused() {
    CommandRun run =
        CommandRun.of(
            "export",
            "--whole-sampler",
            "--model",
            bundle.toString(),
            "--out",
            folder.resolve("sampler.onnx").toString());
    assertTrue(run.code() != 0);
    assertTrue(run.err().contains("autoencoder"), run.err());
  }

  private static float[] values(SampleResult result, int image) {
    return result.image(image).values();
  }

  /** The largest difference of a value of the first image. */
  private static double distance(SampleResult one, SampleRequest other) {
    float[] a = values(one, 0);
    float[] b = values(sampler.sample(other, Progress.none()), 0);
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      assertTrue(Float.isFinite(b[i]));
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
