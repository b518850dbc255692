package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Change of resolution. Every axis is resized by itself with a matrix R that does not depend on x,
 * so x gets R^T g along every resized axis. Repeating pixels by whole factors sums over the copies
 * instead. R is found by resizing the identity matrix with the very operator, so every mode is
 * exact.
 */
final class ResizeRule implements AdjointRule {

  /** The first opset whose Resize takes region, scales and sizes. */
  private static final int FOUR_INPUTS = 11;

  private static final Set<String> KEPT =
      Set.of(
          "mode",
          "coordinate_transformation_mode",
          "nearest_mode",
          "cubic_coeff_a",
          "exclude_outside",
          "antialias");

  @Override
  public void apply(NodeAdjoint n) {
    n.give(0, () -> image(n));
  }

  private static String image(NodeAdjoint n) {
    Optional<long[]> factors = repetitions(n);
    if (factors.isPresent()) {
      return sumOverCopies(n, factors.get());
    }
    if (n.emit().opset() < FOUR_INPUTS) {
      throw new NewerOpsetNeeded(FOUR_INPUTS, "a change of resolution that does not repeat pixels");
    }
    String g = n.cotangent();
    for (int axis = 0; axis < n.rank(0); axis++) {
      if (isResized(n, axis)) {
        g = alongAxis(n, g, axis);
      }
    }
    return g;
  }

  private static boolean isResized(NodeAdjoint n, int axis) {
    Optional<Shape> y = n.emit().shape(n.out());
    boolean unchanged = y.isPresent() && y.get().dim(axis).certainlyEquals(n.shape(0).dim(axis));
    boolean named =
        n.node()
            .ints("axes")
            .map(axes -> LongStream.of(axes).anyMatch(a -> n.axis(a, 0) == axis))
            .orElse(true);
    return named && (!unchanged || crops(n));
  }

  private static boolean crops(NodeAdjoint n) {
    return n.node().string("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
  }

  /** Where the node's lists of scales and regions say something about an axis. */
  private static int place(NodeAdjoint n, int axis) {
    long[] axes = n.node().ints("axes").orElse(LongStream.range(0, n.rank(0)).toArray());
    int place = 0;
    while (n.axis(axes[place], 0) != axis) {
      place++;
    }
    return place;
  }

  private static int listed(NodeAdjoint n) {
    return n.node().ints("axes").map(axes -> axes.length).orElseGet(() -> n.rank(0));
  }

  /** Whether it is given the sizes of its output; else it is given scales. */
  private static boolean hasSizes(NodeAdjoint n) {
    return n.node().hasInput(3);
  }

  /** Scales by axis, where they are constant. */
  private static Optional<double[]> scales(NodeAdjoint n) {
    Optional<Attribute> attribute = n.node().attribute("scales");
    if (attribute.isPresent()) {
      return Optional.of(
          ((List<?>) attribute.get().value()).stream().mapToDouble(v -> (Float) v).toArray());
    }
    int input = n.node().inputs().size() == 2 ? 1 : 2;
    Optional<double[]> given =
        n.node().hasInput(input)
            ? n.emit().constantValue(n.in(input)).map(Tensor::doubles)
            : Optional.empty();
    Optional<long[]> axes = n.node().ints("axes");
    if (given.isEmpty() || given.get().length == 0 || axes.isEmpty()) {
      return given.filter(s -> s.length > 0);
    }
    double[] all = new double[n.rank(0)];
    Arrays.fill(all, 1);
    for (int i = 0; i < axes.get().length; i++) {
      all[n.axis(axes.get()[i], 0)] = given.get()[i];
    }
    return Optional.of(all);
  }

  /** How often every pixel is repeated, where that is all that happens. */
  private static Optional<long[]> repetitions(NodeAdjoint n) {
    if (!n.node().string("mode", "nearest").equals("nearest")) {
      return Optional.empty();
    }
    boolean resize = n.node().operator().equals("Resize") && n.emit().opset() >= FOUR_INPUTS;
    String coordinates =
        n.node().string("coordinate_transformation_mode", resize ? "half_pixel" : "asymmetric");
    String rounding = n.node().string("nearest_mode", resize ? "round_prefer_floor" : "floor");
    boolean repeats =
        coordinates.equals("asymmetric")
            ? rounding.equals("floor")
            : coordinates.startsWith("half_pixel") && rounding.startsWith("round_prefer");
    return repeats && !crops(n) ? factors(n) : Optional.empty();
  }

  private static Optional<long[]> factors(NodeAdjoint n) {
    Optional<double[]> scales = scales(n);
    if (scales.isPresent()) {
      boolean whole =
          scales.get().length == n.rank(0)
              && Arrays.stream(scales.get()).allMatch(s -> s >= 1 && s == Math.rint(s));
      return whole
          ? Optional.of(Arrays.stream(scales.get()).mapToLong(s -> (long) s).toArray())
          : Optional.empty();
    }
    if (!hasSizes(n)) {
      return Optional.empty();
    }
    Optional<Shape> y = n.emit().shape(n.out());
    long[] factors = new long[n.rank(0)];
    for (int i = 0; i < factors.length; i++) {
      if (y.isPresent() && y.get().dim(i).certainlyEquals(n.shape(0).dim(i))) {
        factors[i] = 1;
        continue;
      }
      boolean known = y.isPresent() && y.get().dim(i).isFixed() && n.shape(0).dim(i).size() > 0;
      if (!known || y.get().dim(i).size() % n.shape(0).dim(i).size() != 0) {
        return Optional.empty();
      }
      factors[i] = y.get().dim(i).size() / n.shape(0).dim(i).size();
    }
    return Optional.of(factors);
  }

  /** The sum over the copies of every pixel; an average pool times their number where that fits. */
  private static String sumOverCopies(NodeAdjoint n, long... factors) {
    Emitter e = n.emit();
    int rank = factors.length;
    boolean image = rank > 2 && factors[0] == 1 && factors[1] == 1;
    if (image && e.type(n.in(0)) == ElementType.FLOAT) {
      long[] window = Arrays.copyOfRange(factors, 2, rank);
      double copies = LongStream.of(window).mapToDouble(f -> f).reduce(1, (a, b) -> a * b);
      String average =
          e.node(
              "AveragePool",
              List.of(n.cotangent()),
              Attribute.ints("kernel_shape", window),
              Attribute.ints("strides", window));
      return e.scale(average, copies, n.in(0));
    }
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      sizes.add(e.size(n.in(0), i));
      sizes.add(e.integers(factors[i]));
    }
    String blocks = e.reshape(n.cotangent(), e.concat(sizes, 0));
    long[] axes = LongStream.range(0, rank).map(i -> 2 * i + 1).toArray();
    return e.reduce("ReduceSum", blocks, false, axes);
  }

  private static String alongAxis(NodeAdjoint n, String g, int axis) {
    Emitter e = n.emit();
    String matrix = e.reshape(matrix(n, axis), e.concat(matrixSizes(n, axis), 0));
    return new Indices(e).product(g, matrix, axis, n.rank(0));
  }

  private static List<String> matrixSizes(NodeAdjoint n, int axis) {
    return List.of(n.emit().size(n.out(), axis), n.emit().size(n.in(0), axis));
  }

  /** R [1, 1, out, in]: the identity matrix resized along its rows. */
  private static String matrix(NodeAdjoint n, int axis) {
    Emitter e = n.emit();
    String size = e.size(n.in(0), axis);
    String identity = e.unsqueeze(new Indices(e).identity(size, n.in(0)), 0, 1);
    List<Attribute> attributes =
        new ArrayList<>(
            n.node().attributes().stream().filter(a -> KEPT.contains(a.name())).toList());
    List<String> inputs = new ArrayList<>(List.of(identity, region(n, axis)));
    Optional<double[]> scales = scales(n);
    if (scales.isPresent()) {
      inputs.add(e.constant(Tensor.of(new float[] {1, 1, (float) scales.get()[axis], 1}, 4)));
    } else if (!hasSizes(n)) {
      String scale = e.gather(n.in(2), e.integers(place(n, axis)));
      String one = e.constant(Tensor.of(new float[] {1}, 1));
      inputs.add(e.concat(List.of(one, one, scale, one), 0));
    } else {
      inputs.add(e.opset() < 13 ? nowhere(e) : "");
      inputs.add(e.concat(List.of(e.integers(1, 1), e.size(n.out(), axis), size), 0));
    }
    return e.node("Resize", inputs, attributes.toArray(Attribute[]::new));
  }

  private static String nowhere(Emitter e) {
    return e.appender().shared("no roi", () -> Tensor.of(new float[0], 0));
  }

  /** The part of R's rows that the node takes of an axis; of the other axes all. */
  private static String region(NodeAdjoint n, int axis) {
    Emitter e = n.emit();
    if (!crops(n)) {
      return nowhere(e);
    }
    String begin = e.gather(n.in(1), e.integers(place(n, axis)));
    String end = e.gather(n.in(1), e.integers(place(n, axis) + listed(n)));
    String zero = e.filled(0, n.in(1), 1);
    String one = e.filled(1, n.in(1), 1);
    return e.concat(List.of(zero, zero, begin, zero, one, one, end, one), 0);
  }
}
