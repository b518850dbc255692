package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.WholeSampler;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ProviderSupport;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.StrengthInputs;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Thresholds.Level;
import io.github.cpsample.protection.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The trajectory as one graph against the Java sampler, which is tested against formulas. */
class SamplerGraphTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "DDIM, 50, 0,   EPSILON,      true,  code,  opposite-label, 8, 0.15, 3,  0,   999",
    "DDIM, 50, 0,   EPSILON,      false, code,  opposite-label, 8, 0.15, 3,  0,   999",
    "DDIM, 50, 1,   EPSILON,      true,  code,  own-label,      8, 0.15, 1,  0,   999",
    "DDIM, 25, 0.5, V_PREDICTION, true,  code,  opposite-label, 8, 0.15, 3,  200, 640",
    "DDIM, 25, 0.5, V_PREDICTION, false, code,  opposite-label, 8, 0.15, 3,  200, 640",
    "DDIM, 20, 0,   SAMPLE,       true,  paper, opposite-label, 1, 0.15, 3,  0,   999",
    "DDIM, 20, 0,   SAMPLE,       false, paper, own-label,      1, 0.15, 3,  0,   999",
    "DDPM, 50, 0,   EPSILON,      true,  code,  opposite-label, 8, 0.15, 3,  0,   999",
    "DDPM, 50, 0,   V_PREDICTION, true,  paper, own-label,      1, 0.15, 3,  100, 999",
    "DDPM, 30, 0,   SAMPLE,       false, code,  opposite-label, 8, 0.5,  2,  0,   999",
    "DDIM, 1,  0,   EPSILON,      true,  code,  opposite-label, 8, 0.5,  2,  0,   999",
    "DPMSOLVER_PP_2M, 50, 0, EPSILON, false, code, opposite-label, 8, 0.15, 3, 0, 999",
    "DPMSOLVER_PP_3M, 50, 0, V_PREDICTION, true, code, opposite-label, 8, 0.15, 3, 0, 999",
    "DPMSOLVER_PP_2S, 50, 0, SAMPLE, false, code, opposite-label, 8, 0.15, 3, 0, 999",
    "DPMSOLVER, 50, 0, EPSILON, true, code, opposite-label, 8, 0.15, 3, 0, 999",
    "DEIS, 50, 0, V_PREDICTION, false, code, opposite-label, 8, 0.15, 3, 0, 999",
    "UNIPC, 50, 0, SAMPLE, true, code, opposite-label, 8, 0.15, 3, 0, 999",
    "EULER, 50, 0, EPSILON, false, code, opposite-label, 8, 0.15, 3, 0, 999",
    "EULER_ANCESTRAL, 50, 0, V_PREDICTION, true, code, opposite-label, 8, 0.15, 3, 0, 999",
    "HEUN, 50, 0, SAMPLE, false, code, opposite-label, 8, 0.15, 3, 0, 999",
    "LMS, 50, 0, EPSILON, true, code, opposite-label, 8, 0.15, 3, 0, 999",
    "PNDM, 50, 0, V_PREDICTION, false, code, opposite-label, 8, 0.15, 3, 0, 999",
    "PNDM_DIFFUSERS, 50, 0, SAMPLE, true, code, opposite-label, 8, 0.15, 3, 0, 999",
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
    try (ModelBundle bundle =
            TinyBundles.open(folder, new TinyModel(bits, 4), 0, type, clip, protection);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        OrtGraph graph = new OrtGraph(throughBytes(bundle, kind, steps, eta))) {
      for (int count : new int[] {1, 2, 7}) {
        SampleRequest request =
            SampleRequest.of(count)
                .withPath(SampleRequest.StepPath.SEPARATE)
                .withSampler(kind)
                .withSteps(steps)
                .withEta(eta)
                .withSeed(40 + count)
                .withCertaintyTrace(true);
        SampleResult expected = sampler.sample(request, Progress.none());
        GraphRun found = GraphRun.of(graph, bundle.manifest(), expected);
        found.assertMatches(expected, TOLERANCE);
        guarded += expected.reports().stream().mapToInt(ImageReport::guardedSteps).sum();
      }
    }
    assertTrue(guarded > 0, "a test of protection needs guarded steps");
  }

  /** Rows that go back, each at its own pace, and that are redone: by a push, or by none. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void rowsGoBackAsInTheJavaSampler(SamplerKind kind) {
    ProtectionSettings plain = ProtectionSettings.of("code", "opposite-label", 0.4, 0.5, 0, 500);
    List<Level> levels = List.of(new Level(0, 0.3), new Level(300, 0.45), new Level(400, 0.2));
    int returns = 0;
    int redos = 0;
    int lasting = 0;
    for (Kind correction : List.of(Kind.HEAL, Kind.RESTART, Kind.HANDOVER)) {
      Thresholds thresholds =
          correction == Kind.HANDOVER
              ? new Thresholds(0.1, levels, 0.45, Views.NINE)
              : new Thresholds(0.1, levels, 0.25);
      for (Subject subject : Subject.values()) {
        ProtectionSettings protection =
            plain
                .withAsks(subject)
                .withThresholds(thresholds)
                .withCorrection(
                    new Correction(correction, 60, 3, subject == Subject.X_0 ? 2 : 0)
                        .withStride(correction == Kind.HEAL ? 1 : 2));
        try (ModelBundle bundle =
                TinyBundles.open(
                    folder, new TinyModel(8, 4), 0, PredictionType.EPSILON, true, protection);
            ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
            OrtGraph graph = new OrtGraph(throughBytes(bundle, kind, 50, 0))) {
          SampleRequest request =
              SampleRequest.of(7)
                  .withPath(SampleRequest.StepPath.SEPARATE)
                  .withSampler(kind)
                  .withSteps(50)
                  .withEta(0)
                  .withSeed(40)
                  .withCertaintyTrace(true);
          SampleResult expected = sampler.sample(request, Progress.none());
          GraphRun.of(graph, bundle.manifest(), expected).assertMatches(expected, 1e-3);
          for (ImageReport report : expected.reports()) {
            returns += report.returns();
            redos += report.redos();
            lasting += report.recognised() ? 1 : 0;
          }
        }
      }
    }
    assertTrue(returns > 10 && redos > 2, returns + " returns, " + redos + " redos");
    assertTrue(lasting > 0 && lasting < 21, "recognised in the end: " + lasting);
  }

  private static OnnxModel throughBytes(
      ModelBundle bundle, SamplerKind kind, int steps, double eta) {
    return OnnxCodec.read(
        OnnxCodec.toBytes(SamplerGraph.of(bundle, kind, steps, eta, StrengthInputs.OPTIONAL)));
  }

  @Test
  void conditionalModelsReceiveTheirLabels() {
    try (ModelBundle bundle = TinyBundles.open(folder, 3, 0.15);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        OrtGraph graph =
            new OrtGraph(
                SamplerGraph.of(bundle, SamplerKind.DDIM, 10, 0, StrengthInputs.OPTIONAL))) {
      for (int label = 0; label < 3; label++) {
        SampleRequest request =
            SampleRequest.of(3)
                .withPath(SampleRequest.StepPath.SEPARATE)
                .withSteps(10)
                .withClassLabel(label)
                .withCertaintyTrace(true);
        SampleResult expected = sampler.sample(request, Progress.none());
        GraphRun.of(graph, bundle.manifest(), expected).assertMatches(expected, TOLERANCE);
      }
    }
  }

  @Test
  void largerAlphaAndScaleAreTaken() {
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        OrtGraph graph =
            new OrtGraph(
                SamplerGraph.of(bundle, SamplerKind.DDIM, 10, 0, StrengthInputs.REQUIRED))) {
      SampleRequest request =
          SampleRequest.of(5)
              .withPath(SampleRequest.StepPath.SEPARATE)
              .withSteps(10)
              .withAlpha(0.3)
              .withScale(4)
              .withCertaintyTrace(true);
      SampleResult expected = sampler.sample(request, Progress.none());
      GraphRun.of(
              graph,
              bundle.manifest(),
              expected,
              Map.of(
                  WholeSampler.ALPHA, TinyBundles.scalar(0.3),
                  WholeSampler.SCALE, TinyBundles.scalar(4)))
          .assertMatches(expected, TOLERANCE);
    }
  }

  /** What is weaker than the manifest, out of range, or no number, is the nearest allowed. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0.15, 3",
    "1e-300, -1, 0.15, 3",
    "-0.4, 2.999, 0.15, 3",
    "NaN, NaN, 0.15, 3",
    "-Infinity, -Infinity, 0.15, 3",
    "Infinity, Infinity, 0.5, 3",
    "0.5, 1e300, 0.5, 3",
    "7, 4, 0.5, 4",
  })
  void protectionCannotBeWeakened(
      double givenAlpha, double givenScale, double alpha, double scale) {
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        OrtGraph graph =
            new OrtGraph(
                SamplerGraph.of(bundle, SamplerKind.DDIM, 10, 0, StrengthInputs.REQUIRED))) {
      SampleRequest request =
          SampleRequest.of(5)
              .withPath(SampleRequest.StepPath.SEPARATE)
              .withSteps(10)
              .withAlpha(alpha)
              .withScale(scale)
              .withCertaintyTrace(true);
      SampleResult expected = sampler.sample(request, Progress.none());
      assertTrue(expected.totals().gradientRows() > 0, "a test of protection needs guarded steps");
      GraphRun.of(
              graph,
              bundle.manifest(),
              expected,
              Map.of(
                  WholeSampler.ALPHA, TinyBundles.scalar(givenAlpha),
                  WholeSampler.SCALE, TinyBundles.scalar(givenScale)))
          .assertMatches(expected, TOLERANCE);
    }
  }

  /** The Java sampler throws; a graph cannot, so its images are no numbers. */
  @ParameterizedTest
  @EnumSource(names = {"PUSH", "HEAL", "RESTART"})
  void aFailingClassifierLeavesNoImage(Kind correction) {
    GraphBuilder g = new GraphBuilder("broken", 17);
    Shape images = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(4), Dim.of(4));
    Value x = g.input("x", ElementType.FLOAT, images);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Value flat = g.reshape(x, g.constant("flat", new long[] {-1, 16}, 2));
    Value time = g.reshape(t, g.constant("time", new long[] {-1, 1}, 2));
    Value late = g.sub(time, g.constant("limit", new float[] {50}, 1));
    Value sum = g.add(flat, g.sqrt(late));
    g.output("logits", sum, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(16)));
    Path zip = folder.resolve("model.zip");
    ProtectionSettings protection =
        ProtectionSettings.of("code", "opposite-label", 0.05, 40, 0, 999)
            .withCorrection(new Correction(correction, 100, 2, 0));
    TinyModel tiny = new TinyModel(16, 4);
    BundleWriter.of(TinyBundles.manifest(tiny, 0, PredictionType.EPSILON, true, protection))
        .file("denoiser.onnx", TinyModel.denoiser(0))
        .file("classifier.onnx", OnnxCodec.toBytes(g.build()))
        .toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip);
        OrtGraph graph =
            new OrtGraph(
                SamplerGraph.of(bundle, SamplerKind.DDIM, 10, 0, StrengthInputs.OPTIONAL))) {
      Map<String, double[]> found =
          graph.run(
              correction.goesBack()
                  ? Map.of(
                      WholeSampler.NOISE, Tensor.of(new float[32], 2, 1, 4, 4),
                      WholeSampler.STEP_NOISE, Tensor.of(new float[64], 2, 2, 1, 4, 4))
                  : Map.of(WholeSampler.NOISE, Tensor.of(new float[32], 2, 1, 4, 4)));
      for (double value : found.get(WholeSampler.IMAGES)) {
        assertTrue(Double.isNaN(value), "found " + value);
      }
      assertTrue(found.get(WholeSampler.STEPS_GUARDED)[0] > 0, "the failing step counts");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PUSH", "HEAL", "RESTART"})
  void asksInTheSameStepsAsJava(Kind kind) {
    ProtectionSettings everyOther =
        ProtectionSettings.of("code", "opposite-label", 0.4, 3, 0, 800)
            .withAskEvery(200)
            .withCorrection(new Correction(kind, 150, 2, 0));
    try (ModelBundle bundle =
            TinyBundles.open(
                folder, new TinyModel(8, 4), 0, PredictionType.EPSILON, true, everyOther);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        OrtGraph graph =
            new OrtGraph(
                SamplerGraph.of(bundle, SamplerKind.DDIM, 10, 0, StrengthInputs.OPTIONAL))) {
      SampleRequest request =
          SampleRequest.of(3)
              .withPath(SampleRequest.StepPath.SEPARATE)
              .withSteps(10)
              .withCertaintyTrace(true);
      SampleResult expected = sampler.sample(request, Progress.none());
      int guarded = expected.report(0).guardedSteps();
      assertTrue(guarded > 0 && guarded < expected.report(0).steps(), "guarded " + guarded);
      GraphRun.of(graph, bundle.manifest(), expected).assertMatches(expected, TOLERANCE);
    }
  }

  @Test
  void certaintyIsUnknownWhereNobodyAsked() {
    ProtectionSettings never = ProtectionSettings.of("code", "opposite-label", 0.15, 3, 1, 99);
    try (ModelBundle bundle =
            TinyBundles.open(folder, new TinyModel(8, 4), 0, PredictionType.EPSILON, true, never);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        OrtGraph graph =
            new OrtGraph(
                SamplerGraph.of(bundle, SamplerKind.DDIM, 10, 0, StrengthInputs.OPTIONAL))) {
      SampleRequest request =
          SampleRequest.of(2)
              .withPath(SampleRequest.StepPath.SEPARATE)
              .withSteps(10)
              .withCertaintyTrace(true);
      SampleResult expected = sampler.sample(request, Progress.none());
      GraphRun found = GraphRun.of(graph, bundle.manifest(), expected);
      found.assertMatches(expected, TOLERANCE);
      assertTrue(Double.isNaN(found.certainty()[1]));
    }
  }

  @Test
  void runsOnBothProvidersAndHoldsTheDenoiserOnce() {
    try (ModelBundle bundle = TinyBundles.open(folder, 3, 0.15)) {
      OnnxModel model = SamplerGraph.of(bundle, SamplerKind.DDPM, 10, 0, StrengthInputs.OPTIONAL);
      for (ProviderSupport.Provider provider : ProviderSupport.Provider.values()) {
        assertEquals(List.of(), ProviderSupport.documented().unsupported(model, provider));
      }
      List<String> names = new ArrayList<>();
      collect(model.graph(), names);
      for (String weight : List.of("classifier/w", "gradient/w", "denoiser/inner")) {
        assertEquals(1, Collections.frequency(names, weight), names.toString());
      }
      assertTrue(names.stream().noneMatch(n -> n.endsWith("/inner") && !n.startsWith("denoiser")));
    }
  }

  /**
   * A way back alone needs no gradient; finished images are asked about with weights of their own.
   */
  @Test
  void restartHoldsNoBackwardPass() {
    ProtectionSettings restart =
        ProtectionSettings.of("code", "opposite-label", 0.3, 3, 0, 999)
            .withCorrection(new Correction(Kind.RESTART, 100, 2, 1));
    try (ModelBundle bundle =
        TinyBundles.open(folder, new TinyModel(8, 4), 0, PredictionType.EPSILON, true, restart)) {
      OnnxModel model = SamplerGraph.of(bundle, SamplerKind.DDIM, 10, 0, StrengthInputs.OPTIONAL);
      for (ProviderSupport.Provider provider : ProviderSupport.Provider.values()) {
        assertEquals(List.of(), ProviderSupport.documented().unsupported(model, provider));
      }
      List<String> names = new ArrayList<>();
      collect(model.graph(), names);
      for (String weight : List.of("classifier/w", "check/w", "denoiser/inner")) {
        assertEquals(1, Collections.frequency(names, weight), names.toString());
      }
      assertTrue(names.stream().noneMatch(n -> n.startsWith("gradient/")), names.toString());
    }
  }

  private static void collect(Graph graph, List<String> names) {
    names.addAll(graph.initializers().keySet());
    graph.nodes().forEach(node -> node.subgraphs().forEach(inner -> collect(inner, names)));
  }

  @Test
  void saysWhatItIs() {
    try (ModelBundle bundle = TinyBundles.open(folder, 3, 0.15)) {
      OnnxModel model = SamplerGraph.of(bundle, SamplerKind.DDIM, 5, 0.5, StrengthInputs.OPTIONAL);
      Map<String, String> said = model.metadata();
      assertEquals("ddim", said.get("cpsample.sampler"));
      assertEquals("5", said.get("cpsample.steps"));
      assertEquals("0.5", said.get("cpsample.eta"));
      assertEquals("800.0 600.0 400.0 200.0 0.0", said.get("cpsample.timesteps"));
      assertEquals("0.15", said.get("cpsample.alpha"));
      assertEquals("code", said.get("cpsample.gate"));
      assertEquals("opposite-label", said.get("cpsample.force"));
      assertTrue(said.get("cpsample.warning").contains("membership oracle"));
      assertEquals(
          List.of("noise", "label"),
          SamplerGraph.of(bundle, SamplerKind.DDIM, 5, 0, StrengthInputs.OPTIONAL)
              .graph()
              .requiredInputs()
              .stream()
              .map(ValueInfo::name)
              .toList());
      assertEquals(
          List.of("noise", "step_noise", "label"),
          model.graph().requiredInputs().stream().map(ValueInfo::name).toList());
    }
  }
}
