package io.github.cpsample.conditioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.denoiser.Denoiser;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A denoiser that adds its label, and the sum of its hidden states, to every pixel. */
class ConditionedDenoiserTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 2);
  private static final int TOKENS = 3;
  private static final int WIDTH = 2;
  private static final HiddenStates PROMPT =
      new HiddenStates(TOKENS, new float[] {1, 2, 3, 4, 5, 6});
  private static final HiddenStates NEGATIVE = new HiddenStates(TOKENS, new float[6]);

  /** Whatever number of rows a denoiser takes at once, every image has its own pair of them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void fixedBatchesAreGuidedToo(int batch) {
    SamplerState state = new SamplerState(3, SHAPE.size());
    for (int i = 0; i < state.x().length; i++) {
      state.x()[i] = i;
    }
    try (InferenceSession session = open(batch)) {
      Denoiser denoiser =
          new ConditionedDenoiser(spec(batch), new Guidance(3, 0))
              .label(7, OptionalInt.of(2))
              .text("states", PROMPT, NEGATIVE)
              .create(session, SHAPE, 3, false);
      denoiser.predict(state, 3, 5);
      double without = 2 + 0;
      double with = 7 + 21;
      for (int i = 0; i < state.x().length; i++) {
        assertEquals(i + without + 3 * (with - without), state.prediction()[i], 1e-4);
      }
      new ConditionedDenoiser(spec(batch), Guidance.NONE)
          .label(7, OptionalInt.empty())
          .text("states", PROMPT, NEGATIVE)
          .create(session, SHAPE, 3, false)
          .predict(state, 3, 5);
      for (int i = 0; i < state.x().length; i++) {
        assertEquals(i + with, state.prediction()[i], 1e-4);
      }
    }
  }

  @Test
  void refusesWhatTheDenoiserDoesNotTake() {
    ConditionedDenoiser denoiser = new ConditionedDenoiser(spec(0), new Guidance(3, 0));
    assertThrows(IllegalArgumentException.class, () -> denoiser.label(1, OptionalInt.empty()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> denoiser.text("other", PROMPT, NEGATIVE))
            .getMessage();
    assertTrue(message.contains("other") && message.contains("states"), message);
    denoiser
        .label(1, OptionalInt.of(0))
        .text("states", new HiddenStates(2, new float[6]), NEGATIVE);
    try (InferenceSession session = open(0)) {
      message =
          assertThrows(
                  IllegalArgumentException.class, () -> denoiser.create(session, SHAPE, 1, false))
              .getMessage();
      assertTrue(message.contains("2, 3]"), message);
    }
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
    Value number =
        g.node("Cast", List.of(label), Attribute.integer("to", ElementType.FLOAT.code()));
    Value column = g.constant("column", new long[] {-1, 1, 1, 1}, 4);
    Value sum =
        g.node(
            "ReduceSum",
            List.of(states, g.constant("axes", new long[] {1, 2}, 2)),
            Attribute.integer("keepdims", 0));
    Value shift =
        g.node(
            "Add",
            List.of(
                g.node("Reshape", List.of(number, column)),
                g.node("Reshape", List.of(sum, column))));
    Value still = g.node("Mul", List.of(t, g.constant("nothing", new float[] {0}, 1)));
    Value moved = g.node("Add", List.of(g.node("Add", List.of(x, shift)), still));
    g.output("out", moved, ElementType.FLOAT, images);
    return InferenceSession.open(
        "denoiser",
        OnnxCodec.toBytes(g.build()),
        ResolvedDevice.of(Device.cpu()),
        SessionSettings.defaults());
  }
}
