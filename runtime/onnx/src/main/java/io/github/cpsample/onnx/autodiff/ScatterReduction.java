package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * The adjoint of scattering that multiplies what is there, or takes the larger or smaller, by
 * element or by slice; y is the output, u the updates, at places of the data.
 */
final class ScatterReduction {

  private final NodeAdjoint n;
  private final Emitter e;
  private final boolean slices;

  ScatterReduction(NodeAdjoint node, boolean slices) {
    this.n = node;
    this.e = node.emit();
    this.slices = slices;
  }

  void apply() {
    if (n.node().string("reduction", "none").equals("mul")) {
      product();
    } else {
      extremum();
    }
  }

  /** Equal ones share g equally, the data's own element among them. */
  private void extremum() {
    String updates = n.in(2);
    String own = e.cast(e.equal(n.in(0), n.out()), e.type(updates));
    String taken = e.cast(e.equal(updates, gathered(n.out())), e.type(updates));
    String share = e.div(n.cotangent(), scattered(own, taken, "add"));
    n.give(0, () -> e.mul(share, own));
    n.give(2, () -> e.mul(gathered(share), taken));
  }

  /**
   * data: g times the product of its updates; updates: g times the data and the other updates, of
   * which those that are 0 are counted and left out of the product.
   */
  private void product() {
    String updates = n.in(2);
    String ones = e.expand(e.scalar(1, n.in(0)), e.fullShapeOf(n.in(0)));
    n.give(0, () -> e.mul(n.cotangent(), scattered(ones, updates, "mul")));
    n.give(
        2,
        () -> {
          String zero = e.equal(updates, e.scalar(0, updates));
          String factors = e.where(zero, e.scalar(1, updates), updates);
          String zeros = e.cast(zero, e.type(updates));
          String count = scattered(e.zerosLike(n.in(0)), zeros, "add");
          String others = e.sub(gathered(count), zeros);
          String product = e.mul(n.cotangent(), scattered(n.in(0), factors, "mul"));
          String slope = e.div(gathered(product), factors);
          return e.where(e.less(others, e.scalar(0.5, updates)), slope);
        });
  }

  private String gathered(String value) {
    List<String> inputs = List.of(value, n.in(1));
    return slices
        ? e.node("GatherND", inputs)
        : e.node("GatherElements", inputs, Attribute.integer("axis", n.node().integer("axis", 0)));
  }

  private String scattered(String data, String values, String reduction) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.string("reduction", reduction));
    if (!slices) {
      attributes.add(Attribute.integer("axis", n.node().integer("axis", 0)));
    }
    return e.node(
        n.node().operator(), List.of(data, n.in(1), values), attributes.toArray(Attribute[]::new));
  }
}
