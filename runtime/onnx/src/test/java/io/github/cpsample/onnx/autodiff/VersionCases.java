package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Uses in forms that some versions of an operator alone have, and further shapes. */
final class VersionCases {

  private VersionCases() {}

  static void addTo(List<OperatorCase> cases) {
    oldForms(cases);
    furtherShapes(cases);
    threeShapes(cases);
    others(cases);
    scattered(cases);
  }

  private static void oldForms(List<OperatorCase> cases) {
    for (String operator : List.of("Max", "Mean", "Min")) {
      cases.add(
          plain(operator, "equal shapes", List.of(size(3, 2), size(3, 2))).inFloat().atOpset(7));
    }
    cases.add(
        new OperatorCase(
                "Clip",
                "scalars",
                (g, x, c) ->
                    g.node(
                        "Clip",
                        List.of(
                            x.get(0),
                            g.constant("least", Tensor.of(new float[] {-0.5f})),
                            g.constant("most", Tensor.of(new float[] {0.7f})))),
                size(3, 4))
            .inFloat()
            .atOpset(11));
    cases.add(
        new OperatorCase(
                "GatherND",
                "rows",
                (g, x, c) ->
                    g.node("GatherND", List.of(x.get(0), g.constant("i", size(1, 0), 2, 1))),
                size(2, 3, 4))
            .atOpset(11));
    cases.add(
        plain(
                "GridSample",
                "bilinear",
                List.of(size(2, 3, 5, 4), size(2, 2, 2, 2)),
                Attribute.string("mode", "bilinear"))
            .inFloat()
            .between(-0.8, 0.8)
            .atOpset(16));
    for (String mode : List.of("nearest", "linear")) {
      cases.add(
          new OperatorCase(
                  "Resize",
                  mode + ", two inputs",
                  (g, x, c) ->
                      g.node(
                          "Resize",
                          List.of(x.get(0), g.constant("s", new float[] {1, 1, 2, 1.5f}, 4)),
                          Attribute.string("mode", mode)),
                  size(2, 3, 4, 5))
              .inFloat()
              .atOpset(10));
    }
    cases.add(
        new OperatorCase(
                "TopK",
                "last axis",
                (g, x, c) ->
                    g.nodes("TopK", List.of(x.get(0), g.constant("k", size(2), 1)), 2).get(0),
                size(3, 5))
            .inFloat()
            .atOpset(10));
    cases.add(
        new OperatorCase(
                "If",
                "constant condition",
                (g, x, c) ->
                    g.node(
                        "If",
                        List.of(
                            g.constant("yes", Tensor.ofBytes(ElementType.BOOL, new byte[] {1}))),
                        branch("then_branch", "Exp"),
                        branch("else_branch", "Neg")),
                size(2, 3))
            .inFloat()
            .atOpset(7));
  }

  private static Attribute branch(String name, String operator) {
    ValueInfo result = new ValueInfo(name, ElementType.FLOAT, Optional.empty());
    Node node = new Node("", operator, "", List.of("x0"), List.of(name), List.of());
    return Attribute.graph(
        name, new Graph(name, List.of(), List.of(result), List.of(node), Map.of(), List.of()));
  }

  private static void furtherShapes(List<OperatorCase> cases) {
    for (String operator : List.of("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss")) {
      cases.add(
          new OperatorCase(
                  operator,
                  "pixels",
                  (g, x, c) ->
                      g.node(
                          operator,
                          List.of(x.get(0), g.constant("t", size(2, 0, 1, 1, 0, 2), 2, 3))),
                  size(2, 4, 3))
              .inFloat()
              .between(0.2, 2));
    }
    cases.add(
        new OperatorCase(
                "OneHot",
                "first axis",
                (g, x, c) ->
                    g.node(
                        "OneHot",
                        List.of(
                            g.constant("labels", size(1, 0, 3, 1), 4),
                            g.constant("depth", size(4), 1),
                            g.node("Mul", List.of(x.get(0), x.get(1)))),
                        Attribute.integer("axis", 0)),
                size(2),
                size(1))
            .inFloat());
    cases.add(
        new OperatorCase(
                "OneHot",
                "of a scaled pair",
                (g, x, c) ->
                    g.node(
                        "OneHot",
                        List.of(
                            g.constant("labels", size(1, 0), 1, 2),
                            g.constant("depth", size(3), 1),
                            g.node("Mul", List.of(x.get(0), x.get(1))))),
                size(1),
                size(2))
            .inFloat());
    cases.add(
        plain(
                "RNN",
                "forward",
                List.of(size(2, 1, 3), size(1, 4, 3), size(1, 4, 4)),
                Attribute.integer("hidden_size", 4))
            .inFloat()
            .needsSizes());
    cases.add(
        new OperatorCase(
            "Unique",
            "of a matrix",
            (g, x, c) -> g.nodes("Unique", x, 1, Attribute.integer("sorted", 0)).get(0),
            size(2, 3)));
    for (long axis = 0; axis < 2; axis++) {
      Attribute along = Attribute.integer("axis", axis);
      cases.add(
          new OperatorCase(
                  "Split",
                  "halves of axis " + axis,
                  (g, x, c) ->
                      c.opset() < 18
                          ? g.nodes("Split", x, 2, along).get(1)
                          : g.nodes("Split", x, 2, along, Attribute.integer("num_outputs", 2))
                              .get(1),
                  axis == 0 ? size(4, 3) : size(3, 6, 2))
              .inFloat()
              .atOpset(11));
    }
    cases.add(
        new OperatorCase(
                "Scan",
                "longer rows",
                (g, x, c) ->
                    g.nodes(
                            "Scan",
                            x,
                            2,
                            Attribute.graph("body", ComposedCases.body(false, 5)),
                            Attribute.integer("num_scan_inputs", 1))
                        .get(1),
                size(5),
                size(2, 5))
            .needsSizes());
  }

  private static void threeShapes(List<OperatorCase> cases) {
    for (long count : size(1, 2)) {
      cases.add(
          new OperatorCase(
                  "AffineGrid",
                  count + " maps of space",
                  (g, x, c) ->
                      g.node(
                          "AffineGrid",
                          List.of(x.get(0), g.constant("size", size(count, 2, 2, 3, 4), 5))),
                  size(count, 3, 4))
              .inFloat()
              .atOpset(20));
      cases.add(
          new OperatorCase(
                  "DequantizeLinear",
                  "of " + count + " rows, one scale",
                  (g, x, c) -> {
                    byte[] bytes = new byte[(int) count * 4];
                    Arrays.fill(bytes, (byte) -3);
                    Tensor tensor = Tensor.ofBytes(ElementType.INT8, bytes, count, 4);
                    Value point = g.constant("p", Tensor.ofBytes(ElementType.INT8, new byte[] {2}));
                    return g.node(
                        "DequantizeLinear", List.of(g.constant("q", tensor), x.get(0), point));
                  },
                  count == 1 ? size() : size(1))
              .inFloat());
      cases.add(
          new OperatorCase(
              "Loop",
              "of " + count,
              (g, x, c) ->
                  g.node(
                      "Loop",
                      List.of(g.constant("steps", Tensor.of(size(2))), g.omitted(), x.get(1)),
                      Attribute.graph("body", ComposedCases.body(true, count))),
              size(count),
              size(count)));
      cases.add(
          new OperatorCase(
                  "MaxUnpool",
                  "rows of " + count,
                  (g, x, c) ->
                      g.node(
                          "MaxUnpool",
                          List.of(
                              x.get(0),
                              g.constant("i", count == 1 ? size(1) : size(0, 3), 1, 1, count)),
                          Attribute.ints("kernel_shape", 2),
                          Attribute.ints("strides", 2)),
                  size(1, 1, count))
              .inFloat());
    }
  }

  /** A body with an operator whose rule asks for an output that the body does not use. */
  private static OperatorCase pooledTwice() {
    ValueInfo step = ValueInfo.of("step", ElementType.INT64, Shape.of());
    ValueInfo go = ValueInfo.of("go", ElementType.BOOL, Shape.of());
    ValueInfo state = new ValueInfo("state", ElementType.FLOAT, Optional.empty());
    ValueInfo on = ValueInfo.of("on", ElementType.BOOL, Shape.of());
    ValueInfo next = new ValueInfo("next", ElementType.FLOAT, Optional.empty());
    Node same = new Node("", "Identity", "", List.of("go"), List.of("on"), List.of());
    Node pool =
        new Node(
            "",
            "MaxPool",
            "",
            List.of("state"),
            List.of("next"),
            List.of(Attribute.ints("kernel_shape", 2, 2)));
    Graph body =
        new Graph(
            "body",
            List.of(step, go, state),
            List.of(on, next),
            List.of(same, pool),
            Map.of(),
            List.of());
    return new OperatorCase(
            "Loop",
            "of pools",
            (g, x, c) ->
                g.node(
                    "Loop",
                    List.of(g.constant("steps", Tensor.of(size(2))), g.omitted(), x.get(0)),
                    Attribute.graph("body", body)),
            size(1, 2, 5, 4))
        .inFloat();
  }

  private static void others(List<OperatorCase> cases) {
    cases.add(pooledTwice());
    for (long count : size(2, 4, 5)) {
      cases.add(
          new OperatorCase(
              "Range",
              "of " + count,
              (g, x, c) -> {
                Value delta = g.node("Abs", List.of(x.get(1)));
                Value steps = g.constant("steps", Tensor.of(new double[] {count - 0.5}));
                Value end = g.node("Add", List.of(x.get(0), g.node("Mul", List.of(delta, steps))));
                Value scalars = g.node("Range", List.of(x.get(0), end, delta));
                return g.node("Mul", List.of(scalars, x.get(2)));
              },
              size(),
              size(),
              size(1, count)));
    }
    for (int output = 0; output < 3; output++) {
      int taken = output;
      cases.add(
          new OperatorCase(
                  "BatchNormalization",
                  "training, output " + output,
                  (g, x, c) ->
                      g.nodes(
                              "BatchNormalization",
                              x,
                              3,
                              Attribute.integer("training_mode", 1),
                              Attribute.decimal("momentum", 0.7f))
                          .get(taken),
                  size(3, 2, 4),
                  size(2),
                  size(2),
                  size(2),
                  size(2))
              .inFloat()
              .between(0.2, 2)
              .atOpset(15));
    }
    cases.add(
        new OperatorCase(
                "MaxPool",
                "column-major",
                (g, x, c) ->
                    g.nodes(
                            "MaxPool",
                            x,
                            2,
                            Attribute.ints("kernel_shape", 2, 2),
                            Attribute.integer("storage_order", 1))
                        .get(0),
                size(2, 3, 4, 5))
            .inFloat());
    for (long count : size(1, 2, 3)) {
      cases.add(
          new OperatorCase(
                  "Scan",
                  "batches of " + count,
                  (g, x, c) ->
                      g.nodes(
                              "Scan",
                              List.of(g.omitted(), x.get(0), x.get(1)),
                              2,
                              Attribute.graph("body", ComposedCases.body(false, 3)),
                              Attribute.integer("num_scan_inputs", 1))
                          .get(1),
                  size(count, 3),
                  size(count, 4, 3))
              .needsSizes()
              .atOpset(8));
    }
  }

  private static void scattered(List<OperatorCase> cases) {
    for (long[] x : List.of(size(5, 2), size(3, 2), size(4, 2))) {
      cases.add(
          new OperatorCase(
                  "ScatterElements",
                  "rows apart of " + Arrays.toString(x),
                  (g, in, c) ->
                      g.node(
                          "ScatterElements",
                          List.of(in.get(0), g.constant("i", size(2, 0, 1, 2), 2, 2), in.get(1))),
                  x,
                  size(2, 2))
              .ofTheseSizes()
              .atOpset(11));
      cases.add(
          new OperatorCase(
                  "ScatterND",
                  "rows of " + Arrays.toString(x),
                  (g, in, c) ->
                      g.node(
                          "ScatterND",
                          List.of(in.get(0), g.constant("i", size(2, 0), 2, 1), in.get(1))),
                  x,
                  size(2, 2))
              .ofTheseSizes()
              .atOpset(11));
    }
  }
}
