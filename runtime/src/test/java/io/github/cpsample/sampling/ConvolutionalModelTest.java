package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifests;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.WholeSampler;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.StrengthInputs;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Networks of the kind that are trained: convolutions, normalisation, a matrix product at the end.
 * Where this was written their images were equal bit by bit for all batch sizes; ONNX Runtime does
 * not promise it for kernels that may add in another order, so rounding is allowed for.
 */
class ConvolutionalModelTest {
  private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
  private static final int WIDTH = 32;
  private static final int BITS = 16;
  private static final float TOLERANCE = 1e-5f;

  private static ProtectedSampler sampler;
  private static final Map<SamplerKind, OrtGraph> GRAPHS = new EnumMap<>(SamplerKind.class);

  @BeforeAll
  static void open(@TempDir Path folder) {
    Path zip = folder.resolve("model.zip");
    BundleWriter.of(Manifests.of(SHAPE, PredictionType.SAMPLE, BITS))
        .file("denoiser.onnx", denoiser())
        .file("classifier.onnx", classifier())
        .toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip)) {
      sampler = ProtectedSampler.open(bundle, Device.cpu());
      for (SamplerKind kind : SamplerKind.values()) {
        GRAPHS.put(
            kind, new OrtGraph(SamplerGraph.of(bundle, kind, 10, 0, StrengthInputs.REQUIRED)));
      }
    }
  }

  @AfterAll
  static void close() {
    sampler.close();
    GRAPHS.values().forEach(OrtGraph::close);
  }

  @ParameterizedTest
  @EnumSource
  void theWholeTrajectoryAsOneGraphMakesTheSameImages(SamplerKind kind) {
    long guarded = 0;
    long asked = 0;
    for (int count : new int[] {1, 7}) {
      SampleRequest request =
          SampleRequest.of(count)
              .withSteps(10)
              .withSampler(kind)
              .withAlpha(0.35)
              .withSeed(3)
              .withCertaintyTrace(true);
      SampleResult expected = sampler.sample(request, Progress.none());
      guarded += expected.totals().gradientRows();
      asked += expected.totals().classifierRows();
      GraphRun.of(
              GRAPHS.get(kind),
              sampler.manifest(),
              expected,
              Map.of(
                  WholeSampler.ALPHA, TinyBundles.scalar(0.35),
                  WholeSampler.SCALE, TinyBundles.scalar(0)))
          .assertMatches(expected, 1e-3);
    }
    assertTrue(guarded > 0, "a test of protection needs guarded steps");
    boolean mixed = kind == SamplerKind.DDIM || kind == SamplerKind.DDPM;
    assertTrue(guarded < asked || !mixed, "and unguarded ones");
  }

  @ParameterizedTest
  @EnumSource
  void imagesDoNotDependOnTheirBatch(SamplerKind kind) {
    SampleRequest request =
        SampleRequest.of(7)
            .withSteps(10)
            .withSampler(kind)
            .withAlpha(0.35)
            .withScale(0.5)
            .withSeed(3);
    SampleResult whole = sampler.sample(request.withBatchSize(7), Progress.none());
    assertTrue(whole.totals().gradientRows() > 0, "a test of protection needs guarded steps");
    assertTrue(
        whole.totals().gradientRows() < whole.totals().classifierRows(), "and unguarded ones");
    for (int batchSize : new int[] {1, 2, 4}) {
      SampleResult parts = sampler.sample(request.withBatchSize(batchSize), Progress.none());
      for (int i = 0; i < 7; i++) {
        float[] expected = whole.image(i).values();
        float[] found = parts.image(i).values();
        for (int k = 0; k < expected.length; k++) {
          assertEquals(
              expected[k],
              found[k],
              TOLERANCE,
              "batch size " + batchSize + ", image " + i + ", value " + k);
        }
        assertEquals(whole.report(i), parts.report(i));
      }
    }
  }

  private static byte[] denoiser() {
    Net net = new Net("denoiser");
    Value h = net.block(net.conv(net.x, 3, WIDTH));
    net.g.output("prediction", net.g.tanh(net.conv(h, WIDTH, 3)), ElementType.FLOAT, Net.IMAGES);
    return OnnxCodec.toBytes(net.g.build());
  }

  private static byte[] classifier() {
    Net net = new Net("classifier");
    Value h = net.block(net.conv(net.x, 3, WIDTH));
    Value flat = net.g.node("Flatten", List.of(h), Attribute.integer("axis", 1));
    int size = WIDTH * SHAPE.height() * SHAPE.width();
    Value logits =
        net.g.node("Gemm", List.of(flat, net.weights(0.02f, size, BITS), net.weights(0.1f, BITS)));
    net.g.output("logits", logits, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(BITS)));
    return OnnxCodec.toBytes(net.g.build());
  }

  private static final class Net {
    private static final Shape IMAGES =
        Shape.of(Dim.symbolic("N"), Dim.of(3), Dim.of(16), Dim.of(16));

    private final GraphBuilder g;
    private final Random random = new Random(5);
    private final Value x;
    private final Value t;
    private int constants;

    Net(String name) {
      g = new GraphBuilder(name, 17);
      x = g.input("x", ElementType.FLOAT, IMAGES);
      t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    }

    /** Normalisation, a shift by the timestep, SiLU, convolution, residual. */
    Value block(Value h) {
      Value normed =
          g.node(
              "InstanceNormalization",
              List.of(h, weights(1, WIDTH), weights(1, WIDTH)),
              Attribute.decimal("epsilon", 1e-5f));
      Value time = g.reshape(t, g.constant("time", new long[] {-1, 1, 1, 1}, 4));
      Value shifted = g.add(normed, g.mul(time, weights(1e-3f, 1, WIDTH, 1, 1)));
      Value silu = g.mul(shifted, g.sigmoid(shifted));
      return g.add(h, conv(silu, WIDTH, WIDTH));
    }

    Value conv(Value h, int in, int out) {
      float range = (float) Math.sqrt(1.0 / (3 * in));
      return g.node(
          "Conv", List.of(h, weights(range, out, in, 3, 3)), Attribute.ints("pads", 1, 1, 1, 1));
    }

    Value weights(float range, long... shape) {
      int size = 1;
      for (long length : shape) {
        size *= Math.toIntExact(length);
      }
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (2 * random.nextFloat() - 1) * range;
      }
      return g.constant("weights" + constants++, values, shape);
    }
  }
}
