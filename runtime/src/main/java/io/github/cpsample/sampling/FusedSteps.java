package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.ProtectedStep;
import io.github.cpsample.composition.StepTable;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Steps that are one run of a {@link ProtectedStep}: rows may be at different steps and under
 * different protection, of samplers whose steps have the same layout of factors. Owns its buffers.
 */
final class FusedSteps implements StepPlan.Runner {
  private final InferenceSession session;
  private final InferenceSession fallback;
  private final StepTable.Layout layout;
  private final int size;
  private final Map<String, TensorBuffer> inputs = new HashMap<>();
  private final Map<String, TensorBuffer> outputs = new HashMap<>();
  private final double[] numbers;
  private final double[] subject = new double[ProtectedStep.SubjectFactors.WIDTH];
  private final PredictionType prediction;
  private final boolean bounded;

  /**
   * @param session the graph of that layout
   * @param fallback the same with the fallback denoiser, for rows that were handed over
   * @param manifest the model
   * @param rows the most images at once
   */
  FusedSteps(
      InferenceSession session,
      InferenceSession fallback,
      StepTable.Layout layout,
      Manifest manifest,
      ImageShape shape,
      int rows) {
    this.session = session;
    this.fallback = fallback;
    this.layout = layout;
    this.size = shape.size();
    this.numbers = new double[layout.width()];
    this.prediction = manifest.denoiser().predictionType();
    this.bounded = manifest.pipeline().latent().isEmpty();
    inputs.put(ProtectedStep.X, images(shape, rows));
    inputs.put(ProtectedStep.TIMESTEP, TensorBuffer.floats(rows));
    inputs.put(ProtectedStep.ASKED, TensorBuffer.longs(rows));
    inputs.put(ProtectedStep.ALPHA, TensorBuffer.doubles(rows));
    inputs.put(ProtectedStep.SCALE, TensorBuffer.doubles(rows));
    inputs.put(ProtectedStep.MOVES, TensorBuffer.longs(rows));
    inputs.put(
        ProtectedStep.SUBJECT, TensorBuffer.doubles(rows, ProtectedStep.SubjectFactors.WIDTH));
    inputs.put(ProtectedStep.NUMBERS, TensorBuffer.doubles(rows, 2, layout.width() / 2));
    outputs.put(ProtectedStep.NEXT_X, images(shape, rows));
    outputs.put(ProtectedStep.GUARDED, TensorBuffer.longs(rows));
    outputs.put(ProtectedStep.CERTAINTY, TensorBuffer.floats(rows));
    if (manifest.denoiser().classes() > 0) {
      inputs.put(DenoiserSpec.LABEL_INPUT, TensorBuffer.longs(rows));
    }
    if (layout.noise()) {
      inputs.put(ProtectedStep.NOISE, images(shape, rows));
    }
    if (layout.remembers()) {
      outputs.put(ProtectedStep.REMEMBERED, images(shape, rows));
    }
    if (layout.memory().keeps()) {
      inputs.put(ProtectedStep.KEPT, images(shape, rows));
      outputs.put(ProtectedStep.NEXT_KEPT, images(shape, rows));
    }
  }

  @Override
  public void advance(List<Row> rows) {
    Map<Boolean, List<Row>> byDenoiser =
        rows.stream().collect(Collectors.partitioningBy(row -> row.query().isHandedOver()));
    byDenoiser.forEach(
        (handedOver, some) -> {
          if (!some.isEmpty()) {
            advance(handedOver ? fallback : session, some, rows);
          }
        });
  }

  private void advance(InferenceSession network, List<Row> rows, List<Row> all) {
    Map<String, TensorBuffer> in = first(inputs, rows.size());
    Map<String, TensorBuffer> out = first(outputs, rows.size());
    if (layout.past() > 0) {
      in.put(ProtectedStep.PAST, past(rows));
    }
    for (int i = 0; i < rows.size(); i++) {
      feed(rows.get(i), i);
    }
    network.run(in, out);
    for (int i = 0; i < rows.size(); i++) {
      read(rows.get(i), i, all.indexOf(rows.get(i)));
    }
  }

  private void feed(Row row, int index) {
    put(ProtectedStep.X, index, row.state().x());
    Query query = row.query();
    ProtectionSettings protection = row.job().settings().guarding().protection();
    Checks.entry(inputs, ProtectedStep.TIMESTEP)
        .asFloats()
        .put(index, (float) query.level().timestep());
    Checks.entry(inputs, ProtectedStep.ASKED).asLongs().put(index, query.asks() ? 1 : 0);
    Checks.entry(inputs, ProtectedStep.ALPHA)
        .asDoubles()
        .put(index, protection.alphaAt(query.level().timestep()));
    Checks.entry(inputs, ProtectedStep.SCALE).asDoubles().put(index, protection.scale());
    boolean moves = protection.correction().kind().move() != Move.NONE;
    Checks.entry(inputs, ProtectedStep.MOVES).asLongs().put(index, moves ? 1 : 0);
    if (query.asksAboutPrediction()) {
      ProtectedStep.SubjectFactors.put(
          protection.asks(), prediction, bounded, query.level(), subject, 0);
    } else {
      ProtectedStep.SubjectFactors.putState(subject, 0);
    }
    Checks.entry(inputs, ProtectedStep.SUBJECT).asDoubles().put(index * subject.length, subject);
    layout.put(row.step(), row.state().stepsTaken(), numbers, 0);
    Checks.entry(inputs, ProtectedStep.NUMBERS).asDoubles().put(index * numbers.length, numbers);
    row.job()
        .settings()
        .shown()
        .classLabel()
        .ifPresent(
            label -> Checks.entry(inputs, DenoiserSpec.LABEL_INPUT).asLongs().put(index, label));
    if (layout.noise()) {
      put(ProtectedStep.NOISE, index, row.state().noise());
    }
    if (layout.memory().keeps()) {
      put(ProtectedStep.KEPT, index, row.state().kept());
    }
  }

  private void put(String name, int index, float[] values) {
    Checks.entry(inputs, name).asFloats().put(index * size, values);
  }

  /** What the rows remember, [A,N,C,H,W]: its rows are ages, so that it has its own memory. */
  private TensorBuffer past(List<Row> rows) {
    long[] shape = Checks.entry(inputs, ProtectedStep.X).shape();
    TensorBuffer past =
        TensorBuffer.floats(layout.past(), rows.size(), shape[1], shape[2], shape[3]);
    for (int age = 1; age <= layout.past(); age++) {
      for (int i = 0; i < rows.size(); i++) {
        int at = ((age - 1) * rows.size() + i) * size;
        past.asFloats().put(at, rows.get(i).state().remembered(age));
      }
    }
    return past;
  }

  private void read(Row row, int index, int number) {
    SamplerState state = row.state();
    if (row.query().asks()) {
      float certainty = Checks.entry(outputs, ProtectedStep.CERTAINTY).asFloats().get(index);
      NonFiniteException.check("classifier's logits", new float[] {certainty}, number);
      row.query()
          .answer(
              Checks.entry(outputs, ProtectedStep.GUARDED).asLongs().get(index) != 0, certainty);
    }
    get(ProtectedStep.NEXT_X, index, state.x());
    NonFiniteException.check("image", state.x(), number);
    if (layout.remembers()) {
      get(ProtectedStep.REMEMBERED, index, state.roomForNewest());
    }
    if (layout.memory().keeps()) {
      get(ProtectedStep.NEXT_KEPT, index, state.kept());
    }
    state.stepTaken();
  }

  private void get(String name, int index, float[] target) {
    Checks.entry(outputs, name).asFloats().get(index * size, target);
  }

  private static Map<String, TensorBuffer> first(Map<String, TensorBuffer> tensors, int rows) {
    Map<String, TensorBuffer> first = new HashMap<>();
    tensors.forEach((name, tensor) -> first.put(name, tensor.rows(rows)));
    return first;
  }

  private static TensorBuffer images(ImageShape shape, int rows) {
    return TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
  }
}
