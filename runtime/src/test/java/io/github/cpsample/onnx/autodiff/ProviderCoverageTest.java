package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.inference.ExecutionProvider;
import io.github.cpsample.inference.ProviderSupport;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What rules emit runs wherever the original runs: the CPU and the CUDA provider implement it. */
class ProviderCoverageTest {

  /**
   * Beyond it the CUDA provider has no kernels of some ordinary operators (ConstantOfShape,
   * ReduceMax, later Cast), which ONNX Runtime then runs on the CPU.
   */
  private static final int LAST_OF_CUDA = 22;

  static List<OperatorCase> cases() {
    return OperatorCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void emitsOnlyOperatorsOfBothProviders(OperatorCase operator) {
    OnnxModel model = operator.model(false);
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    for (ExecutionProvider provider : ExecutionProvider.values()) {
      if (provider == ExecutionProvider.CUDA && model.opset() > LAST_OF_CUDA) {
        continue;
      }
      for (Node node : derived.graph().nodes()) {
        boolean emitted = node.name().startsWith("adjoint.");
        boolean supported =
            ProviderSupport.documented().supports(provider, node.operator(), derived.opset());
        assertTrue(
            !emitted || supported || node.operator().equals(operator.operator()),
            provider + " has no " + node.operator() + " at opset " + derived.opset());
      }
    }
  }
}
