package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.inference.ProviderSupport;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What rules emit runs wherever the original runs: the CPU and the CUDA provider implement it. The
 * CUDA provider has not caught up with the newest opsets, where it leaves even casts to the CPU.
 */
class ProviderCoverageTest {

  private static final int CAUGHT_UP = 21;

  private static boolean isBehind(ProviderSupport.Provider provider, int opset) {
    return provider == ProviderSupport.Provider.CUDA && opset > CAUGHT_UP;
  }

  static List<OperatorCase> cases() {
    return OperatorCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void emitsOnlyOperatorsOfBothProviders(OperatorCase operator) {
    OnnxModel derived = ReverseDifferentiator.of(operator.model(false)).differentiate();
    for (Node node : derived.graph().nodes()) {
      boolean emitted = node.name().startsWith("adjoint.");
      for (ProviderSupport.Provider provider : ProviderSupport.Provider.values()) {
        boolean supported =
            ProviderSupport.documented().supports(provider, node.operator(), derived.opset());
        assertTrue(
            !emitted
                || supported
                || isBehind(provider, derived.opset())
                || !ProviderSupport.documented()
                    .supports(provider, operator.operator(), derived.opset()),
            provider + " has no " + node.operator() + " at opset " + derived.opset());
      }
    }
  }
}
