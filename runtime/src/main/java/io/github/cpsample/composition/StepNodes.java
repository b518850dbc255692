package io.github.cpsample.composition;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.StepTable.Term;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Writes one protected step: denoiser, classifier, gate, backward pass, force and update. */
final class StepNodes {

  private final Manifest manifest;
  private final ProtectedModels models;
  private final Set<Term> used;
  private final GuidanceNodes guidance;

  /**
   * @param used the terms of the update that may be other than 0
   */
  StepNodes(Manifest manifest, ProtectedModels models, Set<Term> used) {
    this.manifest = manifest;
    this.models = models;
    this.used = used;
    this.guidance =
        new GuidanceNodes(
            models,
            manifest.classifier(),
            new GuardNodes(manifest.protection(), manifest.classifier().bits()),
            images(manifest));
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
   * @param t their timestep, [N]
   * @param label their class, int64 [N]; null for an unconditional denoiser
   * @param noise fresh noise, [N,C,H,W]; null where no step uses any
   * @param numbers the step's row of a {@link StepTable}, float64 [2,7]
   * @param clip bound of the predicted image, float64 scalar; null without clipping
   * @param protection whether and how the classifier is asked
   */
  record Operands(
      Value x, Value t, Value label, Value noise, Value numbers, Value clip, Asking protection) {}

  /**
   * Whether and how the classifier is asked.
   *
   * @param asked bool scalar
   * @param alpha float64 scalar
   * @param scale float64 scalar
   * @param certainty of a step that does not ask, [N]
   */
  record Asking(Value asked, Value alpha, Value scale, Value certainty) {}

  /**
   * What a step gets.
   *
   * @param x the next images, [N,C,H,W]
   * @param guarded bool [N]
   * @param certainty [N]
   */
  record Result(Value x, Value guarded, Value certainty) {}

  Result write(Nodes nodes, Operands operands) {
    Value prediction = predict(nodes, operands);
    GuidanceNodes.Guidance push =
        guidance.write(
            nodes,
            new GuidanceNodes.Operands(
                operands.protection().asked(),
                operands.x(),
                operands.t(),
                operands.protection().certainty(),
                operands.protection().alpha(),
                operands.protection().scale()));
    Value next =
        UpdateNodes.write(
            nodes,
            used,
            new UpdateNodes.Operands(
                operands.numbers(),
                operands.clip(),
                operands.x(),
                prediction,
                push.guidance(),
                push.guarded(),
                operands.noise()));
    return new Result(next, push.guarded(), push.certainty());
  }

  private Value predict(Nodes nodes, Operands operands) {
    DenoiserSpec spec = manifest.denoiser();
    Map<String, Value> bound = new HashMap<>();
    bound.put(spec.input(), operands.x());
    bound.put(spec.timestep(), operands.t());
    if (operands.label() != null) {
      bound.put(DenoiserSpec.LABEL_INPUT, operands.label());
    }
    return nodes.graph().inline(models.denoiser().graph(), "denoiser/", bound).get(spec.output());
  }
}
