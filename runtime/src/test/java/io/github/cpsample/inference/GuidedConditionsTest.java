package io.github.cpsample.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A denoiser that adds its label, the sum of its hidden states and the one timestep that it takes
 * to every pixel.
 */
class GuidedConditionsTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 2);
  private static final int TOKENS = 3;
  private static final int WIDTH = 2;
  private static final TextEncoder.HiddenStates PROMPT =
      new TextEncoder.HiddenStates(TOKENS, new float[] {1, 2, 3, 4, 5, 6});
  private static final TextEncoder.HiddenStates NEGATIVE =
      new TextEncoder.HiddenStates(TOKENS, new float[6]);

  /** Whatever number of rows a denoiser takes at once, every image has its own pair of them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void fixedBatchesAreGuidedToo(int batch) {
    Conditions.Guided guided =
        new ConditionsBuilder(spec(batch), new Conditioning.Guidance(3, 0))
            .label(7, OptionalInt.of(2))
            .text("states", PROMPT, NEGATIVE)
            .build();
    Conditions.Guided plain =
        new ConditionsBuilder(spec(batch), Conditioning.Guidance.NONE)
            .label(4, OptionalInt.empty())
            .text("states", PROMPT, NEGATIVE)
            .build();
    assertEquals(2, guided.predictions());
    assertEquals(1, plain.predictions());
    try (InferenceSession session = open(batch)) {
      ClassifierFreeGuidance denoiser =
          new ClassifierFreeGuidance(new OnnxDenoiser(session, spec(batch).signature(), SHAPE, 4));
      double with = 7 + 21;
      assertPredicts(denoiser, List.of(guided, guided, guided), 2 + 3 * (with - 2));
      assertPredicts(denoiser, List.of(plain, plain, plain), 4 + 21);
      assertPredicts(
          denoiser, List.of(guided, plain, guided), 2 + 3 * (with - 2), 4 + 21, 2 + 3 * (with - 2));
    }
  }

  /** Every image, at a timestep of its own, gets what it gets alone. */
  private static void assertPredicts(
      ClassifierFreeGuidance denoiser, List<Conditions.Guided> conditions, double... shifts) {
    List<ClassifierFreeGuidance.Row> rows = new ArrayList<>();
    for (int row = 0; row < conditions.size(); row++) {
      SamplerState image = new SamplerState(SHAPE.size());
      for (int i = 0; i < image.size(); i++) {
        image.x()[i] = 10 * row + i;
      }
      rows.add(new ClassifierFreeGuidance.Row(image, 5 + row % 2, conditions.get(row)));
    }
    denoiser.predict(rows);
    for (int row = 0; row < rows.size(); row++) {
      for (int i = 0; i < SHAPE.size(); i++) {
        double expected =
            10 * row + i + shifts[Math.min(row, shifts.length - 1)] + rows.get(row).timestep();
        assertEquals(expected, rows.get(row).image().prediction()[i], 1e-4);
      }
    }
  }

  @Test
  void refusesWhatTheDenoiserDoesNotTake() {
    ConditionsBuilder conditions = new ConditionsBuilder(spec(0), new Conditioning.Guidance(3, 0));
    assertThrows(IllegalArgumentException.class, () -> conditions.label(1, OptionalInt.empty()));
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> conditions.text("other", PROMPT, NEGATIVE))
            .getMessage();
    assertTrue(message.contains("other") && message.contains("states"), message);
    conditions
        .label(1, OptionalInt.of(0))
        .text("states", new TextEncoder.HiddenStates(2, new float[6]), NEGATIVE);
    message = assertThrows(IllegalArgumentException.class, conditions::build).getMessage();
    assertTrue(message.contains("2, 3]"), message);
  }

  private static DenoiserSpec spec(int batch) {
    long rows = batch == 0 ? TensorPort.FREE : batch;
    DenoiserSignature signature =
        new DenoiserSignature(
            TensorPort.of("x", ElementType.FLOAT, rows, 1, 2, 2),
            TensorPort.of("t", ElementType.FLOAT, 1),
            TensorPort.of("out", ElementType.FLOAT, rows, 1, 2, 2),
            Optional.of(TensorPort.of("label", ElementType.INT64, rows)),
            List.of(TensorPort.of("states", ElementType.FLOAT, rows, TOKENS, WIDTH)),
            false);
    return new DenoiserSpec(
        "denoiser.onnx", signature, PredictionType.EPSILON, 8, Optional.empty(), List.of());
  }

  private static InferenceSession open(int batch) {
    Dim rows = batch == 0 ? Dim.symbolic("N") : Dim.of(batch);
    GraphBuilder g = new GraphBuilder("denoiser", 17);
    Shape images = Shape.of(rows, Dim.of(1), Dim.of(2), Dim.of(2));
    Value x = g.input("x", ElementType.FLOAT, images);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.of(1)));
    Value label = g.input("label", ElementType.INT64, Shape.of(rows));
    Value states =
        g.input("states", ElementType.FLOAT, Shape.of(rows, Dim.of(TOKENS), Dim.of(WIDTH)));
    Value number = g.cast(label, ElementType.FLOAT);
    Value column = g.constant("column", new long[] {-1, 1, 1, 1}, 4);
    Value sum =
        g.node(
            "ReduceSum",
            List.of(states, g.constant("axes", new long[] {1, 2}, 2)),
            Attribute.integer("keepdims", 0));
    Value shift = g.add(g.reshape(number, column), g.reshape(sum, column));
    Value moved = g.add(g.add(x, shift), t);
    g.output("out", moved, ElementType.FLOAT, images);
    return InferenceSession.open(
        "denoiser",
        OnnxCodec.toBytes(g.build()),
        ResolvedDevice.of(Device.cpu()),
        SessionSettings.defaults());
  }
}
