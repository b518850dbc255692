package io.github.cpsample.plugin.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.GenerationResult;
import io.github.cpsample.plugin.ModelDescription;
import io.github.cpsample.plugin.PluginLoader;
import io.github.cpsample.plugin.ProtectedImageException;
import io.github.cpsample.plugin.ProtectedImageException.Reason;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import io.github.cpsample.plugin.ProtectionReport;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What every provider of {@code cpsample-plugin-api} promises its hosts. The author of a provider
 * extends it and says where the provider and a small unconditional or class-conditional model are;
 * whoever wants to know what a provider must do reads the tests.
 */
public abstract class ProviderContract {

  /** Images of one seed may differ by so much between batches of other sizes. */
  private static final float BATCH_TOLERANCE = 1e-3f;

  private static final int STEPS = 4;
  private static final long SEED = 5;
  private static final String DEVICE = "cpu";

  /**
   * The name that the provider is found by.
   *
   * @return as {@link ProtectedImageProvider#name()}
   */
  protected abstract String name();

  /**
   * A small model, whose images take well under a second each.
   *
   * @return its folder or file, as {@link ProtectedImageProvider#open(Path, String)} takes it
   */
  protected abstract Path model();

  /** The provider, as a host finds it. */
  private ProtectedImageProvider provider() {
    return PluginLoader.ofClassPath(getClass().getClassLoader()).provider(name());
  }

  private ProtectedImageGenerator open() {
    return provider().open(model(), DEVICE);
  }

  private static GenerationRequest request(ProtectedImageGenerator generator, int count) {
    GenerationRequest request = GenerationRequest.of(count).withSteps(STEPS).withSeed(SEED);
    return generator.model().classes() > 0 ? request.withClassLabel(0) : request;
  }

  private static GenerationResult generate(
      ProtectedImageGenerator generator, GenerationRequest request) {
    return generator.generate(request, GenerationListener.none());
  }

  private static void assertFails(Reason reason, Executable call) {
    ProtectedImageException e = assertThrows(ProtectedImageException.class, call);
    assertEquals(reason, e.reason(), e.getMessage());
    assertFalse(e.getMessage().isBlank(), "a failure says what happened");
  }

  @Test
  void isDescribed() {
    ProtectedImageProvider provider = provider();
    assertTrue(provider.name().matches("[a-z][a-z0-9-]*"), provider.name());
    assertEquals(provider.name(), provider().name());
    assertFalse(provider.description().isBlank());
    List<ModelDescription> models = provider.models();
    assertEquals(
        models.stream().sorted(Comparator.comparing(ModelDescription::name)).toList(), models);
  }

  @Test
  void imagesAreOfTheModelsShape() {
    try (ProtectedImageGenerator generator = open()) {
      ModelDescription model = generator.model();
      GenerationResult result = generate(generator, request(generator, 2));
      assertEquals(2, result.images().size());
      for (GeneratedImage image : result.images()) {
        assertEquals(model.channels(), image.channels());
        assertEquals(model.height(), image.height());
        assertEquals(model.width(), image.width());
        float[] values = image.values();
        assertEquals(model.channels() * model.height() * model.width(), values.length);
        for (float value : values) {
          assertTrue(Float.isFinite(value), () -> "not a number: " + value);
        }
        assertNotSame(values, image.values(), "the caller may change what it was given");
        assertPicture(image);
      }
    }
  }

  /** The picture is the values, from -1 for black to 1 for white. */
  private static void assertPicture(GeneratedImage image) {
    BufferedImage picture = image.toBufferedImage();
    assertEquals(
        image.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB,
        picture.getType());
    float[] values = image.values();
    int size = image.height() * image.width();
    for (int i = 0; i < values.length; i++) {
      int at = i % size;
      int shown = picture.getRaster().getSample(at % image.width(), at / image.width(), i / size);
      double wanted = (Math.max(-1, Math.min(1, values[i])) + 1) / 2 * 255;
      assertEquals(wanted, shown, 1.0, "pixel " + at);
    }
  }

  @Test
  void theSameRequestGivesTheSameImages() {
    try (ProtectedImageGenerator generator = open();
        ProtectedImageGenerator other = open()) {
      GenerationRequest request = request(generator, 2);
      List<GeneratedImage> first = generate(generator, request).images();
      List<GeneratedImage> again = generate(generator, request).images();
      List<GeneratedImage> elsewhere = generate(other, request).images();
      for (int i = 0; i < first.size(); i++) {
        assertArrayEquals(first.get(i).values(), again.get(i).values());
        assertArrayEquals(first.get(i).values(), elsewhere.get(i).values());
      }
      assertFalse(
          Arrays.equals(first.get(0).values(), first.get(1).values()),
          "another seed, another image");
    }
  }

  @Test
  void anImageIsThatOfItsSeedWhateverIsMadeBesideIt() {
    try (ProtectedImageGenerator generator = open()) {
      GenerationRequest request = request(generator, 3);
      List<GeneratedImage> together = generate(generator, request.withBatchSize(3)).images();
      List<GeneratedImage> inTurn = generate(generator, request.withBatchSize(2)).images();
      for (int i = 0; i < 3; i++) {
        GenerationRequest alone = request(generator, 1).withSeed(SEED + i);
        float[] values = generate(generator, alone).images().get(0).values();
        assertArrayEquals(values, together.get(i).values(), BATCH_TOLERANCE);
        assertArrayEquals(values, inTurn.get(i).values(), BATCH_TOLERANCE);
        assertEquals(SEED + i, together.get(i).report().seed());
      }
    }
  }

  /** A picture of the model's shape with a ramp of grey. */
  private static BufferedImage ramp(ModelDescription model) {
    BufferedImage picture =
        new BufferedImage(model.width(), model.height(), BufferedImage.TYPE_INT_RGB);
    int pixels = model.width() * model.height();
    for (int i = 0; i < pixels; i++) {
      int level = 255 * i / pixels;
      picture.setRGB(i % model.width(), i / model.width(), level << 16 | level << 8 | level);
    }
    return picture;
  }

  @Test
  void aVariationIsOfTheImageGivenAsFarAsItsStrengthSays() {
    try (ProtectedImageGenerator generator = open()) {
      GenerationRequest request = request(generator, 1);
      BufferedImage one = ramp(generator.model());
      BufferedImage other =
          new BufferedImage(one.getWidth(), one.getHeight(), BufferedImage.TYPE_INT_RGB);
      float[] fromNoise = generate(generator, request).images().get(0).values();
      float[] fromOne =
          generate(generator, request.withVariation(one, 0.5)).images().get(0).values();
      float[] fromOther =
          generate(generator, request.withVariation(other, 0.5)).images().get(0).values();
      assertFalse(Arrays.equals(fromOne, fromOther), "another image, another variation");
      assertFalse(Arrays.equals(fromOne, fromNoise), "the image given counts");
      assertThrows(IllegalArgumentException.class, () -> request.withVariation(one, 0));
    }
  }

  @Test
  void whatTheMaskKeepsStaysAsItWas() {
    try (ProtectedImageGenerator generator = open()) {
      ModelDescription model = generator.model();
      BufferedImage picture = ramp(model);
      BufferedImage mask =
          new BufferedImage(model.width(), model.height(), BufferedImage.TYPE_BYTE_GRAY);
      int filledRows = Math.max(1, model.height() / 2);
      for (int y = 0; y < filledRows; y++) {
        for (int x = 0; x < model.width(); x++) {
          mask.getRaster().setSample(x, y, 0, 255);
        }
      }
      GenerationRequest request = request(generator, 1).withInpainting(picture, mask);
      BufferedImage made = generate(generator, request).images().get(0).toBufferedImage();
      boolean changed = false;
      for (int y = 0; y < model.height(); y++) {
        for (int x = 0; x < model.width(); x++) {
          int given = picture.getRaster().getSample(x, y, 0);
          int found = made.getRaster().getSample(x, y, 0);
          if (y < filledRows) {
            changed |= Math.abs(given - found) > 1;
          } else {
            assertEquals(given, found, 1, "kept pixel " + x + ", " + y);
          }
        }
      }
      assertTrue(changed, "what the mask fills is filled in");
      BufferedImage nothing =
          new BufferedImage(model.width(), model.height(), BufferedImage.TYPE_BYTE_GRAY);
      GenerationRequest nothingToFill = request.withInpainting(picture, nothing);
      assertFails(Reason.INVALID_REQUEST, () -> generate(generator, nothingToFill));
    }
  }

  @Test
  void reportsSayWhatWasDoneAndNoCertaintyUnasked() {
    try (ProtectedImageGenerator generator = open()) {
      GenerationRequest request = request(generator, 2);
      for (GeneratedImage image : generate(generator, request).images()) {
        ProtectionReport report = image.report();
        assertTrue(report.protectionEnabled());
        assertTrue(report.steps() >= 1);
        assertTrue(report.guardedSteps() >= 0 && report.guardedSteps() <= report.steps());
        assertTrue(report.returns() >= 0 && report.redos() >= 0);
        assertEquals(1, report.tries());
        assertTrue(report.certaintyTrace().isEmpty(), "a certainty is a membership test");
      }
      GenerationResult traced = generate(generator, request.withCertaintyTrace(true));
      for (GeneratedImage image : traced.images()) {
        for (double certainty : image.report().certaintyTrace().orElseThrow()) {
          assertTrue(certainty >= 0.5 && certainty <= 1, () -> "certainty " + certainty);
        }
      }
    }
  }

  @Test
  void withoutProtectionNothingIsGuarded() {
    try (ProtectedImageGenerator generator = open()) {
      GenerationResult bare = generate(generator, request(generator, 2).withProtection(false));
      assertEquals(0, bare.summary().imagesGuarded());
      assertEquals(0, bare.summary().gradientRows());
      for (GeneratedImage image : bare.images()) {
        assertFalse(image.report().protectionEnabled());
        assertEquals(0, image.report().guardedSteps());
        assertFalse(image.report().recognised());
      }
    }
  }

  @Test
  void theSummarySaysWhatItCost() {
    try (ProtectedImageGenerator generator = open()) {
      GenerationResult result = generate(generator, request(generator, 2));
      assertTrue(result.summary().seconds() >= 0);
      assertTrue(result.summary().denoiserCalls() >= 1);
      assertEquals(DEVICE, result.summary().device());
      assertTrue(result.summary().deviceNote().isEmpty(), "nothing fell back");
    }
  }

  @Test
  void theListenerSeesEveryStepInTheThreadThatGenerates() {
    try (ProtectedImageGenerator generator = open()) {
      List<Integer> done = new ArrayList<>();
      Thread caller = Thread.currentThread();
      generator.generate(
          request(generator, 2),
          (stepsDone, stepsTotal) -> {
            assertSame(caller, Thread.currentThread());
            assertTrue(stepsDone <= stepsTotal);
            done.add(stepsDone);
          });
      assertEquals(0, done.get(0), "before the first step");
      assertEquals(done.stream().sorted().toList(), done);
      assertTrue(done.size() > STEPS, "after every step: " + done);
    }
  }

  @Test
  void aListenerCancelsAndItsExceptionsPass() {
    try (ProtectedImageGenerator generator = open()) {
      GenerationRequest request = request(generator, 1);
      GenerationListener cancelling =
          new GenerationListener() {
            @Override
            public void onStep(int stepsDone, int stepsTotal) {}

            @Override
            public boolean isCancelled() {
              return true;
            }
          };
      assertFails(Reason.CANCELLED, () -> generator.generate(request, cancelling));
      IllegalStateException mine = new IllegalStateException("the host's own");
      GenerationListener throwing =
          (stepsDone, stepsTotal) -> {
            throw mine;
          };
      assertSame(
          mine,
          assertThrows(IllegalStateException.class, () -> generator.generate(request, throwing)));
      assertEquals(1, generate(generator, request).images().size(), "usable afterwards");
    }
  }

  @Test
  void anInterruptedThreadCancels() {
    try (ProtectedImageGenerator generator = open()) {
      Thread.currentThread().interrupt();
      try {
        assertFails(Reason.CANCELLED, () -> generate(generator, request(generator, 1)));
      } finally {
        Thread.interrupted();
      }
    }
  }

  @Test
  void whatCannotBeDoneHasItsReason() {
    ProtectedImageProvider provider = provider();
    assertFails(Reason.NOT_FOUND, () -> provider.open("no such model", DEVICE));
    assertFails(
        Reason.NOT_FOUND, () -> provider.open(model().resolveSibling("no-such-model"), DEVICE));
    assertFails(Reason.INVALID_REQUEST, () -> provider.open(model(), "abacus"));
    try (ProtectedImageGenerator generator = provider.open(model(), DEVICE)) {
      GenerationRequest one = request(generator, 1);
      assertAll(
          () ->
              assertFails(
                  Reason.INVALID_REQUEST, () -> generate(generator, one.withSampler("magic"))),
          () ->
              assertFails(
                  Reason.INVALID_REQUEST,
                  () -> generate(generator, one.withClassLabel(generator.model().classes()))),
          () ->
              assertFails(
                  Reason.INVALID_REQUEST, () -> generate(generator, one.withSteps(1_000_000))));
    }
  }

  @Test
  void afterClosingImagesStayAndNothingIsGenerated() {
    ProtectedImageGenerator generator = open();
    GenerationRequest request = request(generator, 1);
    GeneratedImage image = generate(generator, request).images().get(0);
    float[] before = image.values();
    generator.close();
    generator.close();
    assertArrayEquals(before, image.values());
    assertFails(Reason.CLOSED, () -> generate(generator, request));
  }

  @Test
  void threadsShareAGenerator() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (ProtectedImageGenerator generator = open()) {
      GenerationRequest request = request(generator, 2);
      List<Future<GenerationResult>> results = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        results.add(threads.submit(() -> generate(generator, request)));
      }
      GenerationResult expected = generate(generator, request);
      for (Future<GenerationResult> result : results) {
        for (int i = 0; i < 2; i++) {
          assertArrayEquals(
              expected.images().get(i).values(),
              result.get().images().get(i).values(),
              BATCH_TOLERANCE);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
