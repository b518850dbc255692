package io.github.cpsample.trainer.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.platform.Fp16Conversions;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.Weights;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HalfPrecisionTest {

  private static final UNet NETWORK =
      new UNet(new UNetConfig(1, 12, 12, 2, List.of(16, 32), 1, List.of(3), 24, 8, 0));

  @Test
  void everyHalfIsReadAsOnnxRuntimeReadsIt() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float expected = Fp16Conversions.fp16ToFloat((short) bits);
      float found = HalfPrecision.toFloat((short) bits);
      assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(found), "bits " + bits);
    }
  }

  @Test
  void everyFiniteHalfSurvives() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.toFloat((short) bits);
      if (Float.isFinite(value)) {
        assertEquals((short) bits, HalfPrecision.toHalf(value));
      }
    }
  }

  @Test
  void valuesAreRoundedToTheNearestAndTiesToEven() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(36) - 26));
      short half = HalfPrecision.toHalf(value);
      double off = Math.abs((double) HalfPrecision.toFloat(half) - value);
      for (int step : new int[] {-1, 1}) {
        double other = HalfPrecision.toFloat((short) (half + step));
        assertTrue(!(Math.abs(other - value) < off), "value " + value + ", half " + half);
      }
    }
    assertEquals(1, HalfPrecision.toFloat(HalfPrecision.toHalf(1 + 0x1p-11f)), "tie, down");
    assertEquals(
        1 + 0x1p-9f, HalfPrecision.toFloat(HalfPrecision.toHalf(1 + 3 * 0x1p-11f)), "tie, up");
    assertEquals(0, HalfPrecision.toHalf(0x1p-25f), "tie of the smallest");
    assertEquals((short) 0x8000, HalfPrecision.toHalf(-0f));
  }

  @Test
  void aModelOfHalvesComputesWhatItsRoundedWeightsCompute() throws OrtException {
    float[] weights = Weights.of(NETWORK).initialize(3);
    Random random = new Random(4);
    float[] rounded = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.05 * random.nextGaussian());
      rounded[i] = HalfPrecision.toFloat(HalfPrecision.toHalf(weights[i]));
    }
    Set<String> names = Weights.of(NETWORK).values(weights).keySet();
    OnnxModel halves = HalfPrecision.store(export(weights), names);
    names.forEach(
        name -> assertEquals(ElementType.FLOAT16, halves.graph().initializers().get(name).type()));
    assertArrayEquals(run(export(rounded)), run(halves), 1e-5f);
    int plain = OnnxCodec.toBytes(export(weights)).length;
    assertTrue(OnnxCodec.toBytes(halves).length < 0.6 * plain);
  }

  private static OnnxModel export(float[] weights) {
    return NetworkExporter.export(NETWORK, weights, "denoiser", "prediction");
  }

  private static float[] run(OnnxModel model) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    float[] x = new float[2 * 144];
    Random random = new Random(5);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    try (OrtSession session = environment.createSession(OnnxCodec.toBytes(model));
        OnnxTensor images =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {2, 1, 12, 12});
        OnnxTensor t =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(new float[] {3, 700}), new long[] {2});
        OrtSession.Result result = session.run(Map.of("x", images, "t", t))) {
      float[] values = new float[x.length];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(values);
      return values;
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {65_505, -1e30f, Float.NaN, Float.POSITIVE_INFINITY})
  void valuesThatHalvesCannotHoldAreRefused(float value) {
    float[] weights = Weights.of(NETWORK).initialize(3);
    weights[0] = value;
    Set<String> names = Weights.of(NETWORK).values(weights).keySet();
    OnnxModel model = export(weights);
    MalformedModelException refusal =
        assertThrows(MalformedModelException.class, () -> HalfPrecision.store(model, names));
    assertTrue(refusal.getMessage().contains(names.iterator().next()), refusal.getMessage());
  }

  @Test
  void aConstantThatIsNotThereIsNamed() {
    OnnxModel model = export(Weights.of(NETWORK).initialize(3));
    MalformedModelException refusal =
        assertThrows(
            MalformedModelException.class, () -> HalfPrecision.store(model, Set.of("nobody")));
    assertTrue(refusal.getMessage().contains("nobody"), refusal.getMessage());
  }
}
