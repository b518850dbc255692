package io.github.cpsample.composition;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.StepTable.Term;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.EnumSet;
import java.util.List;

/**
 * Writes one protected step of a model as one ONNX graph: denoiser, classifier, gate, backward pass
 * for the guarded rows alone, force, and the update of any sampler whose steps are linear (DDIM,
 * DDPM), whose numbers are inputs. One run per step, and the images are the only thing that comes
 * back.
 *
 * <p>Inputs: {@link #X} and {@link #NOISE} float [N,C,H,W]; {@link #TIMESTEP} float [1]; {@code
 * label} int64 [N], only for a conditional denoiser; {@link #ASKED} int64 [1], 0 where the
 * classifier is not asked; {@link #STRENGTH} float64 [2], alpha and scale, which are not bounded
 * here; {@link #NUMBERS} float64 [14], a step of a {@link StepTable}; {@link #CLIP} float64 [1],
 * bound of the predicted image, infinite for none.
 *
 * <p>Outputs: {@link #NEXT_X} float [N,C,H,W]; {@link #GUARDED} int64 [N], 1 for guarded rows;
 * {@link #CERTAINTY} float [N], NaN if the classifier was not asked.
 */
public final class ProtectedStep {

  /** The images. */
  public static final String X = "x";

  /** The original timestep of all images. */
  public static final String TIMESTEP = "timestep";

  /** Fresh noise; zeros for a step that uses none. */
  public static final String NOISE = "step_noise";

  /** Whether the classifier is asked. */
  public static final String ASKED = "asked";

  /** Alpha and scale. */
  public static final String STRENGTH = "strength";

  /** The numbers of the update. */
  public static final String NUMBERS = "numbers";

  /** The bound of the predicted image. */
  public static final String CLIP = "clip";

  /** The next images. */
  public static final String NEXT_X = "next_x";

  /** Which images were guarded. */
  public static final String GUARDED = "guarded";

  /** How certain the classifier was. */
  public static final String CERTAINTY = "certainty";

  private ProtectedStep() {}

  /**
   * Composes the model.
   *
   * @param manifest the model; its gate and force are the graph's
   * @param denoiser the model's denoiser
   * @param classifier the model's classifier, of the same opset as the denoiser, at least 13
   * @return a model of the denoiser's opset
   * @throws IllegalArgumentException if the networks do not fit together, the classifier cannot be
   *     differentiated, or gate or force are not of a known form
   */
  public static OnnxModel compose(Manifest manifest, OnnxModel denoiser, OnnxModel classifier) {
    ProtectedModels models = ProtectedModels.of(manifest, denoiser, classifier);
    StepNodes step = new StepNodes(manifest, models, EnumSet.allOf(Term.class));
    Nodes nodes = new Nodes(new GraphBuilder("protected-step", models.opsets()));
    StepNodes.Result result = step.write(nodes, inputs(nodes, manifest));
    GraphBuilder graph = nodes.graph();
    Shape images = StepNodes.images(manifest);
    Shape rows = Shape.of(images.dim(0));
    graph.output(NEXT_X, result.x(), ElementType.FLOAT, images);
    graph.output(GUARDED, nodes.cast(result.guarded(), ElementType.INT64), ElementType.INT64, rows);
    graph.output(CERTAINTY, result.certainty(), ElementType.FLOAT, rows);
    return graph.build();
  }

  private static StepNodes.Operands inputs(Nodes nodes, Manifest manifest) {
    GraphBuilder graph = nodes.graph();
    Shape images = StepNodes.images(manifest);
    Shape rows = Shape.of(images.dim(0));
    Value x = graph.input(X, ElementType.FLOAT, images);
    Value noise = graph.input(NOISE, ElementType.FLOAT, images);
    Value t = graph.input(TIMESTEP, ElementType.FLOAT, vector(1));
    Value label =
        manifest.denoiser().classes() > 0
            ? graph.input(DenoiserSpec.LABEL_INPUT, ElementType.INT64, rows)
            : null;
    Value asked = graph.input(ASKED, ElementType.INT64, vector(1));
    Value strength = graph.input(STRENGTH, ElementType.DOUBLE, vector(2));
    Value numbers = graph.input(NUMBERS, ElementType.DOUBLE, vector(StepTable.WIDTH));
    Value clip = graph.input(CLIP, ElementType.DOUBLE, vector(1));
    StepNodes.Asking asking =
        new StepNodes.Asking(
            scalar(nodes, nodes.cast(asked, ElementType.BOOL)),
            nodes.op("Gather", strength, nodes.index(0)),
            nodes.op("Gather", strength, nodes.index(1)),
            nodes.filled(nodes.rows(x), Tensor.of(new float[] {Float.NaN}, 1)));
    return new StepNodes.Operands(
        x,
        nodes.op("Expand", t, nodes.rows(x)),
        label,
        noise,
        nodes.op("Reshape", numbers, nodes.indices(2, StepTable.WIDTH / 2)),
        scalar(nodes, clip),
        asking);
  }

  private static Shape vector(int length) {
    return new Shape(List.of(Dim.of(length)));
  }

  private static Value scalar(Nodes nodes, Value vector) {
    return nodes.op("Gather", vector, nodes.index(0));
  }
}
