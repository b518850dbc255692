package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OperatorInventory;
import io.github.cpsample.onnx.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole time-conditioned network, of the blocks that diffusion models are made of. */
class CompositeNetworkTest {

  private static Tensor image(Random random, long... sizes) {
    float[] pixels = new float[(int) (sizes[0] * sizes[1] * sizes[2] * sizes[3])];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    return Tensor.of(pixels, sizes);
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 8", "3, 8, 8", "2, 12, 8"})
  void symbolicBatchAndSpace(int batch, int height, int width) {
    OnnxModel model =
        CompositeNetwork.model(Dim.symbolic("N"), Dim.symbolic("H"), Dim.symbolic("W"));
    check(model, batch, height, width);
  }

  @ParameterizedTest
  @CsvSource({"1", "4"})
  void symbolicBatchOnly(int batch) {
    check(CompositeNetwork.model(Dim.symbolic("N"), Dim.of(8), Dim.of(8)), batch, 8, 8);
  }

  private static void check(OnnxModel model, int batch, int height, int width) {
    OnnxModel derived = ReverseDifferentiator.of(model).withRespectTo("x").differentiate();
    Random random = new Random(3);
    float[] times = new float[batch];
    for (int i = 0; i < batch; i++) {
      times[i] = random.nextInt(1000);
    }
    Map<String, Tensor> point =
        Map.of("x", image(random, batch, 2, height, width), "t", Tensor.of(times, batch));
    try (VectorJacobianCheck check = new VectorJacobianCheck(model, derived, 1e-2, 1e-2)) {
      check.check(point, random, 3);
    }
  }

  /** With the spatial sizes known nothing is left to find out while the graph runs. */
  @Test
  void resolvesBroadcastingWhileTheGraphIsBuilt() {
    OnnxModel model = CompositeNetwork.model(Dim.symbolic("N"), Dim.of(8), Dim.of(8));
    OnnxModel derived = ReverseDifferentiator.of(model).withRespectTo("x").differentiate();
    List<String> added =
        derived.graph().nodes().stream()
            .filter(node -> node.name().startsWith("adjoint."))
            .map(Node::operator)
            .toList();
    for (String operator : Set.of("NonZero", "ConstantOfShape", "Sin", "Cos")) {
      assertTrue(!added.contains(operator), operator + " in " + added);
    }
  }

  @Test
  void survivesWritingAndReading() {
    OnnxModel model = CompositeNetwork.model(Dim.symbolic("N"), Dim.of(8), Dim.of(8));
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    OnnxModel read = OnnxCodec.read(OnnxCodec.toBytes(derived));
    assertEquals(OperatorInventory.of(derived), OperatorInventory.of(read));
  }
}
