package io.github.cpsample.composition;

import io.github.cpsample.bundle.ClassifierSpec;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what protects a step: nothing at timesteps that are not guarded; else the classifier for
 * the whole batch and, for the guarded rows alone, its forward and backward pass.
 */
final class GuidanceNodes {

  private static final String THEN = "then_branch";
  private static final String ELSE = "else_branch";

  private final ProtectedModels models;
  private final ClassifierSpec spec;
  private final GuardNodes guard;
  private final Shape images;
  private final Shape rows;

  /**
   * @param images [N,C,H,W]
   */
  GuidanceNodes(ProtectedModels models, ClassifierSpec spec, GuardNodes guard, Shape images) {
    this.models = models;
    this.spec = spec;
    this.guard = guard;
    this.images = images;
    this.rows = Shape.of(images.dim(0));
  }

  /**
   * What a step works with.
   *
   * @param asked whether the classifier is asked, bool scalar
   * @param x images, [N,C,H,W]
   * @param t their timestep, [N]
   * @param certainty of the last step that asked, [N]
   * @param alpha float64 scalar
   * @param scale float64 scalar
   */
  record Operands(Value asked, Value x, Value t, Value certainty, Value alpha, Value scale) {}

  /**
   * What a step gets.
   *
   * @param guidance g, [N,C,H,W]; 0 for rows that are not guarded
   * @param guarded bool [N]
   * @param certainty [N]
   */
  record Guidance(Value guidance, Value guarded, Value certainty) {}

  Guidance write(Nodes nodes, Operands operands) {
    GraphBuilder outer = nodes.graph();
    List<Value> results =
        outer.nodes(
            "If",
            List.of(operands.asked()),
            3,
            Attribute.graph(THEN, ask(outer.subgraph("ask"), operands)),
            Attribute.graph(ELSE, skip(outer.subgraph("skip"), operands)));
    return new Guidance(results.get(0), results.get(1), results.get(2));
  }

  private Graph ask(GraphBuilder graph, Operands operands) {
    Nodes nodes = new Nodes(graph);
    Map<String, Value> bound = new HashMap<>();
    bound.put(spec.input(), operands.x());
    bound.put(spec.timestep(), operands.t());
    Value logits =
        graph.inline(models.classifier().graph(), "classifier/", bound).get(spec.output());
    GuardNodes.Decision decision = guard.decide(nodes, logits, operands.alpha());
    Value found = nodes.op("Reshape", nodes.op("NonZero", decision.guarded()), nodes.indices(-1));
    Value any = nodes.op("Greater", nodes.op("Size", found), nodes.index(0));
    Value guidance =
        graph.node(
            "If",
            List.of(any),
            Attribute.graph(THEN, push(graph.subgraph("push"), operands, logits, found)),
            Attribute.graph(ELSE, leave(graph.subgraph("leave"), operands)));
    return finish(graph, "ask", guidance, decision.guarded(), decision.certainty());
  }

  /**
   * Forward and backward pass for some rows, with weights of its own: ONNX Runtime lays out only
   * the convolutions in blocks whose weights belong to the same graph.
   */
  private Graph push(GraphBuilder graph, Operands operands, Value logits, Value found) {
    Nodes nodes = new Nodes(graph);
    Map<String, Value> bound = new HashMap<>();
    bound.put(spec.input(), nodes.op("Gather", operands.x(), found));
    bound.put(spec.timestep(), nodes.op("Gather", operands.t(), found));
    bound.put(
        ReverseDifferentiator.seedOf(spec.output()),
        guard.cotangent(nodes, nodes.op("Gather", logits, found), operands.scale()));
    Value gradient =
        graph
            .inline(models.gradient().graph(), "gradient/", bound)
            .get(ReverseDifferentiator.gradientOf(spec.input()));
    Value places = nodes.op("Unsqueeze", found, nodes.indices(1));
    Value guidance = nodes.op("ScatterND", zeros(nodes, operands), places, gradient);
    graph.output("pushed", guidance, ElementType.FLOAT, images);
    return graph.graph();
  }

  private Graph leave(GraphBuilder graph, Operands operands) {
    graph.output("left", zeros(new Nodes(graph), operands), ElementType.FLOAT, images);
    return graph.graph();
  }

  private Graph skip(GraphBuilder graph, Operands operands) {
    Nodes nodes = new Nodes(graph);
    Value none =
        nodes.filled(nodes.rows(operands.x()), Tensor.ofBytes(ElementType.BOOL, new byte[] {0}, 1));
    return finish(graph, "skip", zeros(nodes, operands), none, operands.certainty());
  }

  private Graph finish(
      GraphBuilder graph, String name, Value guidance, Value guarded, Value certainty) {
    graph.output(name + "/guidance", guidance, ElementType.FLOAT, images);
    graph.output(name + "/guarded", guarded, ElementType.BOOL, rows);
    graph.output(name + "/certainty", certainty, ElementType.FLOAT, rows);
    return graph.graph();
  }

  private static Value zeros(Nodes nodes, Operands operands) {
    return nodes.filled(nodes.shape(operands.x()), Tensor.of(new float[] {0}, 1));
  }
}
