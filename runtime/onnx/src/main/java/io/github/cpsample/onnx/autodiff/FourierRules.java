package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import java.util.List;
import java.util.Map;

/**
 * Fourier transforms, written out as products with matrices of cosines and sines; real and
 * imaginary parts lie along the last axis.
 */
final class FourierRules {

  private FourierRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put("DFT", new DecomposedRule((e, n) -> List.of(whole(e, n))));
    rules.put("STFT", new DecomposedRule((e, n) -> List.of(windows(e, n))));
  }

  /** What is transformed: along which axis of how many, and how many parts numbers have. */
  private record Signal(String values, int axis, int rank, boolean complex) {

    String part(Emitter e, long index) {
      return e.slice(values, rank - 1, e.integers(index), e.integers(index + 1));
    }
  }

  private static String whole(Emitter e, NodeAdjoint n) {
    Signal signal = signal(e, n);
    boolean inverse = n.node().integer("inverse", 0) != 0;
    boolean half = n.node().integer("onesided", 0) != 0;
    String there = e.size(signal.values(), signal.axis());
    String length = n.node().hasInput(1) ? single(e, n.in(1)) : there;
    String result;
    if (inverse && half) {
      String whole = e.mul(e.sub(there, e.integers(1)), e.integers(2));
      result = realInverse(e, signal, n.node().hasInput(1) ? length : whole);
    } else {
      result = transform(e, signal, length, inverse, half);
    }
    return signal.values().equals(n.in(0)) ? result : e.reshapeLike(result, n.out());
  }

  /** Where the axis is only known when the graph runs, those before and behind it become one. */
  private static Signal signal(Emitter e, NodeAdjoint n) {
    int rank = n.rank(0);
    boolean complex = isComplex(n, rank);
    if (e.opset() < 20) {
      return new Signal(n.in(0), n.axis(n.node().integer("axis", 1), 0), rank, complex);
    }
    if (!n.node().hasInput(2) || e.integersOf(n.in(2)).isPresent()) {
      long axis = n.argument("axis", 2).map(given -> given[0]).orElse(-2L);
      return new Signal(n.in(0), n.axis(axis, 0), rank, complex);
    }
    String axis = e.node("Mod", single(e, n.in(2)), e.integers(rank));
    String shape = e.shapeOf(n.in(0));
    String next = e.add(axis, e.integers(1));
    String before = e.slice(e.concat(List.of(e.integers(1), shape), 0), 0, e.integers(0), next);
    String sizes =
        e.concat(
            List.of(
                e.reduce("ReduceProd", before, true, 0),
                e.gather(shape, axis),
                e.integers(-1, complex ? 2 : 1)),
            0);
    return new Signal(e.reshape(n.in(0), sizes), 1, 4, complex);
  }

  private static boolean isComplex(NodeAdjoint n, int rank) {
    if (!n.shape(0).dim(rank - 1).isFixed()) {
      throw n.refuse("whether its numbers are complex is only known when the graph runs");
    }
    return n.shape(0).dim(rank - 1).size() == 2;
  }

  /** A scalar as an int64 tensor of one element. */
  private static String single(Emitter e, String scalar) {
    String flat = e.reshape(scalar, 1);
    return e.type(scalar) == ElementType.INT64 ? flat : e.cast(flat, ElementType.INT64);
  }

  /** The sum over m of x[m] exp(-+ 2 pi i m k / length), divided by the length where inverse. */
  private static String transform(
      Emitter e, Signal x, String length, boolean inverse, boolean half) {
    String bins = half ? e.add(e.div(length, e.integers(2)), e.integers(1)) : length;
    Waves waves = new Waves(e, x, length, bins);
    String real = x.part(e, 0);
    String cosines = waves.along(real, "Cos");
    String sines = waves.along(real, "Sin");
    String realResult = cosines;
    String imaginaryResult = inverse ? sines : e.neg(sines);
    if (x.complex()) {
      String imaginary = x.part(e, 1);
      realResult = e.node(inverse ? "Sub" : "Add", cosines, waves.along(imaginary, "Sin"));
      imaginaryResult = e.add(imaginaryResult, waves.along(imaginary, "Cos"));
    }
    String both = e.concat(List.of(realResult, imaginaryResult), x.rank() - 1L);
    return inverse ? e.div(both, e.cast(length, e.type(x.values()))) : both;
  }

  /** The real signal of which the first half of the bins is given; the others are their mirror. */
  private static String realInverse(Emitter e, Signal x, String length) {
    Waves waves = new Waves(e, x, length, length).mirrored();
    String sum = e.sub(waves.along(x.part(e, 0), "Cos"), waves.along(x.part(e, 1), "Sin"));
    return e.div(sum, e.cast(length, e.type(x.values())));
  }

  /** Pieces of equal length, a step apart, each times the window and transformed. */
  private static String windows(Emitter e, NodeAdjoint n) {
    int rank = n.rank(0);
    String signal = rank == 2 ? e.unsqueeze(n.in(0), 2) : n.in(0);
    String length = n.node().hasInput(3) ? single(e, n.in(3)) : e.size(n.in(2), 0);
    Indices indices = new Indices(e);
    String starts = e.mul(indices.range(e.size(n.out(), 1)), single(e, n.in(1)));
    String places = e.add(e.unsqueeze(starts, 1), e.unsqueeze(indices.range(length), 0));
    String pieces = e.gather(signal, places, 1);
    if (n.node().hasInput(2)) {
      pieces = e.mul(pieces, e.reshape(n.in(2), -1, 1));
    }
    Signal x = new Signal(pieces, 2, 4, rank == 3 && isComplex(n, rank));
    return transform(e, x, length, false, n.node().integer("onesided", 1) != 0);
  }

  /** Products along the axis of a signal with the matrix of an oscillation at every bin. */
  private static final class Waves {

    private final Emitter e;
    private final Signal x;
    private final String length;
    private final String rows;
    private final String angles;
    private String weights;

    Waves(Emitter emitter, Signal signal, String length, String bins) {
      this.e = emitter;
      this.x = signal;
      this.length = length;
      Indices indices = new Indices(e);
      this.rows = e.unsqueeze(indices.range(e.size(signal.values(), signal.axis())), 1);
      String product = e.mul(rows, e.unsqueeze(indices.range(bins), 0));
      String turns = number(e.node("Mod", product, length));
      this.angles = e.div(e.scale(turns, 2 * Math.PI, turns), number(length));
      // elements beyond the length are cut off
      this.weights = number(e.less(rows, length));
    }

    private String number(String value) {
      return e.cast(value, e.type(x.values()));
    }

    /** With every bin standing for its mirror image too, but for the first and the middle. */
    Waves mirrored() {
      String twice = e.mul(rows, e.integers(2));
      String alone = e.or(e.equal(rows, e.integers(0)), e.equal(twice, length));
      String counts = e.sub(e.scalar(2, x.values()), number(alone));
      weights = e.mul(counts, number(e.not(e.greater(twice, length))));
      return this;
    }

    String along(String values, String wave) {
      String matrix = e.mul(e.node(wave, angles), weights);
      return new Indices(e).product(values, matrix, x.axis(), x.rank());
    }
  }
}
