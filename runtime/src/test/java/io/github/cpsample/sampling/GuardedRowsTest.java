package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.WholeSampler;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.StrengthInputs;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime's own profile of a composed model: which nodes ran, on how many rows. */
class GuardedRowsTest {
  private static final int COUNT = 6;
  private static final int STEPS = 10;
  private static final int BITS = 8;

  @TempDir private Path folder;

  /** How often, and on how many rows in all, the product with the classifier's weights ran. */
  private record Runs(int forward, int forwardRows, int gradient, int gradientRows) {}

  @ParameterizedTest
  @CsvSource({"0.15, 0, 999", "0.15, 300, 500", "0.5, 0, 999"})
  void gradientsAreComputedForGuardedRowsOnly(double alpha, int first, int last) throws Exception {
    try (ModelBundle bundle = bundle(4, alpha, first, last)) {
      SampleResult expected = sample(bundle);
      long rows = expected.totals().gradientRows();
      assertTrue(rows > 0, "a test of protection needs guarded steps");
      Runs runs = profile(bundle, expected);
      assertEquals(rows, runs.gradientRows());
      assertEquals(expected.totals().classifierRows(), runs.forwardRows());
      assertEquals(expected.totals().classifierRows() / COUNT, runs.forward());
    }
  }

  @Test
  void nothingRunsBackwardWhereNoRowIsGuarded() throws Exception {
    try (ModelBundle bundle = bundle(0.01f, 0.15, 0, 999)) {
      SampleResult expected = sample(bundle);
      assertEquals(0, expected.totals().gradientRows());
      Runs runs = profile(bundle, expected);
      assertEquals(STEPS, runs.forward());
      assertEquals(0, runs.gradient());
    }
  }

  private ModelBundle bundle(float gain, double alpha, int first, int last) {
    return TinyBundles.open(
        folder,
        new TinyModel(BITS, gain),
        0,
        PredictionType.EPSILON,
        true,
        ProtectionSettings.of("code", "opposite-label", alpha, 3, first, last));
  }

  private static SampleResult sample(ModelBundle bundle) {
    try (ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      return sampler.sample(SampleRequest.of(COUNT).withSteps(STEPS), Progress.none());
    }
  }

  private Runs profile(ModelBundle bundle, SampleResult expected) throws OrtException, IOException {
    byte[] model =
        OnnxCodec.toBytes(
            SamplerGraph.of(bundle, SamplerKind.DDIM, STEPS, 0, StrengthInputs.OPTIONAL));
    float[] noise = new float[COUNT * TinyModel.SHAPE.size()];
    for (int row = 0; row < COUNT; row++) {
      expected
          .settings()
          .images()
          .noise()
          .open(expected.settings().images().seed() + row)
          .initial()
          .fill(noise, row * TinyModel.SHAPE.size(), TinyModel.SHAPE.size());
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setIntraOpNumThreads(1);
      options.enableProfiling(folder.resolve("profile").toString());
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor input =
              OnnxTensor.createTensor(
                  environment, FloatBuffer.wrap(noise), new long[] {COUNT, 1, 4, 4})) {
        session.run(Map.of(WholeSampler.NOISE, input)).close();
        return read(Files.readString(Path.of(session.endProfiling())));
      }
    }
  }

  private static Runs read(String profile) {
    List<Integer> forward = rows(profile, "classifier");
    List<Integer> gradient = rows(profile, "gradient");
    return new Runs(
        forward.size(),
        forward.stream().mapToInt(Integer::intValue).sum(),
        gradient.size(),
        gradient.stream().mapToInt(Integer::intValue).sum());
  }

  /** Rows of each run of the product of images and weights, whose left operand is [rows,16]. */
  private static List<Integer> rows(String profile, String network) {
    Matcher matcher =
        Pattern.compile(
                "\"name\" *: *\""
                    + network
                    + "/MatMul[^\"]*_kernel_time\".*?\"input_type_shape\" *:"
                    + " *\\[\\{\"float\":\\[(\\d+),"
                    + TinyModel.SHAPE.size()
                    + "\\]\\}[\\],]")
            .matcher(profile);
    List<Integer> rows = new ArrayList<>();
    while (matcher.find()) {
      rows.add(Integer.valueOf(matcher.group(1)));
    }
    return rows;
  }
}
