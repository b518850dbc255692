package io.github.cpsample.sampling;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.composition.ProtectedStep;
import io.github.cpsample.composition.StepTable;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Steps that are one run of a {@link ProtectedStep} each. Owns its buffers. */
final class FusedSteps implements StepRunner {
  private static final List<String> PER_IMAGE =
      List.of(
          ProtectedStep.X,
          ProtectedStep.NOISE,
          DenoiserSpec.LABEL_INPUT,
          ProtectedStep.NEXT_X,
          ProtectedStep.GUARDED,
          ProtectedStep.CERTAINTY);

  private final InferenceSession session;
  private final SampleSettings settings;
  private final SamplerState state;
  private final StepTable table;
  private final IdentityHashMap<SamplerStep, Integer> places = new IdentityHashMap<>();
  private final Map<String, TensorBuffer> inputs = new HashMap<>();
  private final Map<String, TensorBuffer> outputs = new HashMap<>();
  private final long[] guarded;
  private final float[] certainty;

  /**
   * @param steps all steps that will be taken
   * @param table their numbers, in the same order
   * @param state the images; its rows are the largest batch
   */
  FusedSteps(
      InferenceSession session,
      SampleSettings settings,
      ImageShape shape,
      List<SamplerStep> steps,
      StepTable table,
      SamplerState state) {
    this.session = session;
    this.settings = settings;
    this.state = state;
    this.table = table;
    for (int i = 0; i < steps.size(); i++) {
      places.put(steps.get(i), i);
    }
    int rows = state.rows();
    this.guarded = new long[rows];
    this.certainty = new float[rows];
    inputs.put(ProtectedStep.X, images(rows, shape));
    inputs.put(ProtectedStep.NOISE, images(rows, shape));
    inputs.put(ProtectedStep.TIMESTEP, TensorBuffer.floats(1));
    inputs.put(ProtectedStep.ASKED, TensorBuffer.longs(1));
    inputs.put(ProtectedStep.STRENGTH, TensorBuffer.doubles(2));
    inputs.put(ProtectedStep.NUMBERS, TensorBuffer.doubles(StepTable.WIDTH));
    inputs.put(ProtectedStep.CLIP, TensorBuffer.doubles(1));
    settings.classLabel().ifPresent(label -> inputs.put(DenoiserSpec.LABEL_INPUT, labels(label)));
    outputs.put(ProtectedStep.NEXT_X, images(rows, shape));
    outputs.put(ProtectedStep.GUARDED, TensorBuffer.longs(rows));
    outputs.put(ProtectedStep.CERTAINTY, TensorBuffer.floats(rows));
    double clip = settings.clipSample() ? 1 : Double.POSITIVE_INFINITY;
    inputs.get(ProtectedStep.CLIP).asDoubles().put(clip);
    inputs
        .get(ProtectedStep.STRENGTH)
        .asDoubles()
        .put(settings.protection().alpha())
        .put(settings.protection().scale());
  }

  @Override
  public void advance(SamplerStep step, int rows, StepOutcome outcome) {
    boolean asked = settings.guarded() && settings.protection().coversTimestep(step.timestep());
    feed(step, rows, asked);
    Map<String, TensorBuffer> out = rows(outputs, rows);
    session.run(rows(inputs, rows), out);
    outcome.unasked();
    if (asked) {
      answer(out, rows, outcome);
    }
    out.get(ProtectedStep.NEXT_X).asFloats().get(state.x(), 0, rows * state.rowSize());
    for (int row = 0; row < rows; row++) {
      NonFiniteException.check("image", state.x(), row, state.rowSize());
    }
  }

  private void feed(SamplerStep step, int rows, boolean asked) {
    int values = rows * state.rowSize();
    inputs.get(ProtectedStep.X).asFloats().put(state.x(), 0, values);
    if (step.usesNoise()) {
      inputs.get(ProtectedStep.NOISE).asFloats().put(state.noise(), 0, values);
    }
    inputs.get(ProtectedStep.TIMESTEP).asFloats().put(0, (float) step.timestep());
    inputs.get(ProtectedStep.ASKED).asLongs().put(0, asked ? 1 : 0);
    inputs.get(ProtectedStep.NUMBERS).asDoubles().put(table.numbers(places.get(step)));
  }

  private void answer(Map<String, TensorBuffer> out, int rows, StepOutcome outcome) {
    out.get(ProtectedStep.GUARDED).asLongs().get(guarded, 0, rows);
    out.get(ProtectedStep.CERTAINTY).asFloats().get(certainty, 0, rows);
    for (int row = 0; row < rows; row++) {
      NonFiniteException.check("classifier's logits", certainty, row, 1);
      outcome.answer(row, guarded[row] != 0, certainty[row]);
    }
  }

  /** The first rows of the tensors that have a row per image. */
  private Map<String, TensorBuffer> rows(Map<String, TensorBuffer> tensors, int rows) {
    if (rows == state.rows()) {
      return tensors;
    }
    Map<String, TensorBuffer> fewer = new HashMap<>(tensors);
    for (String name : PER_IMAGE) {
      fewer.computeIfPresent(name, (key, tensor) -> tensor.rows(rows));
    }
    return fewer;
  }

  private TensorBuffer labels(int label) {
    TensorBuffer labels = TensorBuffer.longs(state.rows());
    for (int i = 0; i < state.rows(); i++) {
      labels.asLongs().put(i, label);
    }
    return labels;
  }

  private static TensorBuffer images(int rows, ImageShape shape) {
    return TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
  }
}
