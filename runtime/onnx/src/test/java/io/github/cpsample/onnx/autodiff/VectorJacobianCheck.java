package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Compares vector-Jacobian products of a derived graph with central differences of the original
 * graph on ONNX Runtime, in random directions. Where the central difference changes with its step,
 * a kink lies near, and another direction is taken.
 */
final class VectorJacobianCheck implements AutoCloseable {

  private static final int MOST_DIRECTIONS = 20;

  /** Which directions are taken, and what an error is relative to. */
  private enum Mode {
    /** Any direction; errors relative to the difference, or to 1 where it is smaller. */
    ANY,
    /** Any direction; errors relative to the difference alone. */
    RELATIVE,
    /** Directions near that of the gradient; errors relative to the difference alone. */
    ALONG_GRADIENT
  }

  private final OrtGraph forward;
  private final OrtGraph backward;
  private final List<String> outputs = new ArrayList<>();
  private final List<String> inputs = new ArrayList<>();
  private final double step;
  private final double tolerance;
  private double largestError;

  /**
   * Opens both graphs.
   *
   * @param model the original
   * @param derived what was derived from it
   * @param step of the central differences
   * @param tolerance relative error that is allowed
   */
  VectorJacobianCheck(OnnxModel model, OnnxModel derived, double step, double tolerance) {
    this.forward = new OrtGraph(model);
    try {
      this.backward = new OrtGraph(derived);
    } catch (RuntimeException e) {
      forward.close();
      throw e;
    }
    this.step = step;
    this.tolerance = tolerance;
    for (ValueInfo input : derived.graph().inputs()) {
      if (input.name().startsWith("seed/")) {
        outputs.add(input.name().substring("seed/".length()));
      }
    }
    for (ValueInfo output : derived.graph().outputs()) {
      if (output.name().startsWith("grad/")) {
        inputs.add(output.name().substring("grad/".length()));
      }
    }
  }

  /** Checks at one point, in as many directions as asked. */
  void check(Map<String, Tensor> point, Random random, int directions) {
    check(point, random, directions, Mode.ANY);
  }

  /**
   * As {@link #check}, for large networks in float32: directions near that of the gradient, in
   * which the difference stands out from rounding errors, and a purely relative tolerance.
   */
  void checkAlongGradient(Map<String, Tensor> point, Random random, int directions) {
    check(point, random, directions, Mode.ALONG_GRADIENT);
  }

  /** As {@link #check}, with a purely relative tolerance. */
  void checkRelative(Map<String, Tensor> point, Random random, int directions) {
    check(point, random, directions, Mode.RELATIVE);
  }

  /** The largest relative error of all directions checked so far. */
  double largestError() {
    return largestError;
  }

  private void check(Map<String, Tensor> point, Random random, int directions, Mode mode) {
    Map<String, double[]> values = forward.run(point);
    int checked = 0;
    for (int trial = 0; trial < MOST_DIRECTIONS && checked < directions; trial++) {
      Map<String, double[]> seeds = new HashMap<>();
      outputs.forEach(name -> seeds.put(name, normals(random, values.get(name).length)));
      Map<String, double[]> gradients = gradients(point, seeds, values);
      Map<String, double[]> direction = new HashMap<>();
      inputs.forEach(
          name ->
              direction.put(
                  name,
                  mode == Mode.ALONG_GRADIENT
                      ? along(gradients.get(name), random)
                      : normals(random, point.get(name).size())));
      double width = step / (1 << (trial % 5));
      double coarse = difference(point, direction, seeds, width);
      double fine = difference(point, direction, seeds, width / 4);
      double scale = Math.max(mode == Mode.ANY ? 1 : 0, Math.abs(fine));
      if (Math.abs(coarse - fine) <= tolerance / 2 * scale) {
        double analytic = dot(gradients, direction);
        double error = Math.abs(fine - analytic) / scale;
        assertTrue(
            error <= tolerance, "central difference " + fine + ", derived graph " + analytic);
        largestError = Math.max(largestError, error);
        checked++;
      }
    }
    assertEquals(directions, checked, "directions in which the central difference is stable");
  }

  /** The gradient, scaled to a mean square of 1 / 4, every element by a random factor besides. */
  private static double[] along(double[] gradient, Random random) {
    double square = dot(gradient, gradient) / gradient.length;
    assertTrue(square > 0, "expected a gradient that is not zero");
    double[] direction = new double[gradient.length];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = gradient[i] / Math.sqrt(square) * (0.25 + 0.5 * random.nextDouble());
    }
    return direction;
  }

  private double difference(
      Map<String, Tensor> point,
      Map<String, double[]> direction,
      Map<String, double[]> seeds,
      double width) {
    double above = dot(forward.run(moved(point, direction, width)), seeds);
    double below = dot(forward.run(moved(point, direction, -width)), seeds);
    return (above - below) / (2 * width);
  }

  private Map<String, double[]> gradients(
      Map<String, Tensor> point, Map<String, double[]> seeds, Map<String, double[]> values) {
    Map<String, Tensor> given = new HashMap<>(point);
    outputs.forEach(
        name -> {
          Tensor like = point.get(inputs.get(0));
          given.put("seed/" + name, Tensors.like(like, seeds.get(name), forward.shape(name)));
        });
    Map<String, double[]> results = backward.run(given);
    values.forEach(
        (name, expected) -> {
          double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
          double allowed = 1e-4 * Math.max(1, largest);
          assertArrayEquals(expected, results.get(name), allowed, "output " + name);
        });
    Map<String, double[]> gradients = new HashMap<>();
    for (String name : inputs) {
      gradients.put(name, results.get("grad/" + name));
      assertArrayEquals(
          point.get(name).sizes(), backward.shape("grad/" + name), "shape of grad/" + name);
    }
    return gradients;
  }

  private static Map<String, Tensor> moved(
      Map<String, Tensor> point, Map<String, double[]> direction, double width) {
    Map<String, Tensor> moved = new HashMap<>(point);
    direction.forEach(
        (name, towards) -> {
          double[] values = point.get(name).doubles();
          for (int i = 0; i < values.length; i++) {
            values[i] += width * towards[i];
          }
          moved.put(name, Tensors.like(point.get(name), values, point.get(name).sizes()));
        });
    return moved;
  }

  static double[] normals(Random random, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian() * 0.5;
    }
    return values;
  }

  /** The sum over all seeds, or directions, of their product with the values. */
  private static double dot(Map<String, double[]> values, Map<String, double[]> seeds) {
    double sum = 0;
    for (Map.Entry<String, double[]> seed : seeds.entrySet()) {
      sum += dot(values.get(seed.getKey()), seed.getValue());
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    assertEquals(a.length, b.length);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Override
  public void close() {
    forward.close();
    backward.close();
  }
}
