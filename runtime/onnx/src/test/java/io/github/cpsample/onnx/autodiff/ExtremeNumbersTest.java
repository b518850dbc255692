package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Models whose attributes and integer constants hold numbers that nobody means: differentiated or
 * refused with a sentence, without a hang and without much memory.
 */
class ExtremeNumbersTest {

  private static final int TRIALS = 40;

  private static final long[] NUMBERS = {
    0,
    -1,
    -2,
    1,
    64,
    65,
    1 << 20,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 40,
    1L << 62,
    -(1L << 40),
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1
  };

  private final Random random = new Random(9);

  @Test
  void areDifferentiatedOrRefused() {
    int refused = 0;
    for (OperatorCase operator : OperatorCases.all()) {
      List<OnnxModel> trials =
          Stream.generate(() -> changed(operator.model(random.nextBoolean())))
              .limit(TRIALS)
              .toList();
      refused += Refusals.soon(operator.toString(), () -> refused(operator, trials));
    }
    assertTrue(refused > 1000, "expected many refusals, found " + refused);
  }

  private static int refused(OperatorCase operator, List<OnnxModel> trials) {
    int refused = 0;
    for (OnnxModel trial : trials) {
      try {
        refused += Refusals.withLittleMemory(() -> trial).isEmpty() ? 0 : 1;
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(operator + " " + trial.graph().nodes() + " " + e, e);
      }
    }
    return refused;
  }

  private long number() {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private OnnxModel changed(OnnxModel model) {
    Graph graph = model.graph();
    List<Node> nodes = graph.nodes().stream().map(this::changed).toList();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> constants.put(name, changed(tensor)));
    return model.withGraph(
        new Graph(
            graph.name(), graph.inputs(), graph.outputs(), nodes, constants, graph.valueInfo()));
  }

  private Node changed(Node node) {
    List<Attribute> attributes = new ArrayList<>();
    for (Attribute attribute : node.attributes()) {
      if (attribute.value() instanceof Long && random.nextInt(3) == 0) {
        attributes.add(Attribute.integer(attribute.name(), number()));
      } else if (attribute.kind() == Attribute.Kind.INTS && random.nextInt(2) == 0) {
        attributes.add(
            Attribute.ints(attribute.name(), changed(node.ints(attribute.name()).orElseThrow())));
      } else {
        attributes.add(attribute);
      }
    }
    return new Node(
        node.name(), node.operator(), node.domain(), node.inputs(), node.outputs(), attributes);
  }

  private Tensor changed(Tensor tensor) {
    return tensor.type() == ElementType.INT64 && tensor.size() > 0 && random.nextInt(2) == 0
        ? Tensor.of(changed(tensor.longs()), tensor.sizes())
        : tensor;
  }

  private long[] changed(long... values) {
    long[] result = values.clone();
    if (result.length > 0) {
      result[random.nextInt(result.length)] = number();
    }
    return result;
  }
}
