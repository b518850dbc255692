package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The derived graph, and the work to derive it, grow like the model: neither square nor deep. */
class TransformationSizeTest {

  private static final Shape IMAGES = Shape.of(Dim.symbolic("N"), Dim.of(2), Dim.of(8), Dim.of(8));

  /** Residual blocks of five nodes: convolution, bias, activation, product with x, sum. */
  private static OnnxModel blocks(int count) {
    GraphBuilder g = new GraphBuilder("blocks", 17);
    Value x = g.input("x", ElementType.FLOAT, IMAGES);
    Value kernel = g.constant("kernel", new float[36], 2, 2, 3, 3);
    Value bias = g.constant("bias", new float[2], 2, 1, 1);
    Value h = x;
    for (int i = 0; i < count; i++) {
      Value c = g.node("Conv", List.of(h, kernel), Attribute.ints("pads", 1, 1, 1, 1));
      Value a = g.sigmoid(g.add(c, bias));
      h = g.add(h, g.mul(a, c));
    }
    g.output("y", h, ElementType.FLOAT, IMAGES);
    return g.build();
  }

  private record Cost(int nodes, int constants, long bytes) {}

  /** Bytes that are allocated stand for the work: unlike time, they are the same every run. */
  private static Cost cost(OnnxModel model) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    int constants = derived.graph().initializers().size();
    return new Cost(derived.graph().nodes().size(), constants, bytes);
  }

  @Test
  void twoThousandNodesCostTenTimesTwoHundred() {
    cost(blocks(40));
    Cost small = cost(blocks(40));
    Cost large = cost(blocks(400));
    assertTrue(large.nodes() <= 10 * small.nodes(), small + " " + large);
    assertTrue(large.nodes() <= 4 * 2000, "at most three nodes per node: " + large);
    assertTrue(large.constants() <= 10 * small.constants(), small + " " + large);
    assertTrue(large.bytes() <= 12 * small.bytes(), small + " " + large);
    assertTrue(large.bytes() <= 200L << 20, "work of far below a second: " + large);
  }

  @ParameterizedTest
  @CsvSource({"Neg, 100001", "Relu, 150001", "Sigmoid, 250001"})
  void aChainOfFiftyThousandNodes(String operator, int most) {
    GraphBuilder g = new GraphBuilder("chain", 17);
    Value h = g.input("x", ElementType.FLOAT, IMAGES);
    for (int i = 0; i < 50_000; i++) {
      h = g.node(operator, List.of(h));
    }
    g.output("y", h, ElementType.FLOAT, IMAGES);
    OnnxModel model = g.build();
    Cost cost = assertTimeoutPreemptively(Duration.ofMinutes(5), () -> cost(model));
    assertTrue(cost.nodes() <= most + 1, operator + " " + cost);
  }

  /** A value with very many readers gets a sum of as many cotangents. */
  @Test
  void aValueReadByManyNodes() {
    GraphBuilder g = new GraphBuilder("fan", 17);
    Value x = g.input("x", ElementType.FLOAT, IMAGES);
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      parts.add(g.neg(x));
    }
    g.output("y", g.node("Sum", parts), ElementType.FLOAT, IMAGES);
    OnnxModel model = g.build();
    Cost cost = assertTimeoutPreemptively(Duration.ofMinutes(5), () -> cost(model));
    assertTrue(cost.nodes() <= 4 * 10_000, cost.toString());
  }

  /** Many outputs and inputs are looked up, not searched for. */
  @Test
  void manyOutputs() {
    GraphBuilder g = new GraphBuilder("many", 17);
    Value x = g.input("x", ElementType.FLOAT, IMAGES);
    for (int i = 0; i < 50_000; i++) {
      g.output("y" + i, x, ElementType.FLOAT, IMAGES);
    }
    OnnxModel model = g.build();
    assertTimeoutPreemptively(
        Duration.ofMinutes(5),
        () -> {
          OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
          assertEquals(50_001, derived.graph().inputs().size());
        });
  }
}
