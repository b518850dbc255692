package io.github.cpsample.trainer.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.ShapeInference;
import io.github.cpsample.onnx.TensorTypes;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.training.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * An exported classifier has the form that ONNX Runtime is fast with; parity is tested elsewhere.
 */
class ExportedFormTest {

  private static OnnxModel classifier() {
    Network network =
        new MemorizingClassifier(new ClassifierConfig(1, 12, 12, 2, List.of(16, 32), 1, 16, 7));
    float[] weights = Weights.of(network).initialize(1);
    return NetworkExporter.export(network, weights, "classifier", "logits");
  }

  private static Set<String> operators(OnnxModel model) {
    return model.graph().nodes().stream().map(Node::operator).collect(Collectors.toSet());
  }

  @Test
  void everyConstantIsRead() {
    OnnxModel model = classifier();
    Set<String> read =
        model.graph().nodes().stream()
            .flatMap(node -> node.reads().stream())
            .collect(Collectors.toSet());
    assertTrue(
        read.containsAll(model.graph().initializers().keySet()),
        () -> model.graph().initializers().keySet() + " of which are read " + read);
  }

  @Test
  void sumsOfImagesHaveTermsOfEqualShapes() {
    OnnxModel model = classifier();
    TensorTypes types = ShapeInference.infer(model);
    int images = 0;
    for (Node node : model.graph().nodes()) {
      if (node.operator().equals("Add")) {
        Shape sum = types.shape(node.outputs().get(0)).orElseThrow();
        for (String term : node.inputs()) {
          assertEquals(sum, types.shape(term).orElseThrow(), term);
        }
        images++;
      }
    }
    assertEquals(4, images);
  }

  @Test
  void theGradientNeedsNoTransposedConvolution() {
    OnnxModel derived = ReverseDifferentiator.of(classifier()).withRespectTo("x").differentiate();
    assertFalse(operators(derived).contains("ConvTranspose"));
    assertFalse(operators(derived).contains("Sub"));
    assertTrue(operators(derived).contains("DepthToSpace"));
  }
}
