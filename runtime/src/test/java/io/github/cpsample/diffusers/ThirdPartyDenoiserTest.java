package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleException;
import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Denoisers of all signatures make the images that the same denoiser makes with the tensors that
 * this project exports.
 */
class ThirdPartyDenoiserTest extends ThirdPartyFixture {
  static Stream<Arguments> signatures() {
    ElementType f32 = ElementType.FLOAT;
    ElementType f16 = ElementType.FLOAT16;
    ElementType f64 = ElementType.DOUBLE;
    ElementType i64 = ElementType.INT64;
    ElementType i32 = ElementType.INT32;
    TinyVariant usual = TinyVariant.of(f32, i64, "N", 0);
    return Stream.of(
        Arguments.of(usual, 1e-5),
        Arguments.of(TinyVariant.of(f32, f32, "", 0), 1e-5),
        Arguments.of(TinyVariant.of(f32, f32, "1", 0), 1e-5),
        Arguments.of(TinyVariant.of(f32, f32, "N1", 0), 1e-5),
        Arguments.of(TinyVariant.of(f32, f64, "N", 0), 1e-5),
        Arguments.of(TinyVariant.of(f32, i64, "", 0), 1e-5),
        Arguments.of(TinyVariant.of(f32, i32, "steps", 0), 1e-5),
        Arguments.of(TinyVariant.of(f32, i64, "N", 1), 1e-5),
        Arguments.of(TinyVariant.of(f32, i64, "N", 2), 1e-5),
        Arguments.of(TinyVariant.of(f32, i64, "1", 4), 1e-5),
        Arguments.of(TinyVariant.of(f32, i64, "N1", 2), 1e-5),
        Arguments.of(TinyVariant.of(f64, i64, "N", 0), 1e-5),
        Arguments.of(TinyVariant.of(f16, i64, "N", 0), 0.02),
        Arguments.of(TinyVariant.of(f16, f16, "1", 2), 0.02),
        Arguments.of(usual.withSpread(0.3f), 1e-5),
        Arguments.of(usual.ofAnySize(), 1e-5),
        Arguments.of(usual.named("latent.7", "arg2", "2948"), 1e-5));
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void everySignatureMakesTheSameImages(TinyVariant variant, double tolerance) throws IOException {
    ThirdPartyDenoiser denoiser = open(variant.write(folder.resolve("model")), DDIM);
    assertEquals(TinyModel.SHAPE, denoiser.shape());
    assertEquals(variant.batch(), denoiser.spec().signature().fixedBatch());
    assertEquals(variant.spread().isPresent(), denoiser.spec().variance().isPresent());
    SampleResult expected = usual(0, REQUEST);
    assertTrue(expected.totals().gradientRows() > 0);
    assertSame(expected, sample(denoiser, REQUEST), tolerance);
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everySamplerTakesThem(SamplerKind kind) throws IOException {
    TinyVariant variant = TinyVariant.of(ElementType.FLOAT, ElementType.FLOAT, "", 2);
    ThirdPartyDenoiser denoiser = open(variant.write(folder.resolve("model")), DDIM);
    SampleRequest request = REQUEST.withSampler(kind);
    assertSame(usual(0, request), sample(denoiser, request), 2e-5);
  }

  /** What would fail when the images are made is refused before a classifier is trained. */
  @Test
  void samplersThatDoNotFitAreRefusedAhead() throws IOException {
    Path file =
        TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0).write(folder.resolve("model"));
    ThirdPartyDenoiser learned =
        open(file, "{\"_class_name\": \"DDPMScheduler\", \"variance_type\": \"learned\"}");
    String message =
        assertThrows(IllegalArgumentException.class, () -> learned.sampler(8)).getMessage();
    assertTrue(message.contains("expected a fixed variance_type"), message);
    ThirdPartyDenoiser karras =
        open(file, "{\"_class_name\": \"EulerDiscreteScheduler\", \"use_karras_sigmas\": true}");
    message = assertThrows(IllegalArgumentException.class, () -> karras.sampler(8)).getMessage();
    assertTrue(message.contains("--round-timesteps"), message);
    assertEquals("ddim", open(file, DDIM).sampler(8).kind());
  }

  /** The learned variance lies between the fixed ones: at -1 it is the one, at 1 the other. */
  @Test
  void learnedVariancesReachTheSampler() throws IOException {
    String config = "{\"_class_name\": \"DDPMScheduler\", \"variance_type\": \"%s\"}";
    TinyVariant plain = TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0);
    for (float spread : new float[] {-1, 1}) {
      String fixed = config.formatted(spread < 0 ? "fixed_small" : "fixed_large");
      SampleResult expected = sample(open(plain.write(folder.resolve("plain")), fixed), REQUEST);
      ThirdPartyDenoiser learned =
          open(
              plain.withSpread(spread).write(folder.resolve("learned")),
              config.formatted("learned_range"));
      assertEquals(Optional.of(DdpmConfig.Variance.LEARNED_RANGE), learned.spec().variance());
      assertSame(expected, sample(learned, REQUEST), 1e-4);
    }
    SampleResult small = sample(open(plain.write(folder.resolve("plain")), DDIM), REQUEST);
    ThirdPartyDenoiser large =
        open(plain.withSpread(1).write(folder.resolve("large")), config.formatted("learned_range"));
    assertFalse(
        java.util.Arrays.equals(small.image(0).values(), sample(large, REQUEST).image(0).values()));
  }

  @Test
  void aLearnedVarianceThatTheDenoiserLacksIsRefused() throws IOException {
    Path file =
        TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0).write(folder.resolve("model"));
    ThirdPartyDenoiser denoiser =
        open(file, "{\"_class_name\": \"DDPMScheduler\", \"variance_type\": \"learned\"}");
    String message =
        assertThrows(IllegalArgumentException.class, () -> sample(denoiser, REQUEST)).getMessage();
    assertTrue(message.contains("expected one of a fixed variance"), message);
  }

  @Test
  void modelsWithDataFilesAreNotReadIntoMemory() throws IOException {
    TinyVariant variant = TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0);
    Path file = variant.writeWithDataFile(folder.resolve("model"), "model.onnx_data");
    ThirdPartyDenoiser denoiser = open(file, DDIM);
    assertEquals(java.util.List.of("model.onnx_data"), denoiser.spec().dataFiles());
    assertSame(usual(0, REQUEST), sample(denoiser, REQUEST), 1e-5);
    Path bundle = folder.resolve("bundle");
    try (ModelBundle open = ModelBundle.open(bundle)) {
      assertTrue(open.path("denoiser.onnx").isPresent());
      assertTrue(open.path("model.onnx_data").isPresent());
      assertFalse(open.path("classifier.onnx").isPresent());
    }
    BundleException zip =
        assertThrows(
            BundleException.class, () -> writer(denoiser).toZip(folder.resolve("model.zip")));
    assertTrue(zip.getMessage().contains("expected a folder"), zip.getMessage());
    Files.write(bundle.resolve("model.onnx_data"), new byte[] {1, 2, 3});
    BundleException altered =
        assertThrows(BundleException.class, () -> ModelBundle.open(bundle).close());
    assertTrue(altered.getMessage().contains("the file was altered"), altered.getMessage());
  }

  @Test
  void dataOutsideOfTheFolderIsRefused() throws IOException {
    TinyVariant variant = TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0);
    Path file = variant.writeWithDataFile(folder.resolve("model"), "model.onnx_data");
    byte[] model = Files.readAllBytes(file);
    String text = new String(model, java.nio.charset.StandardCharsets.ISO_8859_1);
    Files.write(
        file,
        text.replace("model.onnx_data", "../mode.onnx_da")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    Files.copy(folder.resolve("model/model.onnx_data"), folder.resolve("mode.onnx_da"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> open(file, DDIM)).getMessage();
    assertTrue(message.contains("expected external data inside the model's folder"), message);
  }

  @Test
  void manifestsSayWhatWasDetected() throws IOException {
    TinyVariant variant =
        TinyVariant.of(ElementType.FLOAT16, ElementType.INT64, "", 2).withSpread(0.5f);
    ThirdPartyDenoiser denoiser = open(variant.write(folder.resolve("model")), DDIM);
    writer(denoiser).toDirectory(folder.resolve("bundle"));
    Manifest read = Manifest.read(folder.resolve("bundle").resolve(Manifest.FILE_NAME));
    assertEquals(2, read.formatVersion());
    assertEquals(denoiser.spec(), read.denoiser());
    assertEquals(Optional.of(denoiser.scheduler()), read.sampler().scheduler());
    DenoiserSignature signature = read.denoiser().signature();
    assertEquals("float16[2,1,4,4]", signature.input().describe());
    assertEquals("int64[]", signature.timestep().describe());
    assertEquals("float16[2,2,4,4]", signature.output().describe());
  }

  @Test
  void zeroTerminalSignalIsKept() throws IOException {
    String config =
        """
        {"_class_name": "DDIMScheduler", "rescale_betas_zero_snr": true,
         "prediction_type": "v_prediction", "timestep_spacing": "trailing"}
        """;
    Path file =
        TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0).write(folder.resolve("model"));
    ThirdPartyDenoiser denoiser = open(file, config);
    sample(denoiser, REQUEST);
    Manifest read = Manifest.read(folder.resolve("bundle").resolve(Manifest.FILE_NAME));
    assertEquals(0, read.schedule().create().alphasCumprod(999));
    assertArrayEquals(
        java.util.stream.IntStream.range(0, 1000)
            .mapToDouble(SchedulerConfig.parse(config, "test").createSchedule()::alphasCumprod)
            .toArray(),
        java.util.stream.IntStream.range(0, 1000)
            .mapToDouble(read.schedule().create()::alphasCumprod)
            .toArray(),
        1e-7);
  }

  @Test
  void integerTimestepsRefuseFractions() throws IOException {
    String karras =
        """
        {"_class_name": "EulerDiscreteScheduler", "use_karras_sigmas": true}
        """;
    Path file =
        TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0).write(folder.resolve("model"));
    ThirdPartyDenoiser strict = open(file, karras);
    String message =
        assertThrows(IllegalArgumentException.class, () -> sample(strict, REQUEST)).getMessage();
    assertTrue(message.contains("input timestep: expected whole timesteps"), message);
    ThirdPartyDenoiser rounding =
        ThirdPartyDenoiser.open(
            file,
            new DenoiserOptions(
                DenoiserOptions.TensorNames.none(),
                true,
                schedule(karras),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty()),
            CPU);
    assertEquals(5, sample(rounding, REQUEST).images().size());
  }
}
