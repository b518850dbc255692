package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
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

  private final OrtGraph forward;
  private final OrtGraph backward;
  private final List<String> outputs = new ArrayList<>();
  private final List<String> inputs = new ArrayList<>();
  private final double step;
  private final double tolerance;

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
    Map<String, double[]> values = forward.run(point);
    int checked = 0;
    for (int trial = 0; trial < MOST_DIRECTIONS && checked < directions; trial++) {
      Map<String, double[]> direction = new HashMap<>();
      inputs.forEach(name -> direction.put(name, normals(random, point.get(name).size())));
      Map<String, double[]> seeds = new HashMap<>();
      outputs.forEach(name -> seeds.put(name, normals(random, values.get(name).length)));
      double coarse = difference(point, direction, seeds, step);
      double fine = difference(point, direction, seeds, step / 4);
      double scale = Math.max(1, Math.abs(fine));
      if (Math.abs(coarse - fine) <= tolerance / 2 * scale) {
        double analytic = product(point, direction, seeds, values);
        assertTrue(
            Math.abs(fine - analytic) <= tolerance * scale,
            "central difference " + fine + ", derived graph " + analytic);
        checked++;
      }
    }
    assertEquals(directions, checked, "directions in which the central difference is stable");
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

  private double product(
      Map<String, Tensor> point,
      Map<String, double[]> direction,
      Map<String, double[]> seeds,
      Map<String, double[]> values) {
    Map<String, Tensor> given = new HashMap<>(point);
    outputs.forEach(
        name -> {
          Tensor like = point.get(inputs.get(0));
          given.put("seed/" + name, Tensors.like(like, seeds.get(name), forward.shape(name)));
        });
    Map<String, double[]> results = backward.run(given);
    values.forEach(
        (name, expected) -> assertArrayEquals(expected, results.get(name), 1e-4, "output " + name));
    double sum = 0;
    for (String name : inputs) {
      double[] gradient = results.get("grad/" + name);
      assertArrayEquals(
          point.get(name).sizes(), backward.shape("grad/" + name), "shape of grad/" + name);
      sum += dot(gradient, direction.get(name));
    }
    return sum;
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
