package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.Manifests;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Correction;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fully convolutional networks, whose height and width are free, and others. */
class SizesTest {
  private static final Shape ROWS = Shape.of(Dim.symbolic("N"));
  private static final Shape FIXED = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(4), Dim.of(4));
  private static final Shape FREE =
      Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.symbolic("H"), Dim.symbolic("W"));
  private static final int BITS = 2;
  private static final Manifest MANIFEST =
      Manifests.of(new ImageShape(1, 4, 4), PredictionType.EPSILON, BITS);

  @TempDir private Path folder;

  private ProtectedSampler open(Shape denoiser, Shape classifier) {
    return open(
        BundleWriter.of(MANIFEST)
            .file("denoiser.onnx", denoiser(denoiser))
            .file("classifier.onnx", classifier(classifier)));
  }

  private ProtectedSampler open(BundleWriter writer) {
    Path zip = folder.resolve("model.zip");
    writer.toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip)) {
      return ProtectedSampler.open(bundle, Device.cpu());
    }
  }

  private static SampleRequest request() {
    return SampleRequest.of(3).withSteps(6).withAlpha(0.5).withScale(4).withSeed(2);
  }

  @Test
  void otherSizesAreProtected() {
    try (ProtectedSampler sampler = open(FREE, FREE)) {
      SampleResult guarded = sampler.sample(request().withSize(6, 5), Progress.none());
      assertEquals(new ImageShape(1, 6, 5), guarded.image(0).shape());
      assertEquals(new ImageShape(1, 6, 5), guarded.settings().images().shape());
      assertEquals(18, guarded.totals().gradientRows());
      SampleResult plain =
          sampler.sample(request().withSize(6, 5).withProtection(false), Progress.none());
      double moved = 0;
      for (int k = 0; k < 30; k++) {
        moved += Math.abs(guarded.image(0).values()[k] - plain.image(0).values()[k]);
      }
      assertTrue(moved > 0.1, "moved by " + moved);
      assertEquals(
          new ImageShape(1, 4, 4), sampler.sample(request(), Progress.none()).image(0).shape());
    }
  }

  /** The denoiser works pixel by pixel, so a pixel of the same noise is the same at any size. */
  @Test
  void aPixelIsTheSameAtAnySize() {
    try (ProtectedSampler sampler = open(FREE, FREE)) {
      float[] tile = new float[16];
      float[] tiled = new float[32];
      for (int k = 0; k < 16; k++) {
        tile[k] = (float) Math.sin(k);
        tiled[k / 4 * 8 + k % 4] = tile[k];
        tiled[k / 4 * 8 + k % 4 + 4] = tile[k];
      }
      FloatImage small = FloatImage.copyOf(new ImageShape(1, 4, 4), tile, 0);
      FloatImage wide = FloatImage.copyOf(new ImageShape(1, 4, 8), tiled, 0);
      Mask nothing = Mask.of(4, 4, (y, x) -> y == 0 && x == 0);
      Mask nothingWide = Mask.of(4, 8, (y, x) -> y == 0 && x % 4 == 0);
      SampleRequest plain = request().withProtection(false);
      float[] one =
          sampler
              .sample(plain.withInpainting(Inpainting.of(small, nothing)), Progress.none())
              .image(0)
              .values();
      float[] two =
          sampler
              .sample(
                  plain.withSize(4, 8).withInpainting(Inpainting.of(wide, nothingWide)),
                  Progress.none())
              .image(0)
              .values();
      assertEquals(one[0], two[0], 1e-5, "same noise, same denoiser, pixel by pixel");
      for (int k = 1; k < 16; k++) {
        assertEquals(one[k], two[k / 4 * 8 + k % 4]);
      }
    }
  }

  @Test
  void theModelsOwnSizeIsNoChange() {
    try (ProtectedSampler sampler = open(FIXED, FIXED)) {
      assertArrayEquals(
          sampler.sample(request(), Progress.none()).image(2).values(),
          sampler.sample(request().withSize(4, 4), Progress.none()).image(2).values());
    }
  }

  @Test
  void aFixedDenoiserRefusesOtherSizes() {
    try (ProtectedSampler sampler = open(FIXED, FREE)) {
      assertRefused(
          "size: expected 4 x 4 (height x width), the only size that the denoiser of tiny takes,"
              + " found 4 x 8",
          sampler,
          request().withSize(4, 8));
    }
  }

  @Test
  void aFixedFallbackRefusesToGoOnWithOtherSizes() {
    PipelineSpec pipeline = MANIFEST.pipeline().withFallback("base.onnx");
    try (ProtectedSampler sampler =
        open(
            BundleWriter.of(MANIFEST.withPipeline(pipeline, MANIFEST.image()))
                .file("denoiser.onnx", denoiser(FREE))
                .file("classifier.onnx", classifier(FREE))
                .file("base.onnx", denoiser(FIXED)))) {
      SampleRequest wide = request().withSize(4, 8);
      assertRefused(
          "size: expected 4 x 4 (height x width), the only size that the fallback denoiser of tiny"
              + " takes, found 4 x 8; or take the correction restart",
          sampler,
          wide.withCorrection(Correction.handover(1000)));
      SampleRequest restarted = wide.withCorrection(Correction.standard(1000));
      assertEquals(3, sampler.sample(restarted, Progress.none()).images().size());
    }
  }

  @Test
  void aFixedClassifierRefusesToProtectOtherSizes() {
    try (ProtectedSampler sampler = open(FREE, FIXED)) {
      assertRefused(
          "size: expected 4 x 4 (height x width), the only size that the classifier of tiny takes,"
              + " found 8 x 4; without it nothing is protected",
          sampler,
          request().withSize(8, 4));
      SampleResult plain =
          sampler.sample(request().withSize(8, 4).withProtection(false), Progress.none());
      assertEquals(8, plain.image(0).shape().height());
    }
  }

  @Test
  void startImagesHaveTheSizeThatIsAskedFor() {
    try (ProtectedSampler sampler = open(FREE, FREE)) {
      FloatImage wide = FloatImage.copyOf(new ImageShape(1, 4, 8), new float[32], 0);
      assertRefused("start image: expected", sampler, request().withStart(wide, 0.5));
      SampleResult result =
          sampler.sample(request().withSize(4, 8).withStart(wide, 0.5), Progress.none());
      assertEquals(3, result.report(0).steps());
    }
    assertThrows(IllegalArgumentException.class, () -> request().withSize(0, 4));
  }

  private static void assertRefused(
      String message, ProtectedSampler sampler, SampleRequest request) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> sampler.sample(request, Progress.none()));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  private static byte[] denoiser(Shape images) {
    GraphBuilder g = new GraphBuilder("denoiser", 17);
    Value x = g.input("x", ElementType.FLOAT, images);
    Value t = g.input("t", ElementType.FLOAT, ROWS);
    Value time = g.reshape(t, g.constant("time", new long[] {-1, 1, 1, 1}, 4));
    Value drift = g.mul(time, g.constant("slope", new float[] {1e-4f}, 1));
    Value bent = g.tanh(x);
    g.output("prediction", g.add(bent, drift), ElementType.FLOAT, images);
    return OnnxCodec.toBytes(g.build());
  }

  private static byte[] classifier(Shape images) {
    GraphBuilder g = new GraphBuilder("classifier", 17);
    Value x = g.input("x", ElementType.FLOAT, images);
    Value t = g.input("t", ElementType.FLOAT, ROWS);
    Value features =
        g.node("Conv", List.of(x, g.constant("w", new float[] {3, -2}, BITS, 1, 1, 1)));
    Value pooled = g.node("GlobalAveragePool", List.of(features));
    Value flat = g.node("Flatten", List.of(pooled), Attribute.integer("axis", 1));
    Value time = g.reshape(t, g.constant("time", new long[] {-1, 1}, 2));
    Value drift = g.mul(time, g.constant("slope", new float[] {1e-4f}, 1));
    g.output(
        "logits", g.add(flat, drift), ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(BITS)));
    return OnnxCodec.toBytes(g.build());
  }
}
