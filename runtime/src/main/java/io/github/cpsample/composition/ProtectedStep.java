package io.github.cpsample.composition;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.Combination;
import io.github.cpsample.diffusion.Combination.Term;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes one protected step of a model as one ONNX graph: denoiser, classifier, gate, backward pass
 * for the guarded rows alone, force, and the update of a sampler, whose factors are inputs. One run
 * per step, for rows that may be at different steps.
 *
 * <p>Inputs: {@link #X} float [N,C,H,W]; {@link #TIMESTEP} float [N]; {@code label} int64 [N], only
 * for a conditional denoiser; {@link #ASKED} int64 [N], 0 where the classifier is not asked; {@link
 * #ALPHA} and {@link #SCALE} float64 [N], which are not bounded here; {@link #MOVES} int64 [N], 0
 * where a guarded row is not pushed and no gradient is wanted; {@link #SUBJECT} float64 [N,4], what
 * the classifier is asked about ({@link SubjectFactors}); {@link #NUMBERS} float64 [N,2,W], steps
 * of a {@link StepTable}; {@link #NOISE} float [N,C,H,W], only for samplers that draw noise; {@link
 * #PAST} float [A,N,C,H,W], newest first, only for those that read older predictions; {@link #KEPT}
 * float [N,C,H,W], only for those that keep an image.
 *
 * <p>Outputs: {@link #NEXT_X} float [N,C,H,W]; {@link #GUARDED} int64 [N], 1 for guarded rows;
 * {@link #CERTAINTY} float [N], NaN where the classifier was not asked; {@link #REMEMBERED} and
 * {@link #NEXT_KEPT}, float [N,C,H,W], where later steps read them.
 */
public final class ProtectedStep {

  /** The images. */
  public static final String X = "x";

  /** The original timesteps of the images. */
  public static final String TIMESTEP = "timestep";

  /** Fresh noise. */
  public static final String NOISE = "step_noise";

  /** Whether the classifier is asked. */
  public static final String ASKED = "asked";

  /** The thresholds of the gate. */
  public static final String ALPHA = "alpha";

  /** The strengths of the push. */
  public static final String SCALE = "scale";

  /** Whether guarded images are pushed. */
  public static final String MOVES = "moves";

  /** What the classifier is asked about. */
  public static final String SUBJECT = "subject";

  /** The factors of the update. */
  public static final String NUMBERS = "numbers";

  /** What earlier steps remembered. */
  public static final String PAST = "past";

  /** What earlier steps kept. */
  public static final String KEPT = "kept";

  /** The next images. */
  public static final String NEXT_X = "next_x";

  /** Which images were guarded. */
  public static final String GUARDED = "guarded";

  /** How certain the classifier was. */
  public static final String CERTAINTY = "certainty";

  /** What the step remembers. */
  public static final String REMEMBERED = "remembered";

  /** What the step keeps. */
  public static final String NEXT_KEPT = "next_kept";

  private ProtectedStep() {}

  /**
   * Composes the model.
   *
   * @param manifest the model; its force is the graph's
   * @param denoiser the model's denoiser, or its fallback
   * @param classifier the model's classifier, of the same opset as the denoiser, at least 13
   * @param layout the factors that the sampler's steps have
   * @return a model of the denoiser's opset
   * @throws IllegalArgumentException if the networks do not fit together, or the classifier cannot
   *     be differentiated
   */
  public static OnnxModel compose(
      Manifest manifest, OnnxModel denoiser, OnnxModel classifier, StepTable.Layout layout) {
    ProtectedModels models = ProtectedModels.of(manifest, denoiser, Optional.empty(), classifier);
    StepNodes step = new StepNodes(manifest, models, layout, true);
    Nodes nodes = new Nodes(new GraphBuilder("protected-step", models.opsets()));
    StepNodes.Result result = step.write(nodes, inputs(nodes, manifest, layout));
    GraphBuilder graph = nodes.graph();
    Shape images = StepNodes.images(manifest);
    Shape rows = Shape.of(images.dim(0));
    UpdateNodes.Result update = result.update();
    graph.output(NEXT_X, update.next(), ElementType.FLOAT, images);
    graph.output(GUARDED, nodes.cast(result.guarded(), ElementType.INT64), ElementType.INT64, rows);
    graph.output(CERTAINTY, result.certainty(), ElementType.FLOAT, rows);
    if (update.remembered() != null) {
      graph.output(REMEMBERED, update.remembered(), ElementType.FLOAT, images);
    }
    if (update.kept() != null) {
      graph.output(NEXT_KEPT, update.kept(), ElementType.FLOAT, images);
    }
    return graph.build();
  }

  private static StepNodes.Operands inputs(
      Nodes nodes, Manifest manifest, StepTable.Layout layout) {
    GraphBuilder graph = nodes.graph();
    Shape images = StepNodes.images(manifest);
    Shape rows = Shape.of(images.dim(0));
    Value x = graph.input(X, ElementType.FLOAT, images);
    Value t = graph.input(TIMESTEP, ElementType.FLOAT, rows);
    Value label =
        manifest.denoiser().classes() > 0
            ? graph.input(DenoiserSpec.LABEL_INPUT, ElementType.INT64, rows)
            : null;
    StepNodes.Asking asking =
        new StepNodes.Asking(
            nodes.cast(graph.input(ASKED, ElementType.INT64, rows), ElementType.BOOL),
            graph.input(ALPHA, ElementType.DOUBLE, rows),
            graph.input(SCALE, ElementType.DOUBLE, rows),
            nodes.filled(nodes.rows(x), Tensor.of(new float[] {Float.NaN}, 1)),
            nodes.cast(graph.input(MOVES, ElementType.INT64, rows), ElementType.BOOL),
            graph.input(
                SUBJECT,
                ElementType.DOUBLE,
                Shape.of(images.dim(0), Dim.of(SubjectFactors.WIDTH))));
    Shape factors = Shape.of(images.dim(0), Dim.of(2), Dim.of(layout.width() / 2));
    return new StepNodes.Operands(
        x,
        t,
        label,
        null,
        layout.noise() ? graph.input(NOISE, ElementType.FLOAT, images) : null,
        graph.input(NUMBERS, ElementType.DOUBLE, factors),
        memory(nodes, layout, images),
        asking);
  }

  private static StepNodes.Memory memory(Nodes nodes, StepTable.Layout layout, Shape images) {
    List<Value> past = new ArrayList<>();
    if (layout.past() > 0) {
      List<Dim> dims = new ArrayList<>(List.of(Dim.of(layout.past())));
      dims.addAll(images.dims());
      Value all = nodes.graph().input(PAST, ElementType.FLOAT, new Shape(dims));
      for (int age = 1; age <= layout.past(); age++) {
        past.add(nodes.at(all, 0, age - 1));
      }
    }
    boolean keeps = layout.memory().keeps();
    return new StepNodes.Memory(
        past, keeps ? nodes.graph().input(KEPT, ElementType.FLOAT, images) : null);
  }

  /**
   * What the classifier is asked about, as numbers of a graph: the factors of x_t and of the
   * prediction, how the sum is bounded, and by what its gradient becomes one with respect to x_t.
   */
  public static final class SubjectFactors {

    /** How many numbers there are. */
    public static final int WIDTH = 4;

    private SubjectFactors() {}

    /**
     * Writes the numbers of one level.
     *
     * @param asks what the classifier is asked about
     * @param prediction what the denoiser predicts
     * @param bounded whether a predicted image is clipped to [-1, 1]
     * @param level of x_t
     * @param numbers receives {@link #WIDTH} numbers
     * @param from where they go
     */
    public static void put(
        Subject asks,
        PredictionType prediction,
        boolean bounded,
        NoiseLevel level,
        double[] numbers,
        int from) {
      if (asks == Subject.X_T) {
        putState(numbers, from);
        return;
      }
      Combination factors = prediction.sample(level);
      numbers[from] = factors.of(Term.STATE);
      numbers[from + 1] = factors.of(Term.PREDICTION);
      numbers[from + 2] = bounded ? 1 : Double.POSITIVE_INFINITY;
      numbers[from + 3] = level.stateInSample();
    }

    /**
     * Writes numbers by which x_t itself is asked about.
     *
     * @param numbers receives {@link #WIDTH} numbers
     * @param from where they go
     */
    public static void putState(double[] numbers, int from) {
      numbers[from] = 1;
      numbers[from + 1] = 0;
      numbers[from + 2] = Double.POSITIVE_INFINITY;
      numbers[from + 3] = 1;
    }
  }
}
