package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.Subject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tiny denoiser is linear in its label, so guidance of scale w from class 0 to class c is class
 * {@code w c}: what the reference sampler, written independently, computes without any guidance.
 */
class ClassGuidanceTest {
  private static final TinyModel MODEL = new TinyModel(1, 4);
  private static final SampleRequest REQUEST =
      SampleRequest.of(2).withSteps(10).withAlpha(0.2).withScale(2).withGate(Gate.named("paper"));
  private static final Conditioning NULL_CLASS = Conditioning.NONE.withNullClass(0);

  @TempDir private Path folder;

  @Test
  void guidanceComposesWithProtection() {
    SampleRequest request =
        REQUEST.withClassLabel(1).withConditioning(NULL_CLASS.withGuidanceScale(3));
    try (ProtectedSampler sampler = open(MODEL.bundle(4))) {
      SampleResult result = sampler.sample(request, Progress.none());
      ReferenceSampler reference = new ReferenceSampler(MODEL, 10, 0, 0.2, 2, 0, 999).run(1, 3);
      for (int k = 0; k < TinyModel.SHAPE.size(); k++) {
        assertEquals(reference.image()[k], result.image(1).values()[k], 2e-4);
      }
      SampleResult forced = sampler.sample(request.withAlpha(0.5), Progress.none());
      assertEquals(10, forced.report(0).guardedSteps());
      ReferenceSampler pushed = new ReferenceSampler(MODEL, 10, 0, 0.5, 2, 0, 999).run(1, 3);
      for (int k = 0; k < TinyModel.SHAPE.size(); k++) {
        assertEquals(pushed.image()[k], forced.image(1).values()[k], 2e-4);
      }
    }
  }

  /** Rows that go back, by guidance from class 0 to 1 and as class 3. */
  @Test
  void guidanceComposesWithHealing() {
    for (Subject subject : Subject.values()) {
      SampleRequest heal =
          REQUEST
              .withAlpha(0.3)
              .withAsks(subject)
              .withCorrection(new Correction(Correction.Kind.HEAL, 150, 3, 1));
      try (ProtectedSampler sampler = open(MODEL.bundle(4))) {
        SampleResult expected = sampler.sample(heal.withClassLabel(3), Progress.none());
        SampleResult found =
            sampler.sample(
                heal.withClassLabel(1).withConditioning(NULL_CLASS.withGuidanceScale(3)),
                Progress.none());
        assertTrue(found.reports().stream().anyMatch(it -> it.returns() > 0));
        assertEquals(expected.reports(), found.reports());
        for (int i = 0; i < 2; i++) {
          assertArrayEquals(expected.image(i).values(), found.image(i).values(), 1e-3f);
        }
      }
    }
  }

  @Test
  void scaleOneIsTheConditionAlone() {
    try (ProtectedSampler sampler = open(MODEL.bundle(4))) {
      float[] plain = sampler.sample(REQUEST.withClassLabel(2), Progress.none()).image(1).values();
      for (double scale : new double[] {1, 0.5, 0}) {
        assertArrayEquals(
            plain,
            sampler
                .sample(REQUEST.withClassLabel(2).withGuidanceScale(scale), Progress.none())
                .image(1)
                .values());
      }
    }
  }

  @Test
  void theNullClassMayComeFromTheManifest() {
    BundleWriter writer =
        BundleWriter.of(
                MODEL
                    .manifest(4)
                    .withPipeline(
                        new PipelineSpec(
                            Optional.empty(),
                            Optional.empty(),
                            OptionalInt.of(0),
                            Optional.empty()),
                        TinyModel.SHAPE))
            .file("denoiser.onnx", TinyModel.denoiser(4))
            .file("classifier.onnx", MODEL.classifier());
    try (ProtectedSampler sampler = open(writer)) {
      SampleRequest request = REQUEST.withClassLabel(1).withGuidanceScale(2);
      assertArrayEquals(
          sampler.sample(request, Progress.none()).image(0).values(),
          sampler
              .sample(request.withConditioning(NULL_CLASS.withGuidanceScale(2)), Progress.none())
              .image(0)
              .values());
    }
  }

  @Test
  void refusesWhatTheModelCannotDo() {
    try (ProtectedSampler sampler = open(MODEL.bundle(4))) {
      refuses(sampler, REQUEST.withClassLabel(1).withGuidanceScale(2), "nullClass");
      refuses(sampler, REQUEST.withClassLabel(1).withPrompt("a cat"), "prompt");
      refuses(
          sampler,
          REQUEST.withClassLabel(1).withConditioning(NULL_CLASS.withNegativePrompt("a dog")),
          "negativePrompt");
      refuses(
          sampler,
          REQUEST.withClassLabel(1).withConditioning(NULL_CLASS.withNullClass(5)),
          "nullClass: expected a number in [0, 4]");
    }
    try (ProtectedSampler sampler = open(MODEL.bundle(0))) {
      refuses(sampler, REQUEST.withGuidanceScale(2), "guidanceScale");
      refuses(sampler, REQUEST.withConditioning(NULL_CLASS), "nullClass: expected none");
    }
  }

  private static void refuses(ProtectedSampler sampler, SampleRequest request, String what) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(request, Progress.none()))
            .getMessage();
    assertTrue(message.startsWith(what), message);
  }

  private ProtectedSampler open(BundleWriter writer) {
    Path zip = folder.resolve("model.zip");
    writer.toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip)) {
      return ProtectedSampler.open(bundle, Device.cpu());
    }
  }
}
