package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import java.util.List;
import java.util.Map;

/** Operators that are written out as simpler ones, or that only some models have. */
final class ComposedCases {

  private ComposedCases() {}

  static void addTo(List<OperatorCase> cases) {
    transformers(cases);
    losses(cases);
    images(cases);
    loops(cases);
    others(cases);
  }

  private static Attribute integer(String name, long value) {
    return Attribute.integer(name, value);
  }

  private static void transformers(List<OperatorCase> cases) {
    List<long[]> rows = List.of(size(2, 3, 4), size(4));
    cases.add(OperatorCases.plain("RMSNormalization", "last axis", rows).inFloat().atOpset(23));
    List<long[]> turned = List.of(size(2, 3, 4, 6), size(2, 4, 3), size(2, 4, 3));
    for (int neighbours = 0; neighbours < 2; neighbours++) {
      cases.add(
          OperatorCases.plain(
                  "RotaryEmbedding",
                  "interleaved " + neighbours,
                  turned,
                  integer("interleaved", neighbours))
              .inFloat()
              .atOpset(23));
    }
    List<long[]> heads = List.of(size(2, 4, 3, 5), size(2, 2, 6, 5), size(2, 2, 6, 4));
    for (int causal = 0; causal < 2; causal++) {
      cases.add(
          OperatorCases.plain(
                  "Attention",
                  "shared heads, causal " + causal,
                  heads,
                  integer("is_causal", causal))
              .inFloat()
              .atOpset(23));
    }
    cases.add(
        OperatorCases.plain("Swish", "alpha", List.of(size(3, 4)), Attribute.decimal("alpha", 1.5f))
            .inFloat()
            .atOpset(24));
  }

  private static void losses(List<OperatorCase> cases) {
    for (String operator : List.of("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss")) {
      for (String reduction : List.of("mean", "sum", "none")) {
        cases.add(
            new OperatorCase(
                    operator,
                    reduction,
                    (g, x, c) ->
                        g.node(
                            operator,
                            List.of(x.get(0), g.constant("t", new long[] {2, 0}, 2), x.get(1)),
                            Attribute.string("reduction", reduction)),
                    size(2, 3),
                    size(3))
                .inFloat()
                .between(0.2, 2));
      }
    }
  }

  private static void images(List<OperatorCase> cases) {
    cases.add(
        new OperatorCase(
                "AffineGrid",
                "plane",
                (g, x, c) ->
                    g.node(
                        "AffineGrid",
                        List.of(x.get(0), g.constant("size", new long[] {2, 3, 4, 5}, 4))),
                size(2, 2, 3))
            .inFloat()
            .atOpset(20));
    for (String mode : List.of("linear", "cubic")) {
      cases.add(
          OperatorCases.plain(
                  "GridSample",
                  mode,
                  List.of(size(2, 3, 5, 4), size(2, 3, 3, 2)),
                  Attribute.string("mode", mode),
                  Attribute.string("padding_mode", "border"))
              .inFloat()
              .between(-0.8, 0.8)
              .atOpset(20));
    }
    cases.add(
        OperatorCases.withIntegers(
                "CenterCropPad", "both", size(3, 7, 4), List.of(new long[] {3, 4, 7}))
            .inFloat()
            .atOpset(18));
    cases.add(
        new OperatorCase(
                "MaxUnpool",
                "squares",
                (g, x, c) ->
                    g.node(
                        "MaxUnpool",
                        List.of(x.get(0), g.constant("i", new long[] {5, 7, 8, 14}, 1, 1, 2, 2)),
                        Attribute.ints("kernel_shape", 2, 2),
                        Attribute.ints("strides", 2, 2)),
                size(1, 1, 2, 2))
            .inFloat());
  }

  /** A product with what is gone through, of a number of elements. */
  static Graph body(boolean loop, long size) {
    ValueInfo state = ValueInfo.of("state", ElementType.DOUBLE, Shape.fixed(size));
    ValueInfo next = ValueInfo.of("next", ElementType.DOUBLE, Shape.fixed(size));
    ValueInfo seen = ValueInfo.of("seen", ElementType.DOUBLE, Shape.fixed(size));
    if (!loop) {
      ValueInfo row = ValueInfo.of("row", ElementType.DOUBLE, Shape.fixed(size));
      return new Graph(
          "body",
          List.of(state, row),
          List.of(next, seen),
          List.of(
              new Node("mul", "Mul", "", List.of("state", "row"), List.of("next"), List.of()),
              new Node("sin", "Sin", "", List.of("next"), List.of("seen"), List.of())),
          Map.of(),
          List.of());
    }
    ValueInfo step = ValueInfo.of("step", ElementType.INT64, Shape.of());
    ValueInfo go = ValueInfo.of("go", ElementType.BOOL, Shape.of());
    ValueInfo on = ValueInfo.of("on", ElementType.BOOL, Shape.of());
    return new Graph(
        "body",
        List.of(step, go, state),
        List.of(on, next),
        List.of(
            new Node("same", "Identity", "", List.of("go"), List.of("on"), List.of()),
            new Node("mul", "Mul", "", List.of("state", "x0"), List.of("next"), List.of())),
        Map.of(),
        List.of());
  }

  private static void loops(List<OperatorCase> cases) {
    cases.add(
        new OperatorCase(
            "Loop",
            "three steps",
            (g, x, c) ->
                g.node(
                    "Loop",
                    List.of(g.constant("count", Tensor.of(new long[] {3})), g.omitted(), x.get(1)),
                    Attribute.graph("body", body(true, 3))),
            size(3),
            size(3)));
    cases.add(
        new OperatorCase(
                "Scan",
                "rows",
                (g, x, c) ->
                    g.nodes(
                            "Scan",
                            x,
                            2,
                            Attribute.graph("body", body(false, 3)),
                            integer("num_scan_inputs", 1))
                        .get(1),
                size(3),
                size(4, 3))
            .needsSizes());
    Map<String, Integer> gates = Map.of("RNN", 1, "GRU", 3, "LSTM", 4);
    gates.forEach(
        (operator, count) ->
            cases.add(
                OperatorCases.plain(
                        operator,
                        "both directions",
                        List.of(
                            size(3, 2, 4),
                            size(2, count * 2, 4),
                            size(2, count * 2, 2),
                            size(2, count * 4)),
                        integer("hidden_size", 2),
                        Attribute.string("direction", "bidirectional"))
                    .inFloat()
                    .needsSizes()));
  }

  private static void others(List<OperatorCase> cases) {
    cases.add(OperatorCases.plain("Det", "stack", List.of(size(2, 3, 3))).inFloat().needsSizes());
    cases.add(
        new OperatorCase(
                "CumProd",
                "rows",
                (g, x, c) ->
                    g.node(
                        "CumProd",
                        List.of(x.get(0), g.constant("axis", Tensor.of(new long[] {1})))),
                size(2, 4))
            .inFloat()
            .atOpset(26));
    cases.add(
        new OperatorCase(
                "DequantizeLinear",
                "scales by column",
                (g, x, c) -> {
                  Tensor bytes =
                      Tensor.ofBytes(ElementType.INT8, new byte[] {1, -2, 3, 4, 5, -6}, 2, 3);
                  return g.node("DequantizeLinear", List.of(g.constant("q", bytes), x.get(0)));
                },
                size(3))
            .inFloat());
    cases.add(
        new OperatorCase(
                "OneHot",
                "levels",
                (g, x, c) -> {
                  Value labels = g.constant("labels", new long[] {2, 0}, 2);
                  Value depth = g.constant("depth", new long[] {3}, 1);
                  return g.node("OneHot", List.of(labels, depth, x.get(0)));
                },
                size(2))
            .inFloat());
    cases.add(
        new OperatorCase("Unique", "sorted", (g, x, c) -> g.nodes("Unique", x, 1).get(0), size(5)));
  }
}
