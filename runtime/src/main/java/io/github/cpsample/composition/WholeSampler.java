package io.github.cpsample.composition;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Writes the protected trajectory of a model as one ONNX model: a {@code Loop} over the sampler's
 * steps that holds denoiser, classifier, gate, backward pass, force and update. It runs wherever
 * ONNX Runtime runs, without this library.
 *
 * <p>Inputs: {@code noise} float [N,C,H,W], standard normal; {@code step_noise} float
 * [steps,N,C,H,W], standard normal, only where the sampler draws fresh noise; {@code label} int64
 * [N], only for a conditional denoiser; {@code alpha} and {@code scale}, float64 scalars, which can
 * strengthen the protection of the manifest but not weaken it ({@link StrengthInputs}).
 *
 * <p>Outputs: {@code images} float [N,C,H,W], about [-1, 1]; {@code steps_guarded} int64 [N];
 * {@code certainty} float [N], the classifier's certainty at the last step that asked it, in [1/2,
 * 1], NaN if no step did.
 *
 * <p>The classifier tells training images from others, and is inside: keep the file as the training
 * data is kept.
 */
public final class WholeSampler {

  /** The input of initial noise. */
  public static final String NOISE = "noise";

  /** The input of fresh noise. */
  public static final String STEP_NOISE = "step_noise";

  /** The input of the gate's threshold. */
  public static final String ALPHA = StrengthNodes.ALPHA;

  /** The input of the push's strength. */
  public static final String SCALE = StrengthNodes.SCALE;

  /** The output of images. */
  public static final String IMAGES = "images";

  /** The output of the number of guarded steps. */
  public static final String STEPS_GUARDED = "steps_guarded";

  /** The output of the last certainty. */
  public static final String CERTAINTY = "certainty";

  private final Manifest manifest;
  private final ProtectedModels models;
  private final List<SamplerStep> steps;
  private final StepTable table;
  private final OptionalDouble clip;
  private final StrengthNodes strength;
  private final Shape images;
  private final Shape rows;

  private WholeSampler(
      Manifest manifest,
      ProtectedModels models,
      Sampler plan,
      OptionalDouble clip,
      StrengthInputs strength) {
    this.manifest = manifest;
    this.models = models;
    this.steps = plan.steps();
    this.table = StepTable.of(steps, manifest.denoiser().predictionType(), clip);
    this.clip = clip;
    this.strength = new StrengthNodes(strength, manifest.protection());
    this.images = StepNodes.images(manifest);
    this.rows = Shape.of(images.dim(0));
  }

  /**
   * Composes the model.
   *
   * @param manifest the model; its protection is what the graph does at least
   * @param denoiser the model's denoiser
   * @param classifier the model's classifier, of the same opset as the denoiser, at least 13
   * @param plan the trajectory
   * @param clip the predicted image is clipped to [-clip, clip] by the plan; empty if it is not
   * @param strength how alpha and scale are given
   * @return a model of the denoiser's opset
   * @throws IllegalArgumentException if the networks do not fit together, the classifier cannot be
   *     differentiated, or gate, force or sampler are not of a known form
   */
  public static OnnxModel compose(
      Manifest manifest,
      OnnxModel denoiser,
      OnnxModel classifier,
      Sampler plan,
      OptionalDouble clip,
      StrengthInputs strength) {
    ProtectedModels models = ProtectedModels.of(manifest, denoiser, classifier);
    OnnxModel model = new WholeSampler(manifest, models, plan, clip, strength).write();
    return Description.of(manifest, plan).addTo(model);
  }

  /** The values around the loop that its body uses. */
  private record Outer(Value stepNoise, Value label, Value alpha, Value scale) {}

  private OnnxModel write() {
    GraphBuilder graph = new GraphBuilder("protected-sampler", models.opsets());
    Nodes nodes = new Nodes(graph);
    Value noise = graph.input(NOISE, ElementType.FLOAT, images);
    Outer outer = outer(nodes);
    Value none = nodes.filled(nodes.rows(noise), Tensor.of(new long[] {0}, 1));
    Value unknown = nodes.filled(nodes.rows(noise), Tensor.of(new float[] {Float.NaN}, 1));
    List<Value> results =
        graph.nodes(
            "Loop",
            List.of(nodes.index(steps.size()), graph.omitted(), noise, none, unknown),
            3,
            Attribute.graph("body", body(graph.subgraph("step"), outer)));
    graph.output(IMAGES, results.get(0), ElementType.FLOAT, images);
    graph.output(STEPS_GUARDED, results.get(1), ElementType.INT64, rows);
    graph.output(CERTAINTY, results.get(2), ElementType.FLOAT, rows);
    return graph.build();
  }

  private Outer outer(Nodes nodes) {
    GraphBuilder graph = nodes.graph();
    Value stepNoise = null;
    if (steps.stream().anyMatch(SamplerStep::usesNoise)) {
      List<Dim> dims = new ArrayList<>(List.of(Dim.of(steps.size())));
      dims.addAll(images.dims());
      stepNoise = graph.input(STEP_NOISE, ElementType.FLOAT, new Shape(dims));
    }
    Value label =
        manifest.denoiser().classes() > 0
            ? graph.input(DenoiserSpec.LABEL_INPUT, ElementType.INT64, rows)
            : null;
    return new Outer(stepNoise, label, strength.alpha(nodes), strength.scale(nodes));
  }

  private Graph body(GraphBuilder graph, Outer outer) {
    Nodes nodes = new Nodes(graph);
    Value step = graph.input("step", ElementType.INT64, Shape.of());
    Value goOn = graph.input("go_on", ElementType.BOOL, Shape.of());
    Value x = graph.input("x", ElementType.FLOAT, images);
    Value count = graph.input("count", ElementType.INT64, rows);
    Value certainty = graph.input("last_certainty", ElementType.FLOAT, rows);
    Value t = timestep(nodes, step, x);
    StepNodes.Asking asking =
        new StepNodes.Asking(
            nodes.op("Gather", nodes.flags(asked()), step),
            outer.alpha(),
            outer.scale(),
            certainty);
    StepNodes.Result result =
        new StepNodes(manifest, models, table.used())
            .write(
                nodes,
                new StepNodes.Operands(
                    x,
                    t,
                    outer.label(),
                    outer.stepNoise() == null ? null : nodes.op("Gather", outer.stepNoise(), step),
                    nodes.op("Gather", graph.constant(table.toTensor()), step),
                    clip.isPresent() ? nodes.number(clip.getAsDouble()) : null,
                    asking));
    graph.output("still_go_on", goOn, ElementType.BOOL, Shape.of());
    graph.output("next_x", result.x(), ElementType.FLOAT, images);
    graph.output(
        "next_count",
        nodes.op("Add", count, nodes.cast(result.guarded(), ElementType.INT64)),
        ElementType.INT64,
        rows);
    graph.output("next_certainty", result.certainty(), ElementType.FLOAT, rows);
    return graph.graph();
  }

  private boolean[] asked() {
    boolean[] asked = new boolean[steps.size()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = manifest.protection().coversTimestep(steps.get(i).timestep());
    }
    return asked;
  }

  /** The step's timestep for every row. */
  private Value timestep(Nodes nodes, Value step, Value x) {
    float[] timesteps = new float[steps.size()];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = (float) steps.get(i).timestep();
    }
    Value table = nodes.graph().constant(Tensor.of(timesteps, timesteps.length));
    return nodes.op("Expand", nodes.op("Gather", table, step), nodes.rows(x));
  }
}
