package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A case for every operator that has a rule, and for every way to use it that matters. */
final class OperatorCases {

  private OperatorCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases = new ArrayList<>();
    ElementwiseCases.addTo(cases);
    products(cases);
    ImageCases.addTo(cases);
    KernelCases.addTo(cases);
    PoolingCases.addTo(cases);
    NormCases.addTo(cases);
    NormalizationCases.addTo(cases);
    LayoutCases.addTo(cases);
    SelectionCases.addTo(cases);
    PadCases.addTo(cases);
    ConditionalCases.addTo(cases);
    ScatterCases.addTo(cases);
    EinsumCases.addTo(cases);
    ComposedCases.addTo(cases);
    VersionCases.addTo(cases);
    SignalCases.addTo(cases);
    SequenceCases.addTo(cases);
    return cases;
  }

  static long[] size(long... sizes) {
    return sizes;
  }

  /** An operator applied to all inputs. */
  static OperatorCase plain(String operator, String variant, List<long[]> inputs, Attribute... a) {
    return new OperatorCase(
        operator, variant, (g, x, c) -> g.node(operator, x, a), inputs.toArray(long[][]::new));
  }

  private static void products(List<OperatorCase> cases) {
    List<List<long[]>> operands =
        List.of(
            List.of(size(2, 3), size(3, 4)),
            List.of(size(2, 5, 3), size(2, 3, 4)),
            List.of(size(2, 5, 3), size(3, 4)),
            List.of(size(5, 3), size(2, 3, 4)),
            List.of(size(2, 1, 5, 3), size(4, 3, 2)),
            List.of(size(3), size(3, 2)),
            List.of(size(3), size(2, 3, 2)),
            List.of(size(2, 4, 3), size(3)),
            List.of(size(3), size(3)));
    for (List<long[]> pair : operands) {
      String variant = Arrays.deepToString(pair.toArray());
      cases.add(plain("MatMul", variant, pair));
    }
    for (int opset : new int[] {9, 17}) {
      for (int bits = 0; bits < 4; bits++) {
        int a = bits & 1;
        int b = bits >> 1;
        List<long[]> inputs =
            List.of(a == 0 ? size(2, 3) : size(3, 2), b == 0 ? size(3, 4) : size(4, 3), size(4));
        cases.add(
            plain(
                    "Gemm",
                    "transA " + a + " transB " + b,
                    inputs,
                    Attribute.integer("transA", a),
                    Attribute.integer("transB", b),
                    Attribute.decimal("alpha", 0.5f),
                    Attribute.decimal("beta", 2))
                .atOpset(opset));
      }
    }
  }

  /** An operator whose second operand is an integer vector. */
  static OperatorCase withIntegers(
      String operator, String variant, long[] x, List<long[]> arguments, Attribute... a) {
    return new OperatorCase(
        operator,
        variant,
        (g, inputs, c) -> {
          List<Value> operands = new ArrayList<>(inputs);
          for (int i = 0; i < arguments.size(); i++) {
            operands.add(g.constant("argument" + i, arguments.get(i), arguments.get(i).length));
          }
          return g.node(operator, operands, a);
        },
        x);
  }
}
