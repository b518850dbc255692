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
import java.util.Collections;
import java.util.List;

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

  /** What goes from step to step besides memory: x, guarded steps, certainty. */
  private static final int STATE = 3;

  private final Manifest manifest;
  private final ProtectedModels models;
  private final Sampler plan;
  private final List<SamplerStep> steps;
  private final StepTable table;
  private final StrengthNodes strength;
  private final Shape images;
  private final Shape rows;

  private WholeSampler(
      Manifest manifest, ProtectedModels models, Sampler plan, StrengthInputs strength) {
    this.manifest = manifest;
    this.models = models;
    this.plan = plan;
    this.steps = plan.steps();
    this.table = StepTable.of(plan);
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
   * @param strength how alpha and scale are given
   * @return a model of the denoiser's opset
   * @throws IllegalArgumentException if the networks do not fit together, the classifier cannot be
   *     differentiated, or the sampler reads what a graph does not ({@link StepTable#of})
   */
  public static OnnxModel compose(
      Manifest manifest,
      OnnxModel denoiser,
      OnnxModel classifier,
      Sampler plan,
      StrengthInputs strength) {
    ProtectedModels models = ProtectedModels.of(manifest, denoiser, classifier);
    OnnxModel model = new WholeSampler(manifest, models, plan, strength).write();
    return Description.of(manifest, plan).addTo(model);
  }

  /** The values around the loop that its body uses. */
  private record Outer(Value stepNoise, Value label, Value alpha, Value scale) {}

  private OnnxModel write() {
    GraphBuilder graph = new GraphBuilder("protected-sampler", models.opsets());
    Nodes nodes = new Nodes(graph);
    Value noise = graph.input(NOISE, ElementType.FLOAT, images);
    Outer outer = outer(nodes);
    Value begun = noise;
    if (plan.initialScale() != 1) {
      Value scale = nodes.number(plan.initialScale());
      Value scaled = nodes.times(nodes.cast(noise, ElementType.DOUBLE), scale);
      begun = nodes.cast(scaled, ElementType.FLOAT);
    }
    Value none = nodes.filled(nodes.rows(noise), Tensor.of(new long[] {0}, 1));
    Value unknown = nodes.filled(nodes.rows(noise), Tensor.of(new float[] {Float.NaN}, 1));
    List<Value> state =
        new ArrayList<>(List.of(nodes.index(steps.size()), graph.omitted(), begun, none, unknown));
    Value zeros = nodes.filled(nodes.shape(noise), Tensor.of(new float[] {0}, 1));
    state.addAll(Collections.nCopies(memory(), zeros));
    List<Value> results =
        graph.nodes(
            "Loop",
            state,
            STATE + memory(),
            Attribute.graph("body", body(graph.subgraph("step"), outer)));
    graph.output(IMAGES, results.get(0), ElementType.FLOAT, images);
    graph.output(STEPS_GUARDED, results.get(1), ElementType.INT64, rows);
    graph.output(CERTAINTY, results.get(2), ElementType.FLOAT, rows);
    return graph.build();
  }

  /** How many images besides x go from step to step: older predictions, and what is kept. */
  private int memory() {
    return table.layout().past() + (table.layout().memory().keeps() ? 1 : 0);
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
    StepNodes.Memory memory = memory(graph);
    StepNodes.Asking asking =
        new StepNodes.Asking(
            forEach(nodes, nodes.op("Gather", nodes.flags(asked()), step), x),
            forEach(nodes, outer.alpha(), x),
            forEach(nodes, outer.scale(), x),
            certainty,
            null,
            null);
    Value numbers = nodes.op("Gather", graph.constant(table.toTensor()), step);
    StepNodes.Result result =
        new StepNodes(manifest, models, table.layout(), true)
            .write(
                nodes,
                new StepNodes.Operands(
                    x,
                    forEach(nodes, timestep(nodes, step), x),
                    outer.label(),
                    outer.stepNoise() == null ? null : nodes.op("Gather", outer.stepNoise(), step),
                    nodes.op("Unsqueeze", numbers, nodes.indices(0)),
                    memory,
                    asking));
    graph.output("still_go_on", goOn, ElementType.BOOL, Shape.of());
    graph.output("next_x", result.update().next(), ElementType.FLOAT, images);
    graph.output(
        "next_count",
        nodes.op("Add", count, nodes.cast(result.guarded(), ElementType.INT64)),
        ElementType.INT64,
        rows);
    graph.output("next_certainty", result.certainty(), ElementType.FLOAT, rows);
    for (int age = 1; age <= table.layout().past(); age++) {
      Value remembered = age == 1 ? result.update().remembered() : memory.past().get(age - 2);
      graph.output("next_past_" + age, remembered, ElementType.FLOAT, images);
    }
    if (memory.kept() != null) {
      graph.output("next_kept", result.update().kept(), ElementType.FLOAT, images);
    }
    return graph.graph();
  }

  private StepNodes.Memory memory(GraphBuilder graph) {
    List<Value> past = new ArrayList<>();
    for (int age = 1; age <= table.layout().past(); age++) {
      past.add(graph.input("past_" + age, ElementType.FLOAT, images));
    }
    boolean keeps = table.layout().memory().keeps();
    return new StepNodes.Memory(
        past, keeps ? graph.input("kept", ElementType.FLOAT, images) : null);
  }

  /** A scalar for every row of x. */
  private static Value forEach(Nodes nodes, Value scalar, Value x) {
    return nodes.op("Expand", scalar, nodes.rows(x));
  }

  private boolean[] asked() {
    boolean[] asked = new boolean[steps.size()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = manifest.protection().coversTimestep(steps.get(i).timestep());
    }
    return asked;
  }

  private Value timestep(Nodes nodes, Value step) {
    float[] timesteps = new float[steps.size()];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = (float) steps.get(i).timestep();
    }
    return nodes.op("Gather", nodes.graph().constant(Tensor.of(timesteps, timesteps.length)), step);
  }
}
