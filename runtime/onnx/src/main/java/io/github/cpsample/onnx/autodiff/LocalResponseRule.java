package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.List;

/**
 * Local response normalisation (Krizhevsky et al. 2012): y = x d^(-beta) with d = bias + alpha /
 * size times the sum of x^2 over {@code size} neighbouring channels.
 *
 * <p>x: g d^(-beta) - 2 alpha beta / size x times the sum of g y / d over the channels in whose
 * neighbourhood x lies. Both sums are convolutions along the channels, with mirrored pads.
 */
final class LocalResponseRule implements AdjointRule {

  @Override
  public void apply(NodeAdjoint n) {
    n.give(0, () -> image(n));
  }

  private static String image(NodeAdjoint n) {
    Emitter e = n.emit();
    String x = n.in(0);
    long size = n.node().integer("size", 1);
    double alpha = n.node().decimal("alpha", 0.0001f);
    double beta = n.node().decimal("beta", 0.75f);
    long before = (size - 1) / 2;
    long after = size - 1 - before;
    String squares = neighbours(n, e.node("Mul", x, x), alpha / size, before, after);
    String d = e.node("Add", squares, e.scalar(n.node().decimal("bias", 1), x));
    String direct = e.node("Mul", n.cotangent(), e.node("Pow", d, e.scalar(-beta, x)));
    String share = e.node("Div", e.node("Mul", n.cotangent(), n.out()), d);
    String others = neighbours(n, share, 2 * alpha * beta / size, after, before);
    return e.node("Sub", direct, e.node("Mul", x, others));
  }

  /** Weighted sums over neighbouring channels: channels and pixels as a one-channel image. */
  private static String neighbours(
      NodeAdjoint n, String value, double weight, long before, long after) {
    Emitter e = n.emit();
    String rows = e.unsqueeze(e.node("Reshape", value, e.integers(0, 0, -1)), 1);
    String kernel = e.filled(weight, n.in(0), 1, 1, before + after + 1, 1);
    String sums =
        e.node("Conv", List.of(rows, kernel), Attribute.ints("pads", before, 0, after, 0));
    return e.reshapeLike(sums, n.in(0));
  }
}
