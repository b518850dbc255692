package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorFile;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One of ONNX's tests of single operators: its model is differentiated and compared with central
 * differences at the inputs that it brings along, moved a little so that they do not lie on kinks.
 */
final class NodeTest {

  /** What came of a test. */
  enum Outcome {
    /** Not a question of derivatives, or nothing that ONNX Runtime runs. */
    INAPPLICABLE,
    /** Agrees with central differences, or is zero where they are. */
    VERIFIED,
    /** Refused, with a reason. */
    REFUSED,
    /** The central differences say nothing. */
    UNDECIDED,
    /** The gradient is another than the differences. */
    WRONG,
    /** The derived model does not load or run where the original does. */
    FAILED
  }

  /**
   * An outcome and what there is to say about it.
   *
   * @param outcome what came of it
   * @param remark the reason
   */
  record Verdict(Outcome outcome, String remark) {}

  /** Inputs along which operators are not differentiable by definition of the standard. */
  private static final Map<String, Set<Integer>> FIXED =
      Map.of(
          "Resize", Set.of(1, 2),
          "Upsample", Set.of(1),
          "Dropout", Set.of(1),
          "OneHot", Set.of(0, 1));

  private static final int DIRECTIONS = 3;
  private static final int TRIALS = 24;

  private final OnnxModel model;
  private final Map<String, Tensor> point = new LinkedHashMap<>();

  private NodeTest(OnnxModel model) {
    this.model = model;
  }

  /** Judges a test from its files. */
  static Verdict judge(Map<String, byte[]> files) {
    NodeTest test;
    try {
      test = read(files);
    } catch (IllegalArgumentException e) {
      return new Verdict(Outcome.INAPPLICABLE, "not read: " + e.getMessage());
    }
    return test.judge();
  }

  private static NodeTest read(Map<String, byte[]> files) {
    NodeTest test = new NodeTest(OnnxCodec.read(files.get("model.onnx")));
    List<ValueInfo> inputs = test.model.graph().inputs();
    for (int i = 0; i < inputs.size(); i++) {
      byte[] content = files.get("test_data_set_0/input_" + i + ".pb");
      if (content == null) {
        throw new IllegalArgumentException("no data for input " + i);
      }
      test.point.put(inputs.get(i).name(), TensorFile.read(content));
    }
    return test;
  }

  private Verdict judge() {
    boolean floats =
        point.values().stream().anyMatch(t -> isReal(t.type()))
            && model.graph().outputs().stream().anyMatch(v -> isReal(v.type()));
    if (!floats) {
      return new Verdict(Outcome.INAPPLICABLE, "no floating point inputs or outputs");
    }
    try (OrtGraph forward = new OrtGraph(model)) {
      Map<String, double[]> first = forward.run(point);
      if (!same(first, forward.run(point))) {
        return new Verdict(Outcome.INAPPLICABLE, "random");
      }
      return derive(forward);
    } catch (IllegalStateException | IllegalArgumentException | ClassCastException e) {
      return new Verdict(Outcome.INAPPLICABLE, "ONNX Runtime: " + e.getMessage());
    }
  }

  private static boolean isReal(ElementType type) {
    return type == ElementType.FLOAT || type == ElementType.DOUBLE;
  }

  private Verdict derive(OrtGraph forward) {
    OnnxModel derived;
    try {
      derived = ReverseDifferentiator.of(model).differentiate();
    } catch (UnsupportedOperatorException | MalformedModelException e) {
      return new Verdict(Outcome.REFUSED, e.getMessage());
    } catch (RuntimeException e) {
      return new Verdict(Outcome.FAILED, "derivation: " + e);
    }
    try (OrtGraph backward = new OrtGraph(derived)) {
      return compare(forward, backward, derived);
    } catch (IllegalStateException e) {
      return new Verdict(Outcome.FAILED, e.getMessage());
    }
  }

  private Verdict compare(OrtGraph forward, OrtGraph backward, OnnxModel derived) {
    Random random = new Random(7);
    Map<String, double[]> values = forward.run(point);
    List<String> moving = moving(forward, derived, values);
    Map<String, Tensor> at = nearby(forward, random, moving, values);
    if (!same(forward.run(at), forward.run(at))) {
      return new Verdict(Outcome.INAPPLICABLE, "random");
    }
    int decided = 0;
    for (int trial = 0; trial < TRIALS && decided < DIRECTIONS; trial++) {
      values = forward.run(at);
      Map<String, double[]> seeds = seeds(random, derived, values);
      Map<String, double[]> gradients = gradients(forward, backward, at, seeds);
      boolean precise = isPrecise();
      double tolerance = precise ? 1e-5 : 2e-2;
      double width = (precise ? 1e-5 : 1e-2) / (1 << (trial / 4));
      Map<String, double[]> direction = noise(random, moving, trial % 2 == 0);
      double coarse = difference(forward, at, direction, seeds, width).slope();
      Difference near = difference(forward, at, direction, seeds, width / 4);
      double fine = near.slope();
      double analytic = 0;
      double size = 0;
      for (String name : moving) {
        double[] way = way(at, direction, name, width / 4);
        analytic += dot(gradients.get("grad/" + name), way);
        size += norm(gradients.get("grad/" + name)) * norm(way);
      }
      if (Double.isNaN(analytic) && values.values().stream().anyMatch(v -> finite(v) < v.length)) {
        return new Verdict(Outcome.INAPPLICABLE, "outside of the operator's domain");
      }
      if (Double.isNaN(analytic) && !Double.isNaN(fine)) {
        return new Verdict(Outcome.WRONG, "NaN instead of " + fine);
      }
      double scale = Math.max(Math.max(Math.abs(fine), 0.05 * size), precise ? 1e-3 : 1e-2);
      if (Math.abs(coarse - fine) <= tolerance / 2 * scale && near.bend() <= tolerance * scale) {
        if (!(Math.abs(fine - analytic) <= tolerance * scale)) {
          return new Verdict(Outcome.WRONG, analytic + " instead of " + fine);
        }
        decided++;
      }
    }
    return decided == DIRECTIONS
        ? new Verdict(Outcome.VERIFIED, "")
        : new Verdict(Outcome.UNDECIDED, "central differences are not stable");
  }

  private boolean isPrecise() {
    return Stream.concat(
            point.values().stream().map(Tensor::type),
            model.graph().outputs().stream().map(ValueInfo::type))
        .noneMatch(type -> type == ElementType.FLOAT);
  }

  /** A point near the one that is given at which results are finite where they are there. */
  private Map<String, Tensor> nearby(
      OrtGraph forward, Random random, List<String> moving, Map<String, double[]> values) {
    for (int i = 0; i < TRIALS; i++) {
      Map<String, Tensor> at = moved(point, noise(random, moving, true), 1e-2);
      Map<String, double[]> found = forward.run(at);
      if (values.keySet().stream().allMatch(o -> finite(found.get(o)) >= finite(values.get(o)))) {
        return at;
      }
    }
    return point;
  }

  private static long finite(double... values) {
    return Arrays.stream(values).filter(Double::isFinite).count();
  }

  /** The inputs that can be moved without changing shapes. */
  private List<String> moving(OrtGraph forward, OnnxModel derived, Map<String, double[]> values) {
    List<String> moving = new ArrayList<>();
    for (ValueInfo output : derived.graph().outputs()) {
      String name = output.name().startsWith("grad/") ? output.name().substring(5) : "";
      if (!point.containsKey(name) || !isReal(point.get(name).type()) || isFixed(name)) {
        continue;
      }
      try {
        Map<String, double[]> others =
            forward.run(moved(point, noise(new Random(3), List.of(name), true), 2e-2));
        if (values.keySet().stream().allMatch(o -> others.get(o).length == values.get(o).length)) {
          moving.add(name);
        }
      } catch (IllegalStateException e) {
        // an input of which other values are not allowed
      }
    }
    return moving;
  }

  private boolean isFixed(String input) {
    for (Node node : model.graph().nodes()) {
      for (int place : FIXED.getOrDefault(node.operator(), Set.of())) {
        if (node.hasInput(place) && node.inputs().get(place).equals(input)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Normal noise, in units of an input's mean size, or of at most 1. */
  private Map<String, double[]> noise(Random random, List<String> inputs, boolean relative) {
    Map<String, double[]> noise = new HashMap<>();
    for (String name : inputs) {
      double[] values = point.get(name).doubles();
      double size = norm(values) / Math.sqrt(Math.max(1, values.length));
      double unit = size > 0 && Double.isFinite(size) && (relative || size < 1) ? size : 1;
      noise.put(name, Arrays.stream(values).map(v -> unit * random.nextGaussian()).toArray());
    }
    return noise;
  }

  private static Map<String, double[]> seeds(
      Random random, OnnxModel derived, Map<String, double[]> values) {
    Map<String, double[]> seeds = new HashMap<>();
    for (ValueInfo input : derived.graph().inputs()) {
      if (input.name().startsWith("seed/")) {
        String output = input.name().substring(5);
        double[] value = values.get(output);
        seeds.put(
            output,
            Arrays.stream(value)
                .map(v -> Double.isFinite(v) ? random.nextGaussian() : 0)
                .toArray());
      }
    }
    return seeds;
  }

  private static Map<String, double[]> gradients(
      OrtGraph forward, OrtGraph backward, Map<String, Tensor> at, Map<String, double[]> seeds) {
    Map<String, Tensor> given = new HashMap<>(at);
    seeds.forEach(
        (output, seed) ->
            given.put(
                "seed/" + output, Tensors.of(forward.type(output), seed, forward.shape(output))));
    return backward.run(given);
  }

  /** The central difference, and how much the differences to both sides differ. */
  private record Difference(double slope, double bend) {}

  private static Difference difference(
      OrtGraph forward,
      Map<String, Tensor> at,
      Map<String, double[]> direction,
      Map<String, double[]> seeds,
      double width) {
    Map<String, double[]> above;
    Map<String, double[]> below;
    try {
      above = forward.run(moved(at, direction, width));
      below = forward.run(moved(at, direction, -width));
    } catch (IllegalStateException e) {
      // not defined on both sides
      return new Difference(Double.NaN, Double.NaN);
    }
    Map<String, double[]> here = forward.run(at);
    double slope = 0;
    double bend = 0;
    for (Map.Entry<String, double[]> seed : seeds.entrySet()) {
      double[] up = above.get(seed.getKey());
      double[] down = below.get(seed.getKey());
      double[] middle = here.get(seed.getKey());
      for (int i = 0; i < seed.getValue().length; i++) {
        double weight = seed.getValue()[i];
        slope += weight == 0 ? 0 : (up[i] - down[i]) * weight;
        bend += weight == 0 ? 0 : (up[i] - middle[i] - (middle[i] - down[i])) * weight;
      }
    }
    return new Difference(slope / (2 * width), Math.abs(bend) / (2 * width));
  }

  /** The direction that is taken when numbers are rounded to the input's type. */
  private static double[] way(
      Map<String, Tensor> at, Map<String, double[]> direction, String name, double width) {
    Map<String, double[]> one = Map.of(name, direction.get(name));
    double[] above = moved(at, one, width).get(name).doubles();
    double[] below = moved(at, one, -width).get(name).doubles();
    double[] way = new double[above.length];
    for (int i = 0; i < way.length; i++) {
      double step = (above[i] - below[i]) / (2 * width);
      way[i] = Double.isFinite(step) ? step : 0;
    }
    return way;
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

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] values) {
    return Math.sqrt(dot(values, values));
  }

  private static boolean same(Map<String, double[]> a, Map<String, double[]> b) {
    return a.keySet().stream().allMatch(name -> Arrays.equals(a.get(name), b.get(name)));
  }
}
