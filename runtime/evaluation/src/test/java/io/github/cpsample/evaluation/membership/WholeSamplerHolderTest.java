package io.github.cpsample.evaluation.membership;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import io.github.cpsample.protection.StrengthInputs;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SamplerGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever holds a whole-sampler file holds what the bundle holds: both networks can be cut out of
 * it with a reader of ONNX files and nothing else.
 */
class WholeSamplerHolderTest {

  private static final int ROWS = 3;
  private static final int TIMESTEP = 41;

  @TempDir Path folder;
  private final float[] images = new float[ROWS * TinyBundle.SHAPE.size()];
  private OnnxModel file;

  @BeforeEach
  void exportTheFile() throws IOException {
    Random random = new Random(8);
    for (int i = 0; i < images.length; i++) {
      images[i] = 2 * random.nextFloat() - 1;
    }
    TinyBundle.writer().toDirectory(folder.resolve("bundle"));
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"))) {
      OnnxModel model = SamplerGraph.of(bundle, SamplerKind.DDIM, 5, 0, StrengthInputs.OPTIONAL);
      OnnxCodec.write(model, folder.resolve("sampler.onnx"));
    }
    file = OnnxCodec.read(folder.resolve("sampler.onnx"));
  }

  @Test
  void theClassifierCanBeCutOutAndAskedAboutAnyImage() {
    Graph step = part(file.graph(), "Loop", "step");
    Graph ask = part(step, "If", "ask");
    float[] logits = run(cutOut(ask, "classifier/", "logits", TinyBundle.BITS), TinyBundle.BITS);
    for (int row = 0; row < ROWS; row++) {
      double[] image = new double[TinyBundle.SHAPE.size()];
      for (int i = 0; i < image.length; i++) {
        image[i] = images[row * image.length + i];
      }
      double[] expected = TinyBundle.logits(image, TIMESTEP);
      for (int bit = 0; bit < expected.length; bit++) {
        assertEquals(expected[bit], logits[row * expected.length + bit], 1e-5);
      }
    }
  }

  @Test
  void theDenoiserCanBeCutOutAndRunWithoutTheGuard() {
    int size = TinyBundle.SHAPE.size();
    Graph step = part(file.graph(), "Loop", "step");
    float[] noise = run(cutOut(step, "denoiser/", "prediction", 1, 8, 8), size);
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"));
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      float[] expected =
          sampler
              .predictions(SampleRequest.of(ROWS).withProtection(false))
              .epsilon(images, ROWS, TIMESTEP);
      assertArrayEquals(expected, noise, 1e-6f);
    }
  }

  /** The graph of this name at the only node of an operator. */
  private static Graph part(Graph graph, String operator, String name) {
    List<Graph> found =
        graph.nodes().stream()
            .filter(node -> node.operator().equals(operator))
            .flatMap(node -> node.subgraphs().stream())
            .filter(it -> it.name().equals(name))
            .toList();
    assertEquals(1, found.size());
    return found.get(0);
  }

  /** The nodes and constants of a prefix, with what they read from outside as inputs. */
  private OnnxModel cutOut(Graph graph, String prefix, String output, int... sizes) {
    List<Node> nodes =
        graph.nodes().stream().filter(node -> node.outputs().get(0).startsWith(prefix)).toList();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) {
                constants.put(name, tensor);
              }
            });
    List<String> read = readFromOutside(graph, nodes, constants.keySet());
    return file.withGraph(
        new Graph(
            "cut-out",
            List.of(info(read.get(0), 1, 8, 8), info(read.get(1))),
            List.of(info(prefix + output, sizes)),
            nodes,
            constants,
            List.of()));
  }

  /** What nodes of a graph read that is none of theirs, in the order in which it is made. */
  private static List<String> readFromOutside(
      Graph graph, List<Node> nodes, Set<String> constants) {
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(node.inputs()));
    nodes.forEach(node -> read.removeAll(node.outputs()));
    read.removeAll(constants);
    List<String> made = new ArrayList<>();
    graph.inputs().forEach(input -> made.add(input.name()));
    graph.nodes().forEach(node -> made.addAll(node.outputs()));
    made.retainAll(read);
    assertEquals(2, made.size(), "images and timesteps: " + read);
    return made;
  }

  private static ValueInfo info(String name, int... sizes) {
    Dim[] dims = new Dim[sizes.length + 1];
    dims[0] = Dim.symbolic("N");
    for (int i = 0; i < sizes.length; i++) {
      dims[i + 1] = Dim.of(sizes[i]);
    }
    return ValueInfo.of(name, ElementType.FLOAT, Shape.of(dims));
  }

  private float[] run(OnnxModel model, int width) {
    TensorBuffer x = TensorBuffer.floats(ROWS, 1, 8, 8);
    x.asFloats().put(images);
    TensorBuffer t = TensorBuffer.floats(ROWS);
    for (int row = 0; row < ROWS; row++) {
      t.asFloats().put(row, TIMESTEP);
    }
    String output = model.graph().outputs().get(0).name();
    TensorBuffer out =
        width == TinyBundle.BITS
            ? TensorBuffer.floats(ROWS, width)
            : TensorBuffer.floats(ROWS, 1, 8, 8);
    try (InferenceSession session =
        InferenceSession.open(
            "cut-out",
            OnnxCodec.toBytes(model),
            ResolvedDevice.of(Device.cpu()),
            SessionSettings.defaults())) {
      session.run(
          Map.of(model.graph().inputs().get(0).name(), x, model.graph().inputs().get(1).name(), t),
          Map.of(output, out));
    }
    float[] values = new float[ROWS * width];
    out.asFloats().get(values);
    return values;
  }
}
