package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Tensor;
import java.util.List;
import java.util.Map;

/** Arithmetic of two or more values with broadcasting; g is the cotangent, y the output. */
final class ArithmeticRules {

  private ArithmeticRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // a: g; b: g
    rules.put("Add", ArithmeticRules::sum);
    rules.put("Sum", ArithmeticRules::sum);
    // every input: g / count
    rules.put("Mean", ArithmeticRules::mean);
    // a: g; b: -g
    rules.put(
        "Sub",
        n -> {
          n.giveUnbroadcast(0, n::cotangent);
          n.giveUnbroadcast(1, () -> n.emit().node("Neg", n.cotangent()));
        });
    // a: g b; b: g a
    rules.put(
        "Mul",
        n -> {
          n.giveUnbroadcast(0, () -> n.emit().node("Mul", n.cotangent(), n.in(1)));
          n.giveUnbroadcast(1, () -> n.emit().node("Mul", n.cotangent(), n.in(0)));
        });
    // a: g / b; b: -g y / b
    rules.put(
        "Div",
        n -> {
          Emitter e = n.emit();
          n.giveUnbroadcast(0, () -> e.node("Div", n.cotangent(), n.in(1)));
          n.giveUnbroadcast(
              1,
              () -> e.node("Neg", e.node("Div", e.node("Mul", n.cotangent(), n.out()), n.in(1))));
        });
    rules.put("Pow", ArithmeticRules::power);
    // the operand that was taken: g, shared equally by equal ones
    rules.put("Max", ArithmeticRules::extremum);
    rules.put("Min", ArithmeticRules::extremum);
    // a: g where the condition holds; b: g where it does not
    rules.put("Where", ArithmeticRules::where);
  }

  private static void sum(NodeAdjoint n) {
    for (int i = 0; i < n.node().inputs().size(); i++) {
      n.giveUnbroadcast(i, n::cotangent);
    }
  }

  private static void mean(NodeAdjoint n) {
    int count = n.node().inputs().size();
    for (int i = 0; i < count; i++) {
      n.giveUnbroadcast(i, () -> n.emit().scale(n.cotangent(), 1.0 / count, n.out()));
    }
  }

  /** x: g e x^(e-1); the exponent e must not depend on what is differentiated. */
  private static void power(NodeAdjoint n) {
    n.requireInactive(1, "exponent");
    Emitter e = n.emit();
    n.giveUnbroadcast(
        0,
        () -> {
          double[] exponent =
              e.constantValue(n.in(1))
                  .filter(t -> t.size() == 1 && t.type().isFloatingPoint())
                  .map(Tensor::doubles)
                  .orElseThrow(() -> n.refuse("expected a constant floating point exponent"));
          String power =
              exponent[0] == 2
                  ? n.in(0)
                  : e.node("Pow", n.in(0), e.scalar(exponent[0] - 1, n.in(0)));
          return e.node("Mul", n.cotangent(), e.scale(power, exponent[0], n.in(0)));
        });
  }

  private static void extremum(NodeAdjoint n) {
    Emitter e = n.emit();
    String shares = null;
    String[] taken = new String[n.node().inputs().size()];
    for (int i = 0; i < taken.length; i++) {
      taken[i] =
          e.node(
              "Cast",
              List.of(e.node("Equal", n.in(i), n.out())),
              Attribute.integer("to", e.type(n.out()).code()));
      shares = shares == null ? taken[i] : e.node("Add", shares, taken[i]);
    }
    String share = e.node("Div", n.cotangent(), shares);
    for (int i = 0; i < taken.length; i++) {
      int input = i;
      n.giveUnbroadcast(i, () -> e.node("Mul", share, taken[input]));
    }
  }

  private static void where(NodeAdjoint n) {
    Emitter e = n.emit();
    String zero = e.scalar(0, n.out());
    n.giveUnbroadcast(1, () -> e.node("Where", n.in(0), n.cotangent(), zero));
    n.giveUnbroadcast(2, () -> e.node("Where", n.in(0), zero, n.cotangent()));
  }
}
