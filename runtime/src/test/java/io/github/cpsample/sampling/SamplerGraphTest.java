package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.protection.ProtectionSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trajectory as one graph against the Java sampler, which is tested against formulas. */
class SamplerGraphTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir private Path folder;

  private static ModelBundle bundle(
      Path folder,
      TinyModel tiny,
      int classes,
      PredictionType type,
      boolean clip,
      ProtectionSettings protection) {
    Manifest m = tiny.manifest(classes);
    Manifest manifest =
        new Manifest(
            m.name(),
            m.tools(),
            m.files(),
            m.image(),
            m.schedule(),
            DenoiserSpec.of(type, classes),
            m.classifier(),
            new SamplerSpec("ddim", 10, 0, TimestepSpacing.LEADING, clip),
            protection,
            m.memorisation(),
            m.training(),
            m.data());
    Path zip = folder.resolve("model.zip");
    BundleWriter.of(manifest)
        .file("denoiser.onnx", TinyModel.denoiser(classes))
        .file("classifier.onnx", tiny.classifier())
        .toZip(zip);
    return ModelBundle.open(zip);
  }

  @ParameterizedTest
  @CsvSource({
    "DDIM, 50, 0,   EPSILON,      true,  code,  opposite-label, 8, 0.15, 3,  0,   999",
    "DDIM, 50, 0,   EPSILON,      false, code,  opposite-label, 8, 0.15, 3,  0,   999",
    "DDIM, 50, 1,   EPSILON,      true,  code,  own-label,      8, 0.15, 30, 0,   999",
    "DDIM, 25, 0.5, V_PREDICTION, true,  code,  opposite-label, 8, 0.15, 3,  200, 640",
    "DDIM, 25, 0.5, V_PREDICTION, false, code,  opposite-label, 8, 0.15, 3,  200, 640",
    "DDIM, 20, 0,   SAMPLE,       true,  paper, opposite-label, 1, 0.15, 3,  0,   999",
    "DDIM, 20, 0,   SAMPLE,       false, paper, own-label,      1, 0.15, 3,  0,   999",
    "DDPM, 50, 0,   EPSILON,      true,  code,  opposite-label, 8, 0.15, 3,  0,   999",
    "DDPM, 50, 0,   V_PREDICTION, true,  paper, own-label,      1, 0.15, 3,  100, 999",
    "DDPM, 30, 0,   SAMPLE,       false, code,  opposite-label, 8, 0.5,  2,  0,   999",
    "DDIM, 1,  0,   EPSILON,      true,  code,  opposite-label, 8, 0.5,  2,  0,   999",
  })
  void makesTheImagesOfTheJavaSampler(
      SamplerKind kind,
      int steps,
      double eta,
      PredictionType type,
      boolean clip,
      String gate,
      String force,
      int bits,
      double alpha,
      double scale,
      int first,
      int last) {
    ProtectionSettings protection = ProtectionSettings.of(gate, force, alpha, scale, first, last);
    int guarded = 0;
    try (ModelBundle bundle = bundle(folder, new TinyModel(bits, 4), 0, type, clip, protection);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        OrtGraph graph = new OrtGraph(throughBytes(bundle, kind, steps, eta))) {
      for (int count : new int[] {1, 2, 7}) {
        SampleRequest request =
            SampleRequest.of(count)
                .sampler(kind)
                .steps(steps)
                .eta(eta)
                .seed(40 + count)
                .certaintyTrace(true);
        SampleResult expected = sampler.sample(request, Progress.none());
        GraphRun found = GraphRun.of(graph, bundle.manifest(), expected);
        found.assertEquals(expected, TOLERANCE);
        guarded += expected.reports().stream().mapToInt(ImageReport::guardedSteps).sum();
      }
    }
    assertTrue(guarded > 0, "a test of protection needs guarded steps");
  }

  private static io.github.cpsample.onnx.OnnxModel throughBytes(
      ModelBundle bundle, SamplerKind kind, int steps, double eta) {
    return OnnxCodec.read(OnnxCodec.toBytes(SamplerGraph.of(bundle, kind, steps, eta)));
  }
}
