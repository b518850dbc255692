package io.github.cpsample.tools.portability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.WholeSampler;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.ProcessRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client that is not ours: the script of docs/guide/portability.md runs exported samplers in
 * Node, on the noise that the Java sampler draws. Skipped where Node, npm or its registry cannot be
 * reached.
 */
@DisabledOnOs(OS.WINDOWS)
class PortabilityIT {

  private static final Path SCRIPTS =
      Path.of("").toAbsolutePath().getParent().resolve("docs/guide/portability");
  private static final Path CLIENT = Path.of("target/portability").toAbsolutePath();
  private static final float TOLERANCE = 1e-3f;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    Files.createDirectories(CLIENT);
    for (String file : List.of("package.json", "package-lock.json", "sample.mjs")) {
      Files.copy(SCRIPTS.resolve(file), CLIENT.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessRun node = ProcessRun.ofShell(CLIENT, "node --version && npm --version");
    assumeTrue(node.code() == 0, "needs node and npm: " + node.err());
    ProcessRun npm =
        ProcessRun.ofShell(CLIENT, "npm ci --ignore-scripts --prefer-offline --no-audit --no-fund");
    assumeTrue(npm.code() == 0, "needs npm's registry or a cache: " + npm.err());
  }

  @Test
  void theShippedModelMakesTheSameImages() throws Exception {
    try (ModelBundle bundle = ModelBundle.named("fashion-mnist")) {
      SampleRequest request =
          SampleRequest.of(4).withSampler(SamplerKind.DDIM).withSteps(50).withEta(0);
      compare(
          bundle, "fashion-mnist", request.withSeed(7), "--sampler ddim --steps 50 --eta 0", "");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySamplerMakesTheSameImages(SamplerKind kind) throws Exception {
    Path zip = folder.resolve("tiny.zip");
    TinyBundle.writer().toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip)) {
      SampleRequest request =
          SampleRequest.of(5).withSampler(kind).withSteps(50).withEta(0).withSeed(3);
      String options = "--sampler " + kind.label() + " --steps 50";
      SampleResult expected = compare(bundle, zip.toString(), request, options, "");
      assertTrue(expected.totals().gradientRows() > 0, "a test of protection needs guarded steps");
    }
  }

  /** Rows that go back and are redone, each at its own pace. */
  @ParameterizedTest
  @EnumSource(names = {"DDIM", "DDPM", "DPMSOLVER_PP_2M", "HEUN"})
  void rowsThatGoBackMakeTheSameImages(SamplerKind kind) throws Exception {
    Path zip = folder.resolve("healed.zip");
    Correction heal = new Correction(Correction.Kind.HEAL, 60, 3, 2);
    TinyBundle.writer(
            it -> it.withAlpha(0.4).withScale(0.5).withTimesteps(0, 500).withCorrection(heal))
        .toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip)) {
      SampleRequest request =
          SampleRequest.of(5).withSampler(kind).withSteps(50).withEta(0).withSeed(3);
      String options = "--sampler " + kind.label() + " --steps 50";
      SampleResult expected = compare(bundle, zip.toString(), request, options, "");
      assertTrue(expected.reports().stream().anyMatch(it -> it.returns() > 0), "none went back");
    }
  }

  @Test
  void strengthIsGivenAndBounded() throws Exception {
    Path zip = folder.resolve("tiny.zip");
    TinyBundle.writer().toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip)) {
      SampleRequest request = SampleRequest.of(5).withSteps(10).withSeed(3).withAlpha(0.5);
      SampleResult expected =
          compare(
              bundle,
              zip.toString(),
              request,
              "--strength-inputs required",
              "ALPHA=0.9 SCALE=0.1 ");
      assertEquals(50, expected.totals().gradientRows());
    }
  }

  private SampleResult compare(
      ModelBundle bundle, String name, SampleRequest request, String options, String environment)
      throws IOException, InterruptedException {
    SampleResult expected;
    try (ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      expected = sampler.sample(request, Progress.none());
    }
    CommandRun export =
        CommandRun.of(
            ("export --whole-sampler " + options + " --model " + name + " --out ")
                .concat(folder.resolve("protected-sampler.onnx").toString())
                .split(" "));
    assertEquals(0, export.code(), export.err());
    writeNoise(expected, bundle.manifest().image(), draws());
    ProcessRun run =
        ProcessRun.ofShell(
            CLIENT,
            environment
                + String.join(
                    " ",
                    "node sample.mjs",
                    quoted("protected-sampler.onnx"),
                    quoted("noise.f32"),
                    quoted("out"),
                    quoted("step-noise.f32")));
    assertEquals(0, run.code(), run.err());
    check(expected, bundle.manifest().image());
    return expected;
  }

  private String quoted(String file) {
    return "'" + folder.resolve(file) + "'";
  }

  /** How many slices of fresh noise the exported model takes. */
  private int draws() throws IOException {
    return OnnxCodec.read(folder.resolve("protected-sampler.onnx")).graph().inputs().stream()
        .filter(input -> input.name().equals(WholeSampler.STEP_NOISE))
        .mapToInt(input -> (int) input.shape().orElseThrow().dim(0).size())
        .findFirst()
        .orElse(0);
  }

  private void writeNoise(SampleResult result, ImageShape shape, int draws) throws IOException {
    int size = shape.size();
    int count = result.images().size();
    float[] initial = new float[count * size];
    float[] fresh = new float[draws * count * size];
    for (int row = 0; row < count; row++) {
      RandomMode.ImageNoise noise =
          result.settings().images().noise().open(result.settings().images().seed() + row);
      noise.initial().fill(initial, row * size, size);
      for (int draw = 0; draw < draws; draw++) {
        noise.steps().fill(fresh, (draw * count + row) * size, size);
      }
    }
    write("noise.f32", initial);
    write("step-noise.f32", fresh);
  }

  /** What a report says of a row, if it says anything. */
  private static int told(JsonObject report, String what, int row, int otherwise) {
    return report.has(what) ? report.getAsJsonArray(what).get(row).getAsInt() : otherwise;
  }

  private void write(String file, float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(folder.resolve(file), bytes.array());
  }

  private void check(SampleResult expected, ImageShape shape) throws IOException {
    Path out = folder.resolve("out");
    FloatBuffer found =
        ByteBuffer.wrap(Files.readAllBytes(out.resolve("images.f32")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    int count = expected.images().size();
    assertEquals(count * shape.size(), found.remaining());
    JsonObject report =
        JsonParser.parseString(Files.readString(out.resolve("report.json"))).getAsJsonObject();
    for (int row = 0; row < count; row++) {
      float[] values = expected.image(row).values();
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], found.get(), TOLERANCE, "image " + row + ", value " + i);
      }
      assertEquals(
          expected.report(row).guardedSteps(),
          report.getAsJsonArray("steps_guarded").get(row).getAsInt(),
          "guarded steps of image " + row);
      assertEquals(
          expected.report(row).steps(),
          told(report, "denoiser_calls", row, expected.report(row).steps()));
      assertEquals(expected.report(row).recognised() ? 1 : 0, told(report, "recognised", row, 0));
      assertTrue(Files.exists(out.resolve("image-000" + row + ".pgm")));
    }
  }
}
