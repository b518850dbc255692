package io.github.cpsample.trainer.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.trainer.network.BlockNetworks;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.Ops;
import io.github.cpsample.trainer.network.SampleNetworks;
import io.github.cpsample.trainer.training.TrainedNetwork;
import io.github.cpsample.trainer.training.Weights;
import java.lang.reflect.Method;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ONNX interpretation computes what the DJL interpretation computes. */
class ExportParityTest {

  private static final double TOLERANCE = 1e-4;

  static List<SampleNetworks.Named> networks() {
    List<SampleNetworks.Named> networks = new ArrayList<>(BlockNetworks.all());
    networks.addAll(SampleNetworks.all());
    return networks;
  }

  @Test
  void everyBuildingBlockIsCompared() {
    Set<String> methods =
        Arrays.stream(Ops.class.getDeclaredMethods())
            .filter(method -> !method.isSynthetic())
            .map(Method::getName)
            .collect(Collectors.toSet());
    Set<String> compared =
        BlockNetworks.all().stream().map(SampleNetworks.Named::name).collect(Collectors.toSet());
    assertEquals(methods, compared);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void onnxRuntimeAgreesWithDjl(SampleNetworks.Named sample) throws OrtException {
    Network network = sample.network();
    float[] weights = randomWeights(network);
    OnnxModel model = NetworkExporter.export(network, weights, "network", "output");
    assertEquals(17, model.opset());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (TrainedNetwork djl = new TrainedNetwork(network, weights);
        OrtSession ort = environment.createSession(OnnxCodec.toBytes(model))) {
      for (int batch : new int[] {1, 3}) {
        for (float t : new float[] {0, 17, 500.5f, 999}) {
          compare(network, djl, ort, batch, t);
        }
      }
    }
  }

  private static void compare(
      Network network, TrainedNetwork djl, OrtSession ort, int batch, float t) throws OrtException {
    Random random = new Random(batch + (long) t);
    int[] image = network.imageShape();
    float[] x = new float[batch * image[0] * image[1] * image[2]];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] timesteps = new float[batch];
    int[] labels = new int[batch];
    for (int n = 0; n < batch; n++) {
      timesteps[n] = Math.max(0, t - n);
      labels[n] = network.classes() > 0 ? random.nextInt(network.classes()) : 0;
    }
    float[] expected = djl.evaluate(x, timesteps, labels);
    float[] found = run(network, ort, x, timesteps, labels);
    assertEquals(expected.length, found.length);
    for (int i = 0; i < found.length; i++) {
      assertTrue(
          Math.abs(expected[i] - found[i]) <= TOLERANCE,
          "element " + i + ": DJL " + expected[i] + ", ONNX Runtime " + found[i]);
    }
  }

  private static float[] run(Network network, OrtSession ort, float[] x, float[] t, int[] labels)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    int[] image = network.imageShape();
    Map<String, OnnxTensor> inputs = new HashMap<>();
    long[] shape = {t.length, image[0], image[1], image[2]};
    inputs.put("x", OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape));
    if (network.timed()) {
      inputs.put(
          "t", OnnxTensor.createTensor(environment, FloatBuffer.wrap(t), new long[] {t.length}));
    }
    if (network.classes() > 0) {
      long[] wide = new long[labels.length];
      for (int n = 0; n < wide.length; n++) {
        wide[n] = labels[n];
      }
      inputs.put(
          "label",
          OnnxTensor.createTensor(environment, LongBuffer.wrap(wide), new long[] {wide.length}));
    }
    try (OrtSession.Result result = ort.run(inputs)) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** No parameter at its initial zero, so that every path carries a signal. */
  private static float[] randomWeights(Network network) {
    float[] weights = Weights.of(network).initialize(3);
    Random random = new Random(4);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.05 * random.nextGaussian());
    }
    return weights;
  }
}
