package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.List;

/**
 * The adjoint of a cumulative product y_j of x_i for i up to j: x_i gets the sum over j of g_j
 * times the product of the other factors. Elements that are 0 are counted and left out of the
 * product: x_i that is not 0 gets what has no zero before it, divided by it; the first 0 gets what
 * has no other zero before it.
 */
final class CumulativeProduct {

  private final NodeAdjoint n;
  private final Emitter e;
  private final long reverse;
  private final long exclusive;

  CumulativeProduct(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.reverse = node.node().integer("reverse", 0);
    this.exclusive = node.node().integer("exclusive", 0);
  }

  String image() {
    String x = n.in(0);
    String zero = e.equal(x, e.scalar(0, x));
    String factors = e.where(zero, e.scalar(1, x), x);
    String marks = e.cast(zero, e.type(x));
    String product =
        e.node("Mul", n.cotangent(), cumulative("CumProd", factors, exclusive, reverse));
    String before = cumulative("CumSum", marks, exclusive, reverse);
    String without = back(e.where(e.node("Less", before, e.scalar(0.5, x)), product));
    String one = e.node("Less", e.node("Abs", less(before, 1)), e.scalar(0.5, x));
    String first =
        e.node(
            "Less",
            e.node("Abs", less(cumulative("CumSum", marks, 0, reverse), 1)),
            e.scalar(0.5, x));
    String alone = e.where(first, back(e.where(one, product)));
    // with the first zero itself left out, what comes before it has none
    return e.where(zero, alone, e.node("Div", without, factors));
  }

  private String less(String value, double number) {
    return e.node("Sub", value, e.scalar(number, n.in(0)));
  }

  private String back(String value) {
    return cumulative("CumSum", value, exclusive, 1 - reverse);
  }

  private String cumulative(String operator, String value, long without, long backwards) {
    return e.node(
        operator,
        List.of(value, n.in(1)),
        Attribute.integer("exclusive", without),
        Attribute.integer("reverse", backwards));
  }
}
