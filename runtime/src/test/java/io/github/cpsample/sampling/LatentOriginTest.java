package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.PipelineSpec;
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
import io.github.cpsample.protection.Subject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A latent model whose latents are means of 2 x 2 pixels, times a factor, against the model of
 * images that are the latents themselves.
 */
class LatentOriginTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);
  private static final ImageShape IMAGE = new ImageShape(1, 8, 8);
  private static final double FACTOR = 0.5;
  private static ProtectedSampler latent;
  private static ProtectedSampler plain;

  @BeforeAll
  static void open(@TempDir Path folder) {
    MODEL.bundle(0).toDirectory(folder.resolve("plain"));
    latentBundle().toDirectory(folder.resolve("latent"));
    try (ModelBundle one = ModelBundle.open(folder.resolve("plain"));
        ModelBundle other = ModelBundle.open(folder.resolve("latent"))) {
      plain = ProtectedSampler.open(one, Device.cpu());
      latent = ProtectedSampler.open(other, Device.cpu());
    }
  }

  @AfterAll
  static void close() {
    plain.close();
    latent.close();
  }

  private static BundleWriter latentBundle() {
    PipelineSpec.Latent spec =
        new PipelineSpec.Latent(
            "decoder.onnx", Optional.of("encoder.onnx"), TinyModel.SHAPE, FACTOR, 0);
    Manifest manifest =
        MODEL
            .manifest(0)
            .withPipeline(
                new PipelineSpec(
                    Optional.of(spec), Optional.empty(), OptionalInt.empty(), Optional.empty()),
                IMAGE);
    return BundleWriter.of(manifest)
        .file("denoiser.onnx", TinyModel.denoiser(0))
        .file("classifier.onnx", MODEL.classifier())
        .file("encoder.onnx", encoder())
        .file("decoder.onnx", decoder());
  }

  private static Shape shape(ImageShape image) {
    return Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(image.height()), Dim.of(image.width()));
  }

  private static byte[] encoder() {
    GraphBuilder g = new GraphBuilder("encoder", 17);
    Value x = g.input("sample", ElementType.FLOAT, shape(IMAGE));
    Value mean =
        g.node(
            "AveragePool",
            List.of(x),
            Attribute.ints("kernel_shape", 2, 2),
            Attribute.ints("strides", 2, 2));
    g.output("latent", mean, ElementType.FLOAT, shape(TinyModel.SHAPE));
    return OnnxCodec.toBytes(g.build());
  }

  private static byte[] decoder() {
    GraphBuilder g = new GraphBuilder("decoder", 17);
    Value z = g.input("latent_sample", ElementType.FLOAT, shape(TinyModel.SHAPE));
    Value pixels =
        g.node(
            "ConvTranspose",
            List.of(z, g.constant("ones", new float[] {1, 1, 1, 1}, 1, 1, 2, 2)),
            Attribute.ints("strides", 2, 2));
    g.output("sample", pixels, ElementType.FLOAT, shape(IMAGE));
    return OnnxCodec.toBytes(g.build());
  }

  private static FloatImage picture() {
    float[] values = new float[IMAGE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(1 + i);
    }
    return FloatImage.copyOf(IMAGE, values, 0);
  }

  /** The latent of the picture, by hand. */
  private static FloatImage encoded() {
    float[] values = new float[16];
    for (int i = 0; i < 64; i++) {
      values[i / 16 * 4 + i % 8 / 2] += (float) (FACTOR * picture().values()[i] / 4);
    }
    return FloatImage.copyOf(TinyModel.SHAPE, values, 0);
  }

  private static SampleRequest request() {
    return SampleRequest.of(2).withSteps(8).withAlpha(0.4).withScale(3).withSeed(5);
  }

  private static float pixel(FloatImage latents, int y, int x) {
    double value = latents.value(0, y / 2, x / 2) / FACTOR;
    return (float) Math.max(-1, Math.min(1, value));
  }

  @Test
  void startImagesAreEncoded() {
    SampleResult expected = plain.sample(request().withStart(encoded(), 0.5), Progress.none());
    SampleResult found = latent.sample(request().withStart(picture(), 0.5), Progress.none());
    assertTrue(found.totals().gradientRows() > 0, "guarded as latents");
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 8; x++) {
        assertEquals(pixel(expected.image(1), y, x), found.image(1).value(0, y, x), 1e-4);
      }
    }
  }

  /** Pixels of a cell that is partly known are sampled, and the known ones put back. */
  @Test
  void knownPixelsStayExactlyAndLatentsAreComposed() {
    Mask pixels = Mask.of(8, 8, (y, x) -> x >= 5);
    Mask cells = Mask.of(4, 4, (y, x) -> x >= 2);
    SampleResult expected =
        plain.sample(request().withInpainting(Inpainting.of(encoded(), cells)), Progress.none());
    SampleResult found =
        latent.sample(request().withInpainting(Inpainting.of(picture(), pixels)), Progress.none());
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 8; x++) {
        float value = found.image(0).value(0, y, x);
        if (pixels.fills(y, x)) {
          assertEquals(pixel(expected.image(0), y, x), value, 1e-4);
        } else {
          assertEquals(picture().value(0, y, x), value);
        }
      }
    }
    assertEquals(expected.report(0).guardedSteps(), found.report(0).guardedSteps());
  }

  @Test
  void latentsAreNoisedBackAndTheirPredictionsAreNotClipped() {
    SampleRequest heal = request().withCorrection(new Correction(Correction.Kind.HEAL, 200, 2, 1));
    SampleResult expected = plain.sample(heal, Progress.none());
    SampleResult found = latent.sample(heal, Progress.none());
    assertTrue(found.report(0).returns() > 0);
    assertEquals(expected.reports(), found.reports());
    assertEquals(pixel(expected.image(1), 3, 4), found.image(1).value(0, 3, 4), 1e-4);
    int[] beyond = {0};
    latent.sample(
        heal.withAsks(Subject.X_0),
        Progress.none(),
        step -> {
          double[] image = new double[TinyModel.SHAPE.size()];
          for (int i = 0; i < image.length; i++) {
            image[i] = step.sample(0)[i];
            beyond[0] += Math.abs(image[i]) > 1 ? 1 : 0;
          }
          double log = 0;
          for (double logit : MODEL.logits(image, step.timestep(0))) {
            log -= Math.log1p(Math.exp(-Math.abs(logit))) / MODEL.bits();
          }
          assertEquals(Math.exp(log), step.certainty(0), 1e-4);
        });
    assertTrue(beyond[0] > 5, "a test of clipping needs values beyond [-1, 1]");
  }

  @Test
  void seedsAreInterpolatedAsLatents() {
    float[] last = latent.sample(request().withSeed(9), Progress.none()).image(0).values();
    SampleResult between = latent.sample(request().withInterpolation(9), Progress.none());
    assertArrayEquals(last, between.image(1).values(), 1e-3f);
  }

  @Test
  void sizesAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> latent.sample(request().withSize(16, 16), Progress.none()));
    assertTrue(e.getMessage().startsWith("size: expected none for the latent"), e.getMessage());
  }
}
