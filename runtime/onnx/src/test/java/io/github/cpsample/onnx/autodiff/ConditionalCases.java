package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Branches that read values from around them. */
final class ConditionalCases {

  private ConditionalCases() {}

  static void addTo(List<OperatorCase> cases) {
    for (int opset : new int[] {11, 13, 17, 20}) {
      for (boolean taken : new boolean[] {true, false}) {
        cases.add(
            new OperatorCase(
                    "If",
                    "different values, " + taken,
                    (g, x, c) -> different(g, x, taken),
                    size(2, 3),
                    size(3))
                .atOpset(opset));
        cases.add(
            new OperatorCase(
                    "If", "nested, " + taken, (g, x, c) -> nested(g, x, taken), size(2, 3), size(3))
                .atOpset(opset));
      }
    }
    cases.add(
        new OperatorCase(
            "If", "two outputs, amid others", ConditionalCases::twoOutputs, size(2, 3), size(3)));
    cases.add(
        new OperatorCase(
            "If",
            "a cotangent that is a gradient as well",
            ConditionalCases::shared,
            size(2, 3),
            size(2, 3)));
  }

  /** A condition that depends on the shape of a value; no constant. */
  private static Value condition(GraphBuilder g, Value x, boolean taken) {
    Value rank = g.node("Size", List.of(x));
    long bound = taken ? 0 : 1000;
    return g.greater(rank, g.constant("bound of " + x.name(), Tensor.of(new long[] {bound})));
  }

  private static Node node(String operator, String output, String... inputs) {
    return new Node("", operator, "", List.of(inputs), List.of(output), List.of());
  }

  private static Attribute branch(
      String name, ElementType type, List<Node> nodes, String... outputs) {
    List<ValueInfo> results = new ArrayList<>();
    for (String output : outputs) {
      results.add(new ValueInfo(output, type, Optional.empty()));
    }
    return Attribute.graph(name, new Graph(name, List.of(), results, nodes, Map.of(), List.of()));
  }

  private static ElementType type() {
    return ElementType.DOUBLE;
  }

  /** Both branches use the same names, and the second reads more. */
  private static Value different(GraphBuilder g, List<Value> x, boolean taken) {
    String a = g.sin(x.get(0)).name();
    String b = x.get(1).name();
    Attribute yes =
        branch(
            "then_branch",
            type(),
            List.of(node("Mul", "inner", a, a), node("Add", "result", "inner", a)),
            "result");
    Attribute no =
        branch(
            "else_branch",
            type(),
            List.of(node("Exp", "inner", b), node("Mul", "result", "inner", a)),
            "result");
    Value y = g.node("If", List.of(condition(g, x.get(0), taken)), yes, no);
    return g.mul(y, x.get(0));
  }

  private static Value nested(GraphBuilder g, List<Value> x, boolean taken) {
    String a = x.get(0).name();
    String b = x.get(1).name();
    Attribute deepYes =
        branch("then_branch", type(), List.of(node("Mul", "deep", "inner", b)), "deep");
    Attribute deepNo = branch("else_branch", type(), List.of(node("Neg", "deep", a)), "deep");
    String condition = condition(g, x.get(0), true).name();
    Node choice =
        new Node("", "If", "", List.of(condition), List.of("chosen"), List.of(deepYes, deepNo));
    Attribute yes =
        branch(
            "then_branch",
            type(),
            List.of(node("Sigmoid", "inner", a), choice, node("Mul", "result", "chosen", "inner")),
            "result");
    Attribute no = branch("else_branch", type(), List.of(node("Identity", "result", a)), "result");
    return g.node("If", List.of(condition(g, x.get(1), taken)), yes, no);
  }

  /** Of two outputs one is used; a constant of the branch's own. */
  private static Value twoOutputs(GraphBuilder g, List<Value> x, OperatorCase.Constants constants) {
    String a = x.get(0).name();
    Tensor half = Tensor.of(new double[] {0.5});
    List<ValueInfo> outputs = new ArrayList<>();
    for (String output : List.of("used", "unused")) {
      outputs.add(new ValueInfo(output, type(), Optional.empty()));
    }
    List<Node> nodes =
        List.of(
            node("Mul", "scaled", a, "half"),
            node("Tanh", "used", "scaled"),
            node("Exp", "unused", x.get(1).name()));
    Graph graph = new Graph("branch", List.of(), outputs, nodes, Map.of("half", half), List.of());
    Value y =
        g.nodes(
                "If",
                List.of(condition(g, x.get(0), true)),
                2,
                Attribute.graph("then_branch", graph),
                Attribute.graph("else_branch", graph))
            .get(0);
    return g.node("Sum", List.of(y, x.get(0), x.get(1)));
  }

  /** What the branch's output gets is the second input's gradient, under the gradient's name. */
  private static Value shared(GraphBuilder g, List<Value> x, OperatorCase.Constants constants) {
    String a = x.get(0).name();
    Attribute yes = branch("then_branch", type(), List.of(node("Neg", "inner", a)), "inner");
    Attribute no = branch("else_branch", type(), List.of(node("Exp", "inner", a)), "inner");
    Value y = g.node("If", List.of(condition(g, x.get(0), true)), yes, no);
    return g.tanh(g.add(y, x.get(1)));
  }
}
