package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The slope of y = x s with s = sigmoid(x): s + y (1 - s), fewer operations than both ways by
 * themselves.
 *
 * <p>Between convolutions it is written s (x + (1 - y)), with 1 - y as a convolution of every
 * channel by itself, of one tap, kernel -1 and bias 1. ONNX Runtime keeps images in a blocked
 * layout through that, fuses the sum with x into it, and would leave the layout for 1 - s.
 */
final class SiluAdjoint {

  /** ONNX Runtime's widest blocks of channels. */
  private static final int LANES = 16;

  private final Emitter e;

  SiluAdjoint(Emitter emitter) {
    this.e = emitter;
  }

  /** Emits the slope. */
  String slope(String x, String s, String y) {
    Optional<Dim> channels = e.shape(x).filter(shape -> shape.rank() == 4).map(d -> d.dim(1));
    boolean whole = channels.filter(d -> d.size() > 0 && d.size() % LANES == 0).isPresent();
    if (whole && e.type(x) == ElementType.FLOAT && isConvolved(x)) {
      return e.node("Mul", s, e.node("Add", rest(y, channels.get().size()), x));
    }
    return e.node("Add", s, e.node("Mul", y, e.node("Sub", e.scalar(1, x), s)));
  }

  private String rest(String y, long channels) {
    return e.node(
        "Conv",
        List.of(y, e.filled(-1, y, channels, 1, 1, 1), e.filled(1, y, channels)),
        Attribute.integer("group", channels));
  }

  /** Whether x is the result of a convolution, or its sum with something of the same shape. */
  private boolean isConvolved(String x) {
    Optional<Node> node = e.appender().modelNode(x);
    if (node.isEmpty() || !node.get().operator().equals("Add")) {
      return isConvolution(node);
    }
    List<String> terms = node.get().inputs();
    Optional<Shape> shape = e.shape(x);
    return terms.stream().allMatch(term -> e.shape(term).equals(shape))
        && terms.stream().anyMatch(term -> isConvolution(e.appender().modelNode(term)));
  }

  private boolean isConvolution(Optional<Node> node) {
    return node.filter(n -> n.operator().equals("Conv"))
        .filter(n -> e.constantValue(n.inputs().get(1)).isPresent())
        .isPresent();
  }
}
