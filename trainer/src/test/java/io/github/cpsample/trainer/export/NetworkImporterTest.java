package io.github.cpsample.trainer.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.SampleNetworks;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkImporterTest {

  private static final UNet NETWORK =
      new UNet(new UNetConfig(1, 12, 12, 2, List.of(16, 32), 1, List.of(3), 24, 8, 0));

  static List<SampleNetworks.Named> networks() {
    return SampleNetworks.all();
  }

  static List<UNetConfig> denoisers() {
    return List.of(
        NETWORK.config(),
        new UNetConfig(3, 8, 12, 1, List.of(16, 16, 32), 2, List.of(4, 2), 16, 4, 5),
        new UNetConfig(1, 28, 28, 2, List.of(32, 64), 1, List.of(7), 128, 8, 0),
        new UNetConfig(3, 16, 16, 4, List.of(16), 3, List.of(), 16, 1, 2));
  }

  private static float[] weights(Network network) {
    float[] weights = Weights.of(network).initialize(3);
    Random random = new Random(4);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.05 * random.nextGaussian());
    }
    weights[0] = Float.MIN_VALUE;
    weights[1] = -0f;
    return weights;
  }

  private static OnnxModel export(Network network, float[] weights) {
    return NetworkExporter.export(network, weights, "denoiser", "prediction");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void weightsComeBackBitByBit(SampleNetworks.Named sample) {
    float[] weights = weights(sample.network());
    OnnxModel file = OnnxCodec.read(OnnxCodec.toBytes(export(sample.network(), weights)));
    assertArrayEquals(weights, NetworkImporter.weights(file, sample.network()));
  }

  @ParameterizedTest
  @MethodSource("denoisers")
  void theConfigurationComesBack(UNetConfig config) {
    UNet network = new UNet(config);
    OnnxModel model = export(network, weights(network));
    assertEquals(config, NetworkImporter.denoiser(model));
    OnnxModel halves =
        HalfPrecision.store(model, Weights.of(network).values(weights(network)).keySet());
    assertEquals(config, NetworkImporter.denoiser(OnnxCodec.read(OnnxCodec.toBytes(halves))));
  }

  @Test
  void halvesComeBackAsTheyWereRounded() {
    float[] weights = weights(NETWORK);
    OnnxModel halves =
        HalfPrecision.store(export(NETWORK, weights), Weights.of(NETWORK).values(weights).keySet());
    float[] found = NetworkImporter.weights(halves, NETWORK);
    for (int i = 0; i < weights.length; i++) {
      assertEquals(HalfPrecision.toFloat(HalfPrecision.toHalf(weights[i])), found[i]);
    }
    assertArrayEquals(weights, found, 2e-3f);
  }

  private static OnnxModel with(OnnxModel model, String name, Tensor tensor) {
    Graph graph = model.graph();
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.remove(name);
    if (tensor != null) {
      constants.put(name, tensor);
    }
    return model.withGraph(
        new Graph(
            graph.name(), graph.inputs(), graph.outputs(), graph.nodes(), constants, List.of()));
  }

  private static String refusalOfWeights(OnnxModel model) {
    return assertThrows(
            MalformedModelException.class, () -> NetworkImporter.weights(model, NETWORK))
        .getMessage();
  }

  @Test
  void aParameterThatDoesNotFitIsNamedWithBothShapes() {
    OnnxModel model = export(NETWORK, weights(NETWORK));
    assertEquals(
        "Parameter down.0.0.norm0.gamma: expected shape [16], found [3]",
        refusalOfWeights(with(model, "down.0.0.norm0.gamma", Tensor.of(new float[3], 3))));
    assertEquals(
        "Parameter out.conv.bias: expected shape [4], found no such parameter",
        refusalOfWeights(with(model, "out.conv.bias", null)));
    assertEquals(
        "Parameter out.conv.bias: expected float32 or float16, found INT64",
        refusalOfWeights(with(model, "out.conv.bias", Tensor.of(new long[4], 4))));
    UNet wider = new UNet(new UNetConfig(1, 12, 12, 2, List.of(16, 48), 1, List.of(3), 24, 8, 0));
    String refusal =
        assertThrows(MalformedModelException.class, () -> NetworkImporter.weights(model, wider))
            .getMessage();
    assertTrue(refusal.contains("expected shape [48, "), refusal);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whatIsNoDenoiserOfThisTrainerIsRefused(SampleNetworks.Named sample) {
    if (sample.network() instanceof UNet) {
      return;
    }
    OnnxModel model = export(sample.network(), weights(sample.network()));
    String refusal =
        assertThrows(
                IllegalArgumentException.class,
                () -> NetworkImporter.weights(model, new UNet(NetworkImporter.denoiser(model))))
            .getMessage();
    assertTrue(refusal.contains("expected"), refusal);
  }

  @Test
  void aDenoiserWithoutItsFirstConvolutionIsForeign() {
    OnnxModel model = with(export(NETWORK, weights(NETWORK)), "stem.weight", null);
    String refusal =
        assertThrows(MalformedModelException.class, () -> NetworkImporter.denoiser(model))
            .getMessage();
    assertTrue(refusal.contains("no parameter stem.weight"), refusal);
    assertTrue(refusal.contains("cannot be trained here"), refusal);
  }
}
