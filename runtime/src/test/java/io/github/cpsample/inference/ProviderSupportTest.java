package io.github.cpsample.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.sampling.TinyModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderSupportTest {
  private static final ProviderSupport TABLE = ProviderSupport.documented();

  /** Rows looked up by hand in ONNX Runtime's OperatorKernels.md. */
  @ParameterizedTest
  @CsvSource({
    "CUDA, Conv, 17, true",
    "CUDA, InstanceNormalization, 17, true",
    "CUDA, Resize, 17, true",
    "CUDA, Erf, 17, true",
    "CUDA, Not, 17, true",
    "CUDA, Constant, 17, true",
    "CUDA, Equal, 9, false",
    "CUDA, Equal, 17, true",
    "CUDA, Atan, 17, false",
    "CPU, Atan, 17, true",
    "CUDA, Cos, 17, true",
    "CUDA, Cos, 22, false",
    "CPU, Cos, 22, true",
    "CPU, GridSample, 15, false",
    "CPU, GridSample, 16, true",
    "CPU, Nonsense, 17, false",
  })
  void knowsTheDocumentedKernels(
      ProviderSupport.Provider provider, String operator, int opset, boolean expected) {
    assertEquals(expected, TABLE.supports(provider, operator, opset));
  }

  @Test
  void networksAndTheirGradientsRunOnBothProviders() {
    OnnxModel classifier = OnnxCodec.read(new TinyModel(8, 4).classifier());
    OnnxModel gradient =
        ReverseDifferentiator.of(classifier).outputs("logits").withRespectTo("x").differentiate();
    for (ProviderSupport.Provider provider : ProviderSupport.Provider.values()) {
      assertEquals(List.of(), TABLE.unsupported(OnnxCodec.read(TinyModel.denoiser(3)), provider));
      assertEquals(List.of(), TABLE.unsupported(classifier, provider));
      assertEquals(List.of(), TABLE.unsupported(gradient, provider));
    }
  }

  @Test
  void namesOperatorOpsetAndNode() {
    GraphBuilder g = new GraphBuilder("angles", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2));
    g.output("y", g.node("Atan", List.of(g.tanh(x))), ElementType.FLOAT, Shape.fixed(2));
    OnnxModel model = g.build();
    assertEquals(List.of(), TABLE.unsupported(model, ProviderSupport.Provider.CPU));
    List<String> missing = TABLE.unsupported(model, ProviderSupport.Provider.CUDA);
    assertEquals(1, missing.size());
    assertTrue(missing.get(0).startsWith("Atan of opset 17 (node "), missing.get(0));
    assertFalse(missing.get(0).contains("Tanh"));
  }
}
