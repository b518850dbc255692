package io.github.cpsample.composition;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.protection.Certainty;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.Views;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what protects a step: nothing for rows that are not asked about; else the classifier and,
 * for the guarded rows alone, its forward and backward pass. Gate and force are those of {@code
 * protection}, in float64 on the logits.
 */
final class GuidanceNodes {

  private static final String THEN = "then_branch";
  private static final String ELSE = "else_branch";

  private final ProtectedModels models;
  private final Manifest.Classifier spec;
  private final Force force;
  private final boolean pushes;
  private final Shape images;
  private final Shape rows;

  /**
   * @param pushes whether guarded rows may be pushed; otherwise nothing is differentiated
   * @param images [N,C,H,W]
   */
  GuidanceNodes(
      ProtectedModels models, Manifest.Classifier spec, Force force, boolean pushes, Shape images) {
    this.models = models;
    this.spec = spec;
    this.force = force;
    this.pushes = pushes;
    this.images = images;
    this.rows = Shape.of(images.dim(0));
  }

  /**
   * What a step works with.
   *
   * @param asked about which rows the classifier is asked, bool [N]
   * @param x what the classifier is asked about, images, [N,C,H,W]
   * @param t their timesteps, [N]
   * @param certainty of rows that are not asked about, [N]
   * @param alpha float64 [N]
   * @param scale float64 [N]
   * @param moves whether rows are pushed where they are guarded, bool [N]; null if all are
   * @param ofGradient by what the gradient is multiplied, float64 [N]; null for 1
   */
  record Operands(
      Value asked,
      Value x,
      Value t,
      Value certainty,
      Value alpha,
      Value scale,
      @Nullable Value moves,
      @Nullable Value ofGradient) {
    /** The rows at some places. */
    Operands at(Nodes nodes, Value places) {
      return new Operands(
          asked,
          nodes.gather(x, places),
          nodes.gather(t, places),
          certainty,
          nodes.gather(alpha, places),
          nodes.gather(scale, places),
          moves == null ? null : nodes.gather(moves, places),
          ofGradient == null ? null : nodes.gather(ofGradient, places));
    }
  }

  /**
   * What a step gets.
   *
   * @param guidance g, [N,C,H,W]; 0 for rows that are not pushed
   * @param guarded bool [N]
   * @param pushed which of the guarded ones are pushed, bool [N]
   * @param certainty [N]
   */
  record Guidance(Value guidance, Value guarded, Value pushed, Value certainty) {}

  Guidance write(Nodes nodes, Operands operands) {
    GraphBuilder outer = nodes.graph();
    Value places = nodes.places(operands.asked());
    List<Value> results =
        outer.nodes(
            "If",
            List.of(nodes.any(places)),
            3,
            Attribute.graph(THEN, ask(outer.subgraph("ask"), operands, places)),
            Attribute.graph(ELSE, skip(outer.subgraph("skip"), operands)));
    Value guarded = results.get(1);
    return new Guidance(results.get(0), guarded, pushed(nodes, guarded, operands), results.get(2));
  }

  private Value pushed(Nodes nodes, Value guarded, Operands operands) {
    if (!pushes) {
      return none(nodes, operands);
    }
    return operands.moves() == null ? guarded : nodes.and(guarded, operands.moves());
  }

  /**
   * The logarithm of the certainty about each image, float64 [N], by the classifier.
   *
   * @param prefix of the names of its weights
   */
  Value logCertainty(Nodes nodes, String prefix, Value x, Value t) {
    return logCertainty(nodes, logits(nodes, prefix, x, t));
  }

  /**
   * The same about finished images, in some views; see {@link Views}.
   *
   * @param x images as they are, [M,C,H,W]
   * @param t timesteps, [M]
   */
  Value logCertainty(Nodes nodes, String prefix, Value x, Value t, Views views) {
    if (views == Views.ONE) {
      return logCertainty(nodes, prefix, x, t);
    }
    Value all =
        logits(
            nodes,
            prefix,
            moved(nodes, x, views),
            nodes.node("Tile", List.of(t, nodes.integers(views.count()))));
    Value byView = nodes.reshape(all, views.count(), -1, spec.bits());
    Value sum = sum(nodes, byView, 0);
    Value mean = logCertainty(nodes, nodes.over(sum, nodes.number(views.count())));
    Value own = logCertainty(nodes, nodes.at(byView, 0, 0));
    Value hardly = nodes.less(nodes.exp(own), nodes.number(Views.LEAST_CERTAINTY));
    return nodes.where(hardly, own, mean);
  }

  /** All views one after the other, [views M,C,H,W]. */
  private static Value moved(Nodes nodes, Value x, Views views) {
    Value padded =
        nodes.node(
            "Pad",
            List.of(x, nodes.integers(0, 0, 1, 1, 0, 0, 1, 1)),
            Attribute.string("mode", "edge"));
    List<Value> all = new ArrayList<>();
    for (int view = 0; view < views.count(); view++) {
      long top = 1L - Views.down(view);
      long left = 1L - Views.right(view);
      all.add(
          nodes.node(
              "Slice",
              List.of(
                  padded,
                  nodes.integers(top, left),
                  nodes.integers(end(top), end(left)),
                  nodes.integers(2, 3))));
    }
    return nodes.concat(all, 0);
  }

  /** Where a slice ends that leaves two of the rows of padding before or behind it out. */
  private static long end(long begin) {
    return begin == 2 ? Long.MAX_VALUE : begin - 2;
  }

  private Value logits(Nodes nodes, String prefix, Value x, Value t) {
    Map<String, Value> bound = new HashMap<>();
    bound.put(spec.input(), x);
    bound.put(spec.timestep(), t);
    Value logits =
        Checks.entry(
            nodes.graph().inline(models.classifier().graph(), prefix, bound), spec.output());
    return nodes.wide(logits);
  }

  private Value logCertainty(Nodes nodes, Value logits) {
    return nodes.over(sum(nodes, Certainty.log(nodes, logits), 1), nodes.number(spec.bits()));
  }

  private static Value sum(Nodes nodes, Value value, long axis) {
    return nodes.reduce("ReduceSum", value, false, axis);
  }

  private Graph ask(GraphBuilder graph, Operands operands, Value places) {
    Nodes nodes = new Nodes(graph);
    Operands asked = operands.at(nodes, places);
    Value logits = logits(nodes, "classifier/", asked.x(), asked.t());
    Value log = logCertainty(nodes, logits);
    Value guards = Gate.guards(nodes, log, asked.alpha());
    Value guidance = zeros(nodes, operands);
    if (pushes) {
      Value found = nodes.places(asked.moves() == null ? guards : nodes.and(guards, asked.moves()));
      guidance =
          graph.node(
              "If",
              List.of(nodes.any(found)),
              Attribute.graph(
                  THEN, push(graph.subgraph("push"), operands, asked, logits, places, found)),
              Attribute.graph(ELSE, leave(graph.subgraph("leave"), operands)));
    }
    Value certainty = nodes.cast(nodes.exp(log), ElementType.FLOAT);
    return finish(
        graph,
        "ask",
        guidance,
        nodes.scattered(none(nodes, operands), places, guards),
        nodes.scattered(operands.certainty(), places, certainty));
  }

  /**
   * Forward and backward pass for some rows, with weights of its own: ONNX Runtime lays out only
   * the convolutions in blocks whose weights belong to the same graph.
   *
   * @param places of the rows that are asked about
   * @param found which of these are guarded
   */
  private Graph push(
      GraphBuilder graph,
      Operands operands,
      Operands asked,
      Value logits,
      Value places,
      Value found) {
    Nodes nodes = new Nodes(graph);
    Operands guarded = asked.at(nodes, found);
    Map<String, Value> bound = new HashMap<>();
    bound.put(spec.input(), guarded.x());
    bound.put(spec.timestep(), guarded.t());
    bound.put(
        ReverseDifferentiator.seedOf(spec.output()),
        cotangent(nodes, nodes.gather(logits, found), guarded.scale()));
    Value gradient =
        Checks.entry(
            graph.inline(models.gradient().graph(), "gradient/", bound),
            ReverseDifferentiator.gradientOf(spec.input()));
    if (guarded.ofGradient() != null) {
      Value factor = nodes.ofRows(guarded.ofGradient());
      gradient = nodes.narrow(nodes.times(factor, nodes.wide(gradient)));
    }
    Value guidance = nodes.scattered(zeros(nodes, operands), nodes.gather(places, found), gradient);
    graph.output("pushed", guidance, ElementType.FLOAT, images);
    return graph.graph();
  }

  /** The scaled cotangent of every row, float [M,K]. */
  private Value cotangent(Nodes nodes, Value logits, Value scale) {
    Value mean = nodes.over(force.slope(nodes, logits), nodes.number(spec.bits()));
    Value column = nodes.unsqueeze(scale, 1);
    return nodes.cast(nodes.times(mean, column), ElementType.FLOAT);
  }

  private Graph leave(GraphBuilder graph, Operands operands) {
    graph.output("left", zeros(new Nodes(graph), operands), ElementType.FLOAT, images);
    return graph.graph();
  }

  private Graph skip(GraphBuilder graph, Operands operands) {
    Nodes nodes = new Nodes(graph);
    return finish(
        graph, "skip", zeros(nodes, operands), none(nodes, operands), operands.certainty());
  }

  private Graph finish(
      GraphBuilder graph, String name, Value guidance, Value guarded, Value certainty) {
    graph.output(name + "/guidance", guidance, ElementType.FLOAT, images);
    graph.output(name + "/guarded", guarded, ElementType.BOOL, rows);
    graph.output(name + "/certainty", certainty, ElementType.FLOAT, rows);
    return graph.graph();
  }

  private static Value none(Nodes nodes, Operands operands) {
    return nodes.filled(
        nodes.rows(operands.x()), Tensor.ofBytes(ElementType.BOOL, new byte[] {0}, 1));
  }

  private static Value zeros(Nodes nodes, Operands operands) {
    return nodes.filled(nodes.shapeOf(operands.x()), Tensor.of(new float[] {0}, 1));
  }
}
