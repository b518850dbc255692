package io.github.cpsample.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.inference.Device;
import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.GenerationResult;
import io.github.cpsample.plugin.ImageOperation;
import io.github.cpsample.plugin.ModelDescription;
import io.github.cpsample.plugin.PluginLoader;
import io.github.cpsample.plugin.ProtectedImageException;
import io.github.cpsample.plugin.ProtectedImageException.Reason;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.TinyModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class BundleProviderTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);

  @TempDir Path folder;
  private Path bundle;

  @BeforeEach
  void write() {
    bundle = folder.resolve("bundle");
    MODEL.bundle(0).toDirectory(bundle);
  }

  private static ProtectedImageProvider provider() {
    return PluginLoader.ofClassPath(BundleProviderTest.class.getClassLoader()).provider("cpsample");
  }

  @Test
  void givesTheImagesOfTheSampler() {
    GenerationRequest request = GenerationRequest.of(3).withSteps(10).withSeed(5).withBatchSize(2);
    SampleResult expected;
    try (ModelBundle model = ModelBundle.open(bundle);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      expected =
          sampler.sample(
              SampleRequest.of(3).withSteps(10).withSeed(5).withBatchSize(2), Progress.none());
    }
    List<Integer> steps = new ArrayList<>();
    GenerationResult result;
    try (ProtectedImageGenerator generator = provider().open(bundle, "auto")) {
      assertEquals(new ModelDescription("tiny", 1, 4, 4, 0), generator.model());
      result = generator.generate(request, (done, total) -> steps.add(done));
    }
    assertEquals(21, steps.size());
    for (int i = 0; i < 3; i++) {
      GeneratedImage image = result.images().get(i);
      assertArrayEquals(expected.image(i).values(), image.values());
      assertEquals(5 + i, image.report().seed());
      assertEquals(10, image.report().steps());
      assertEquals(expected.report(i).guardedSteps(), image.report().guardedSteps());
      assertTrue(image.report().protectionEnabled());
      assertTrue(image.report().certaintyTrace().isEmpty(), "no certainty unasked");
      assertEquals(BufferedImage.TYPE_BYTE_GRAY, image.toBufferedImage().getType());
    }
    assertEquals("cpu", result.summary().device());
    assertEquals(20, result.summary().denoiserCalls());
    assertEquals(30, result.summary().classifierRows());
  }

  /** With alpha 1/2 every image is recognised in every step and at the end. */
  @Test
  void reportsWhatACorrectionDidAndWhatIsStillRecognised() {
    Manifest m = MODEL.manifest(0);
    ProtectionSettings healing =
        m.protection()
            .withAlpha(0.5)
            .withCorrection(new Correction(Correction.Kind.RESTART, 100, 2, 1));
    Manifest changed =
        new Manifest(
            m.name(),
            m.tools(),
            m.files(),
            m.image(),
            m.schedule(),
            m.denoiser(),
            m.classifier(),
            m.sampler(),
            healing,
            m.memorisation(),
            m.training(),
            m.data());
    Path other = folder.resolve("healing");
    BundleWriter.of(changed)
        .file("denoiser.onnx", TinyModel.denoiser(0))
        .file("classifier.onnx", MODEL.classifier())
        .toDirectory(other);
    GenerationRequest request = GenerationRequest.of(2).withSteps(10);
    try (ProtectedImageGenerator generator = provider().open(other, "cpu")) {
      GenerationResult result = generator.generate(request, GenerationListener.none());
      assertEquals(2, result.images().size(), "delivered, never left out unasked");
      for (GeneratedImage image : result.images()) {
        assertTrue(image.report().recognised());
        assertEquals(1, image.report().redos());
        assertTrue(image.report().returns() > 0);
        assertTrue(image.report().steps() > 10, "steps that are repeated count");
      }
      GenerationResult bare =
          generator.generate(request.withProtection(false), GenerationListener.none());
      assertFalse(bare.images().get(0).report().recognised());
      assertEquals(0, bare.images().get(0).report().returns());
    }
  }

  /** An index that holds the image of seed 6. */
  private Path indexOfTheSecond(GenerationResult plain) throws IOException {
    float[] copied = plain.images().get(1).values();
    float[] near = copied.clone();
    near[0] += 0.3f;
    Path file = folder.resolve("train.index");
    TrainingIndex.builder(TinyModel.SHAPE)
        .add("replicated", copied)
        .add("its neighbour", near)
        .build()
        .write(file);
    return file;
  }

  @Test
  void aGuaranteeThatCannotBeGivenFails() throws IOException {
    GenerationRequest request = GenerationRequest.of(2).withSteps(10).withSeed(5);
    try (ProtectedImageGenerator generator = provider().open(bundle, "cpu")) {
      Path file = indexOfTheSecond(generator.generate(request, GenerationListener.none()));
      ProtectedImageException failure =
          assertThrows(
              ProtectedImageException.class,
              () -> generator.generate(request.withGuarantee(file, 1), GenerationListener.none()));
      assertEquals(Reason.TOO_CLOSE, failure.reason());
      assertTrue(failure.getMessage().contains("seed 6"), failure.getMessage());
      ProtectedImageException missing =
          assertThrows(
              ProtectedImageException.class,
              () ->
                  generator.generate(
                      request.withGuarantee(folder.resolve("none"), 1), GenerationListener.none()));
      assertEquals(Reason.NOT_FOUND, missing.reason());
      Files.write(file, new byte[100]);
      ProtectedImageException damaged =
          assertThrows(
              ProtectedImageException.class,
              () -> generator.generate(request.withGuarantee(file, 1), GenerationListener.none()));
      assertEquals(Reason.INVALID_REQUEST, damaged.reason());
    }
  }

  @Test
  void reportsHowOftenAnImageWasMade() throws IOException {
    GenerationRequest request = GenerationRequest.of(2).withSteps(10).withSeed(5);
    try (ProtectedImageGenerator generator = provider().open(bundle, "cpu")) {
      GenerationResult plain = generator.generate(request, GenerationListener.none());
      Path file = indexOfTheSecond(plain);
      GenerationResult made =
          generator.generate(request.withGuarantee(file, 50), GenerationListener.none());
      assertEquals(1, made.images().get(0).report().tries());
      assertEquals(5, made.images().get(0).report().seed());
      assertTrue(made.images().get(1).report().tries() > 1);
      assertTrue(made.images().get(1).report().seed() != 6);
      assertArrayEquals(plain.images().get(0).values(), made.images().get(0).values());
    }
  }

  @Test
  void passesTheWholeRequestOn() {
    try (ProtectedImageGenerator generator = provider().open(bundle, "cpu")) {
      GenerationRequest request =
          GenerationRequest.of(1).withSampler("ddpm").withCertaintyTrace(true);
      GenerationResult result = generator.generate(request, GenerationListener.none());
      assertEquals(10, result.images().get(0).report().certaintyTrace().orElseThrow().size());
      GenerationResult bare =
          generator.generate(request.withProtection(false), GenerationListener.none());
      assertEquals(0, bare.summary().classifierRows());
      assertTrue(bare.images().get(0).report().certaintyTrace().isEmpty());
    }
  }

  @Test
  void everyFailureHasItsReason() throws IOException {
    ProtectedImageProvider provider = provider();
    assertFails(Reason.NOT_FOUND, () -> provider.open("nothing", "cpu"));
    assertFails(Reason.NOT_FOUND, () -> provider.open(folder.resolve("nothing"), "cpu"));
    assertFails(Reason.INVALID_REQUEST, () -> provider.open(bundle, "abacus"));
    assertFails(Reason.DEVICE_UNAVAILABLE, () -> provider.open(bundle, "cuda:99"));
    try (ProtectedImageGenerator generator = provider.open(bundle, "cpu")) {
      GenerationListener none = GenerationListener.none();
      GenerationRequest one = GenerationRequest.of(1);
      assertFails(Reason.INVALID_REQUEST, () -> generator.generate(one.withSampler("magic"), none));
      assertFails(Reason.INVALID_REQUEST, () -> generator.generate(one.withClassLabel(1), none));
      assertFails(Reason.CANCELLED, () -> generator.generate(one, cancelling()));
      IllegalArgumentException mine = new IllegalArgumentException("the host's own");
      GenerationListener throwing =
          (done, total) -> {
            throw mine;
          };
      assertSame(
          mine,
          assertThrows(IllegalArgumentException.class, () -> generator.generate(one, throwing)));
    }
    ProtectedImageGenerator closed = provider.open(bundle, "cpu");
    closed.close();
    assertFails(
        Reason.CLOSED, () -> closed.generate(GenerationRequest.of(1), GenerationListener.none()));
    Files.writeString(bundle.resolve("denoiser.onnx"), "altered");
    assertFails(Reason.MODEL_REFUSED, () -> provider.open(bundle, "cpu"));
  }

  private static GenerationListener cancelling() {
    return new GenerationListener() {
      @Override
      public void onStep(int stepsDone, int stepsTotal) {}

      @Override
      public boolean isCancelled() {
        return true;
      }
    };
  }

  private static void assertFails(Reason reason, Executable call) {
    ProtectedImageException e = assertThrows(ProtectedImageException.class, call);
    assertEquals(reason, e.reason(), e.getMessage());
  }

  /**
   * Everything but the SPI in a class loader of its own, with a model beside it; the thread's
   * context loader sees neither.
   */
  @Test
  void worksInAClassLoaderOfItsOwn() throws Exception {
    MODEL.bundle(0).toDirectory(folder.resolve("jar/io/github/cpsample/models/tiny"));
    Path index = folder.resolve("jar/META-INF/cpsample/models.list");
    Files.createDirectories(index.getParent());
    Files.writeString(index, "tiny\n");
    List<URL> urls = new ArrayList<>(List.of(folder.resolve("jar").toUri().toURL()));
    for (String entry :
        System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    ClassLoader spiOnly = new SpiOnly();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader child = new URLClassLoader(urls.toArray(URL[]::new), spiOnly)) {
      Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
      ProtectedImageProvider provider = PluginLoader.ofClassPath(child).provider("cpsample");
      assertSame(child, provider.getClass().getClassLoader());
      assertEquals(List.of(new ModelDescription("tiny", 1, 4, 4, 0)), provider.models());
      try (ProtectedImageGenerator generator = provider.open("tiny", "cpu")) {
        GenerationResult result =
            generator.generate(GenerationRequest.of(2), GenerationListener.none());
        assertEquals(2, result.images().size());
      }
      assertVaries(PluginLoader.ofClassPath(child).operation("variation"));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static void assertVaries(ImageOperation variation) {
    BufferedImage picture = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(7, 3, 0xFFFFFF);
    List<BufferedImage> input = List.of(picture, picture);
    List<BufferedImage> weak = variation.apply(input, Map.of("strength", "0.1"));
    List<BufferedImage> again = variation.apply(input, Map.of("strength", "0.1"));
    List<BufferedImage> other = variation.apply(input, Map.of("strength", "0.1", "seed", "5"));
    assertEquals(2, weak.size());
    assertEquals(4, weak.get(0).getWidth());
    assertArrayEquals(pixels(weak.get(1)), pixels(again.get(1)), "the same seeds");
    assertFalse(Arrays.equals(pixels(weak.get(0)), pixels(weak.get(1))), "a seed for each");
    assertFalse(Arrays.equals(pixels(weak.get(0)), pixels(other.get(0))));
    for (Map<String, String> wrong :
        List.of(
            Map.of("strength", "0"),
            Map.of("strength", "much"),
            Map.of("model", "none"),
            Map.of("device", "tpu"),
            Map.of("steps", "5"))) {
      assertFails(Reason.INVALID_REQUEST, () -> variation.apply(input, wrong));
    }
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }

  /** Sees the JDK and the SPI, nothing else. */
  private static final class SpiOnly extends ClassLoader {
    SpiOnly() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("io.github.cpsample.plugin.")) {
        return BundleProviderTest.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  @Test
  void offersImageOperations() {
    PluginLoader plugins = PluginLoader.ofClassPath(BundleProviderTest.class.getClassLoader());
    BufferedImage image = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 2, 0xFFFFFF);
    List<BufferedImage> sheet =
        plugins
            .operation("contact-sheet")
            .apply(List.of(image, image), Map.of("columns", "1", "padding", "0"));
    assertEquals(8, sheet.get(0).getHeight());
    assertEquals(0xFFFFFFFF, sheet.get(0).getRGB(3, 6));
    List<BufferedImage> fitted =
        plugins
            .operation("fit")
            .apply(List.of(image), Map.of("channels", "1", "height", "4", "width", "4"));
    assertEquals(255, fitted.get(0).getRaster().getSample(2, 2, 0));
    for (Map<String, String> wrong :
        List.of(
            Map.of("colour", "1"),
            Map.of("channels", "2"),
            Map.of("height", "0"),
            Map.of("width", "x"))) {
      assertFails(
          Reason.INVALID_REQUEST, () -> plugins.operation("fit").apply(List.of(image), wrong));
    }
    assertFails(Reason.INVALID_REQUEST, () -> plugins.operation("fit").apply(List.of(), Map.of()));
    assertFails(Reason.NOT_FOUND, () -> plugins.operation("sharpen"));
  }
}
