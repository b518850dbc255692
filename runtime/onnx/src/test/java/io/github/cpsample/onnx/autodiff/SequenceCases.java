package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.List;

/** Sequences whose elements are known before the model runs. */
final class SequenceCases {

  private static final List<Integer> OPSETS = List.of(11, 17, 24);
  private static final int COPIES_SEQUENCES = 14;
  private static final int MAPS = 17;

  private SequenceCases() {}

  static void addTo(List<OperatorCase> cases) {
    for (int opset : OPSETS) {
      List<OperatorCase> added = new ArrayList<>();
      built(added);
      split(added);
      joined(added);
      if (opset >= MAPS) {
        mapped(added);
      }
      added.forEach(one -> cases.add(one.atOpset(opset)));
    }
  }

  private static Value at(GraphBuilder g, Value sequence, long position) {
    return g.node("SequenceAt", List.of(sequence, scalar(g, position)));
  }

  private static Value scalar(GraphBuilder g, long value) {
    return g.constant(Tensor.of(new long[] {value}));
  }

  private static Value pair(GraphBuilder g, List<Value> x) {
    return g.node("SequenceConstruct", List.of(g.sin(x.get(0)), x.get(1)));
  }

  private static void built(List<OperatorCase> cases) {
    cases.add(
        new OperatorCase(
            "SequenceConstruct",
            "both elements, from either end",
            (g, x, c) -> g.mul(at(g, pair(g, x), 0), at(g, pair(g, x), -1)),
            size(2, 3),
            size(2, 3)));
    cases.add(
        new OperatorCase(
            "SequenceAt", "second", (g, x, c) -> at(g, pair(g, x), 1), size(2, 3), size(3, 2)));
    cases.add(
        new OperatorCase(
            "SequenceEmpty",
            "with one element",
            (g, x, c) -> {
              Attribute type = Attribute.integer("dtype", ElementType.DOUBLE.code());
              Value empty = g.node("SequenceEmpty", List.of(), type);
              return at(g, g.node("SequenceInsert", List.of(empty, g.exp(x.get(0)))), 0);
            },
            size(2, 3)));
    for (long place : new long[] {0, 1, -1}) {
      cases.add(
          new OperatorCase(
              "SequenceInsert",
              "at " + place,
              (g, x, c) -> {
                List<Value> given = List.of(pair(g, x), g.exp(x.get(1)), scalar(g, place));
                Value three = g.node("SequenceInsert", given);
                return g.add(g.mul(at(g, three, 0), at(g, three, 1)), at(g, three, 2));
              },
              size(2, 3),
              size(2, 3)));
      cases.add(
          new OperatorCase(
              "SequenceErase",
              "at " + place,
              (g, x, c) -> {
                Value one = g.node("SequenceErase", List.of(pair(g, x), scalar(g, place)));
                boolean copied = c.opset() >= COPIES_SEQUENCES;
                return g.exp(at(g, copied ? g.node("Identity", List.of(one)) : one, 0));
              },
              size(2, 3),
              size(2, 3)));
    }
    cases.add(
        new OperatorCase(
            "SequenceLength",
            "as a factor",
            (g, x, c) -> {
              Value length = g.node("SequenceLength", List.of(pair(g, x)));
              return g.mul(x.get(0), g.cast(length, ElementType.DOUBLE));
            },
            size(2, 3),
            size(4)));
  }

  private static void split(List<OperatorCase> cases) {
    for (int axis : new int[] {0, 1, -1}) {
      for (boolean keeps : new boolean[] {false, true}) {
        cases.add(
            new OperatorCase(
                    "SplitToSequence",
                    "one by one, axis " + axis + ", keepdims " + keeps,
                    (g, x, c) -> {
                      Value parts =
                          g.node(
                              "SplitToSequence",
                              x,
                              Attribute.integer("axis", axis),
                              Attribute.integer("keepdims", keeps ? 1 : 0));
                      return g.mul(at(g, parts, 0), at(g, parts, -1));
                    },
                    size(2, 3))
                .needsSizes());
      }
    }
    cases.add(
        new OperatorCase(
                "SplitToSequence",
                "by twos, the last is shorter",
                (g, x, c) -> {
                  Value parts =
                      g.node(
                          "SplitToSequence",
                          List.of(g.sin(x.get(0)), scalar(g, 2)),
                          Attribute.integer("axis", 1));
                  return g.mul(at(g, parts, 0), at(g, parts, 2));
                },
                size(3, 5))
            .needsSizes()
            .ofTheseSizes());
    cases.add(
        new OperatorCase(
                "SplitToSequence",
                "as listed",
                (g, x, c) -> {
                  Value sizes = g.integers(1, 3);
                  Value parts = g.node("SplitToSequence", List.of(x.get(0), sizes));
                  return g.mul(at(g, parts, 0), at(g, parts, 1));
                },
                size(4, 2))
            .ofTheseSizes());
    cases.add(
        new OperatorCase(
                "SplitToSequence",
                "of what another sequence gave",
                (g, x, c) -> {
                  Value again =
                      g.node("SplitToSequence", List.of(at(g, pair(g, x), 0), scalar(g, 1)));
                  return at(g, again, 1);
                },
                size(3, 2),
                size(2))
            .needsSizes());
  }

  private static void joined(List<OperatorCase> cases) {
    for (long axis : new long[] {0, 1, -1}) {
      for (boolean stacks : new boolean[] {false, true}) {
        cases.add(
            new OperatorCase(
                "ConcatFromSequence",
                "axis " + axis + ", new axis " + stacks,
                (g, x, c) ->
                    g.node(
                        "ConcatFromSequence",
                        List.of(pair(g, x)),
                        Attribute.integer("axis", axis),
                        Attribute.integer("new_axis", stacks ? 1 : 0)),
                size(2, 3),
                size(2, 3)));
      }
    }
  }

  private static Shape open() {
    return Shape.of(Dim.unknown(), Dim.unknown());
  }

  /** A body that knows a value around it, of as many sequences and tensors as it has names. */
  private static Attribute body(GraphBuilder g, Value around, String... names) {
    GraphBuilder body = g.subgraph("body");
    List<Value> given = new ArrayList<>();
    for (String name : names) {
      given.add(body.input(name, ElementType.DOUBLE, open()));
    }
    Value first = body.sin(given.get(0));
    Value factor = names.length > 1 ? body.mul(first, given.get(1)) : first;
    Value half = body.constant(Tensor.of(new double[] {0.5}));
    Value sum = body.add(factor, body.mul(half, around));
    body.output("product " + names[names.length - 1], factor, ElementType.DOUBLE, open());
    body.output("sum " + names[names.length - 1], sum, ElementType.DOUBLE, open());
    return Attribute.graph("body", body.graph());
  }

  private static void mapped(List<OperatorCase> cases) {
    cases.add(
        new OperatorCase(
            "SequenceMap",
            "with what is around it",
            (g, x, c) -> {
              List<Value> both =
                  g.nodes("SequenceMap", List.of(pair(g, x)), 2, body(g, x.get(1), "a"));
              return g.mul(at(g, both.get(0), 0), at(g, both.get(1), 1));
            },
            size(2, 3),
            size(2, 3)));
    cases.add(
        new OperatorCase(
            "SequenceMap",
            "with a tensor",
            (g, x, c) -> {
              List<Value> given = List.of(pair(g, x), x.get(1));
              List<Value> both = g.nodes("SequenceMap", given, 2, body(g, x.get(0), "a", "b"));
              return g.add(at(g, both.get(0), 1), at(g, both.get(1), 0));
            },
            size(2, 3),
            size(2, 3)));
    cases.add(
        new OperatorCase(
            "SequenceMap",
            "of two sequences, twice",
            (g, x, c) -> {
              List<Value> given = List.of(pair(g, x), pair(g, x));
              List<Value> once = g.nodes("SequenceMap", given, 2, body(g, x.get(0), "a", "b"));
              List<Value> again =
                  g.nodes("SequenceMap", List.of(once.get(1)), 2, body(g, x.get(1), "d"));
              return g.node(
                  "ConcatFromSequence", List.of(again.get(0)), Attribute.integer("axis", 0));
            },
            size(2, 3),
            size(2, 3)));
  }
}
