package io.github.cpsample.composition;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one protected step: denoiser, classifier, gate, backward pass, force and update. */
final class StepNodes {

  private final Manifest manifest;
  private final ProtectedModels models;
  private final StepTable.Layout layout;
  private final GuidanceNodes guidance;
  private final boolean pushes;

  /**
   * @param layout the factors that steps have
   * @param pushes whether guarded rows may be pushed
   */
  StepNodes(Manifest manifest, ProtectedModels models, StepTable.Layout layout, boolean pushes) {
    this.manifest = manifest;
    this.models = models;
    this.layout = layout;
    this.pushes = pushes;
    this.guidance =
        new GuidanceNodes(
            models, manifest.classifier(), manifest.protection().force(), pushes, images(manifest));
  }

  /** Shape of a batch of a model's images, [N,C,H,W]. */
  static Shape images(Manifest manifest) {
    ImageShape image = manifest.sampled();
    return Shape.of(
        Dim.symbolic("N"), Dim.of(image.channels()), Dim.of(image.height()), Dim.of(image.width()));
  }

  /**
   * What a step works with.
   *
   * @param x images, [N,C,H,W]
   * @param t their timesteps, [N]
   * @param label their class, int64 [N]; null for an unconditional denoiser
   * @param handedOver whether the fallback denoiser predicts, bool [N]; null where it never does
   * @param noise fresh noise, [N,C,H,W]; null where no step uses any
   * @param numbers the steps' numbers of a {@link StepTable}, float64 [N,2,W] or [1,2,W]
   * @param memory what earlier steps left
   * @param protection whether and how the classifier is asked
   */
  record Operands(
      Value x,
      Value t,
      @Nullable Value label,
      @Nullable Value handedOver,
      @Nullable Value noise,
      Value numbers,
      Memory memory,
      Asking protection) {}

  /**
   * What steps leave to later ones.
   *
   * @param past what they remembered, newest first, each [N,C,H,W]
   * @param kept what they kept, [N,C,H,W]; null where nothing is
   */
  record Memory(List<Value> past, @Nullable Value kept) {}

  /**
   * Whether and how the classifier is asked.
   *
   * @param asked bool [N]
   * @param alpha float64 [N]
   * @param scale float64 [N]
   * @param certainty of rows that are not asked about, [N]
   * @param moves whether rows are pushed where they are guarded, bool [N]; null if all are
   * @param subject what is asked about, float64 [N,4], {@link ProtectedStep.SubjectFactors}; null
   *     for x itself
   */
  record Asking(
      Value asked,
      Value alpha,
      Value scale,
      Value certainty,
      @Nullable Value moves,
      @Nullable Value subject) {}

  /**
   * What a step gets.
   *
   * @param update the next images, and what is remembered and kept
   * @param guarded bool [N]
   * @param certainty [N]
   */
  record Result(UpdateNodes.Result update, Value guarded, Value certainty) {}

  Result write(Nodes nodes, Operands operands) {
    Value prediction = predict(nodes, operands);
    Asking asking = operands.protection();
    Value factors = asking.subject();
    GuidanceNodes.Guidance push =
        guidance.write(
            nodes,
            new GuidanceNodes.Operands(
                asking.asked(),
                factors == null ? operands.x() : subject(nodes, operands, factors, prediction),
                operands.t(),
                asking.certainty(),
                asking.alpha(),
                asking.scale(),
                asking.moves(),
                factors == null ? null : nodes.at(factors, 1, 3)));
    UpdateNodes.Result update =
        UpdateNodes.write(
            nodes,
            layout,
            new UpdateNodes.Operands(
                operands.numbers(),
                operands.x(),
                prediction,
                push.guidance(),
                push.pushed(),
                operands.noise(),
                operands.memory().kept(),
                operands.memory().past()));
    return new Result(
        pushes ? update : spoilt(nodes, update, push), push.guarded(), push.certainty());
  }

  /**
   * Without a push, an answer that is not a number would leave no trace in the image; so it is
   * added to it.
   */
  private static UpdateNodes.Result spoilt(
      Nodes nodes, UpdateNodes.Result update, GuidanceNodes.Guidance push) {
    Value nothing = nodes.constant(Tensor.of(new float[] {0}));
    Value answer = nodes.times(push.certainty(), nothing);
    Value trace = nodes.where(push.guarded(), answer, nothing);
    Value next = nodes.plus(update.next(), nodes.ofRows(trace));
    return new UpdateNodes.Result(next, update.remembered(), update.kept());
  }

  /** What the classifier is asked about, from x and prediction. */
  private static Value subject(Nodes nodes, Operands operands, Value factors, Value prediction) {
    Value ofState = nodes.ofRows(nodes.at(factors, 1, 0));
    Value ofPrediction = nodes.ofRows(nodes.at(factors, 1, 1));
    Value most = nodes.ofRows(nodes.at(factors, 1, 2));
    Value sum =
        nodes.plus(
            nodes.times(ofState, nodes.wide(operands.x())),
            nodes.times(ofPrediction, nodes.wide(prediction)));
    return nodes.narrow(nodes.bounded(sum, most));
  }

  /** Asks about finished images; see {@link GuidanceNodes#logCertainty}. */
  Value logCertainty(Nodes nodes, String prefix, Value x, Value t) {
    return guidance.logCertainty(nodes, prefix, x, t, manifest.protection().finishedViews());
  }

  private Value predict(Nodes nodes, Operands operands) {
    if (operands.handedOver() == null) {
      return predict(
          nodes, models.denoiser(), "denoiser/", operands.x(), operands.t(), operands.label());
    }
    Value kept = nodes.not(operands.handedOver());
    Value own = predictSome(nodes, models.denoiser(), "denoiser", operands, kept);
    OnnxModel fallback = models.fallback().orElseThrow();
    Value other = predictSome(nodes, fallback, "fallback", operands, operands.handedOver());
    return nodes.where(nodes.ofRows(operands.handedOver()), other, own);
  }

  /** Predictions of one denoiser for some rows, and 0 for the others; it runs for these alone. */
  private Value predictSome(
      Nodes nodes, OnnxModel denoiser, String name, Operands operands, Value some) {
    Value places = nodes.places(some);
    Value zeros = nodes.filled(nodes.shapeOf(operands.x()), Tensor.of(new float[] {0}, 1));
    GraphBuilder graph = nodes.graph();
    Nodes run = new Nodes(graph.subgraph(name + "_run"));
    Value label = operands.label();
    Value predicted =
        predict(
            run,
            denoiser,
            name + "/",
            run.gather(operands.x(), places),
            run.gather(operands.t(), places),
            label == null ? null : run.gather(label, places));
    Nodes skipped = new Nodes(graph.subgraph(name + "_skipped"));
    return graph.node(
        "If",
        List.of(nodes.any(places)),
        Attribute.graph(
            "then_branch",
            ended(run, name + "_predicted", run.scattered(zeros, places, predicted))),
        Attribute.graph(
            "else_branch",
            ended(skipped, name + "_not_run", skipped.node("Identity", List.of(zeros)))));
  }

  private Graph ended(Nodes branch, String name, Value prediction) {
    branch.graph().output(name, prediction, ElementType.FLOAT, images(manifest));
    return branch.graph().graph();
  }

  private Value predict(
      Nodes nodes, OnnxModel denoiser, String prefix, Value x, Value t, @Nullable Value label) {
    DenoiserSpec spec = manifest.denoiser();
    Map<String, Value> bound = new HashMap<>();
    bound.put(spec.input(), x);
    bound.put(spec.timestep(), t);
    if (label != null) {
      bound.put(DenoiserSpec.LABEL_INPUT, label);
    }
    return Checks.entry(nodes.graph().inline(denoiser.graph(), prefix, bound), spec.output());
  }
}
