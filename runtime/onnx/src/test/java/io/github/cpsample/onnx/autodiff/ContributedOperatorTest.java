package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators of ONNX Runtime's own domain, com.microsoft, against central differences. */
class ContributedOperatorTest {

  private static final String DOMAIN = "com.microsoft";

  /** y = the operator applied to x [2, 3] and perhaps to a vector. */
  private static OnnxModel model(String operator, boolean biased, Attribute... attributes) {
    List<ValueInfo> inputs =
        new ArrayList<>(List.of(ValueInfo.of("x", ElementType.FLOAT, Shape.fixed(2, 3))));
    if (biased) {
      inputs.add(ValueInfo.of("bias", ElementType.FLOAT, Shape.fixed(3)));
    }
    Node node =
        new Node(
            "",
            operator,
            DOMAIN,
            inputs.stream().map(ValueInfo::name).toList(),
            List.of("y"),
            List.of(attributes));
    Graph graph =
        new Graph(
            "contributed",
            inputs,
            List.of(ValueInfo.of("y", ElementType.FLOAT, Shape.fixed(2, 3))),
            List.of(node),
            Map.of(),
            List.of());
    return new OnnxModel(8, Map.of("", 17L, DOMAIN, 1L), "", Map.of(), graph);
  }

  @ParameterizedTest
  @CsvSource({
    "Gelu,      false, 0",
    "FastGelu,  false, 0",
    "FastGelu,  true,  0",
    "BiasGelu,  true,  0",
    "QuickGelu, false, 0",
    "QuickGelu, false, 0.7"
  })
  void agreesWithCentralDifferences(String operator, boolean biased, float alpha) {
    OnnxModel model =
        alpha == 0
            ? model(operator, biased)
            : model(operator, biased, Attribute.decimal("alpha", alpha));
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    Random random = new Random(5);
    Map<String, Tensor> point = new HashMap<>();
    point.put("x", Tensors.of(ElementType.FLOAT, VectorJacobianCheck.normals(random, 6), 2, 3));
    if (biased) {
      point.put("bias", Tensors.of(ElementType.FLOAT, VectorJacobianCheck.normals(random, 3), 3));
    }
    try (VectorJacobianCheck check = new VectorJacobianCheck(model, derived, 1e-2, 1e-2)) {
      check.check(point, random, 4);
    }
  }

  @Test
  void anotherOperatorOfTheDomainIsRefusedByName() {
    OnnxModel model = model("SkipLayerNormalization", true);
    String message =
        assertThrows(
                UnsupportedOperatorException.class,
                () -> ReverseDifferentiator.of(model).differentiate())
            .getMessage();
    assertTrue(message.contains("com.microsoft::SkipLayerNormalization"), message);
  }
}
