package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
          n.giveUnbroadcast(1, () -> n.emit().neg(n.cotangent()));
        });
    rules.put("Mul", ArithmeticRules::product);
    // a: g / b; b: -g y / b
    rules.put(
        "Div",
        n -> {
          Emitter e = n.emit();
          n.giveUnbroadcast(0, () -> e.div(n.cotangent(), n.in(1)));
          n.giveUnbroadcast(1, () -> e.neg(e.mul(e.div(n.cotangent(), n.in(1)), n.out())));
        });
    // a: g; b: -g (a - y) / b, the whole quotient
    rules.put(
        "Mod",
        n -> {
          Emitter e = n.emit();
          n.giveUnbroadcast(0, n::cotangent);
          n.giveUnbroadcast(
              1,
              () -> {
                String quotient = e.div(e.sub(n.in(0), n.out()), n.in(1));
                return e.neg(e.mul(n.cotangent(), quotient));
              });
        });
    rules.put("Pow", ArithmeticRules::power);
    // the operand that was taken: g, shared equally by equal ones
    rules.put("Max", ArithmeticRules::extremum);
    rules.put("Min", ArithmeticRules::extremum);
    // a: g where the condition holds; b: g where it does not
    rules.put("Where", ArithmeticRules::where);
  }

  /** a: g b; b: g a. Of x and its sigmoid, x gets all at once, see {@link SiluAdjoint}. */
  private static void product(NodeAdjoint n) {
    Emitter e = n.emit();
    for (int i = 0; i < 2; i++) {
      String x = n.in(i);
      String s = n.in(1 - i);
      if (e.appender().isResult(s, "Sigmoid", x)) {
        n.give(i, () -> e.mul(n.cotangent(), new SiluAdjoint(e).slope(x, s, n.out())));
        return;
      }
    }
    n.giveUnbroadcast(0, () -> e.mul(n.cotangent(), n.in(1)));
    n.giveUnbroadcast(1, () -> e.mul(n.cotangent(), n.in(0)));
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

  /** x: g e x^(e-1), 0 where e is 0; e: g y log x, 0 where x is 0 and e is not negative. */
  private static void power(NodeAdjoint n) {
    Emitter e = n.emit();
    n.giveUnbroadcast(0, () -> e.mul(n.cotangent(), powerSlope(n)));
    n.giveUnbroadcast(
        1,
        () -> {
          String zero = e.scalar(0, n.in(0));
          String none = e.not(e.less(n.in(1), e.scalar(0, n.in(1))));
          String flat = e.and(e.equal(n.in(0), zero), none);
          String logarithm = e.log(e.where(flat, e.scalar(1, n.in(0)), n.in(0)));
          String slope = e.mul(n.out(), logarithm);
          String cotangent = e.mul(n.cotangent(), slope);
          boolean same = e.type(n.in(0)) == e.type(n.in(1));
          return same ? cotangent : e.cast(cotangent, e.type(n.in(1)));
        });
  }

  private static String powerSlope(NodeAdjoint n) {
    Emitter e = n.emit();
    String x = n.in(0);
    Optional<Double> constant = scalar(e, n.in(1));
    if (constant.isPresent()) {
      double exponent = constant.get();
      if (exponent == 0) {
        return e.scalar(0, x);
      }
      String power =
          exponent == 2
              ? x
              : exponent == 3
                  ? e.mul(x, x)
                  : exponent == 1 ? e.scalar(1, x) : e.node("Pow", x, e.scalar(exponent - 1, x));
      return e.scale(power, exponent, x);
    }
    boolean same = e.type(x) == e.type(n.in(1));
    String exponent = same ? n.in(1) : e.cast(n.in(1), e.type(x));
    String less = e.sub(exponent, e.scalar(1, x));
    String slope = e.mul(exponent, e.node("Pow", x, less));
    return e.where(e.not(e.equal(exponent, e.scalar(0, x))), slope);
  }

  private static Optional<Double> scalar(Emitter e, String value) {
    Optional<Tensor> constant = e.constantValue(value).filter(t -> t.size() == 1);
    Optional<Double> whole = e.integersOf(value).filter(v -> v.length == 1).map(v -> (double) v[0]);
    return whole.or(() -> constant.filter(Constants::isReal).map(t -> t.doubles()[0]));
  }

  private static void extremum(NodeAdjoint n) {
    Emitter e = n.emit();
    List<String> taken = new ArrayList<>();
    for (String input : n.node().inputs()) {
      taken.add(e.cast(e.equal(input, n.out()), e.type(n.out())));
    }
    String count = taken.size() == 1 ? taken.get(0) : e.node("Sum", taken);
    String share = e.div(n.cotangent(), count);
    for (int i = 0; i < taken.size(); i++) {
      String mask = taken.get(i);
      n.giveUnbroadcast(i, () -> e.mul(share, mask));
    }
  }

  private static void where(NodeAdjoint n) {
    Emitter e = n.emit();
    n.giveUnbroadcast(1, () -> e.where(n.in(0), n.cotangent()));
    n.giveUnbroadcast(2, () -> e.where(n.in(0), e.scalar(0, n.out()), n.cotangent()));
  }

  /**
   * The slope of y = x s with s = sigmoid(x): s + y (1 - s), fewer operations than both ways by
   * themselves.
   *
   * <p>Between convolutions it is written s (x + (1 - y)), with 1 - y as a convolution of every
   * channel by itself, of one tap, kernel -1 and bias 1. ONNX Runtime keeps images in a blocked
   * layout through that, fuses the sum with x into it, and would leave the layout for 1 - s.
   */
  private static final class SiluAdjoint {

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
        return e.mul(s, e.add(rest(y, channels.get().size()), x));
      }
      return e.add(s, e.mul(y, e.sub(e.scalar(1, x), s)));
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
}
