package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What becomes of every operator at every one of its versions. Models of single operators are made
 * from the cases: each is written in the opset of the version, and again with some sizes larger by
 * one; what ONNX Runtime accepts is differentiated and compared with central differences, until
 * three shapes have agreed.
 */
final class OperatorTable {

  private static final int SHAPES = 3;
  private static final int OLDEST = 7;

  private static final Set<String> WITHOUT_FLOATS =
      Set.of(
          "And",
          "BitShift",
          "BitwiseAnd",
          "BitwiseNot",
          "BitwiseOr",
          "BitwiseXor",
          "BlackmanWindow",
          "Constant",
          "ConstantOfShape",
          "HammingWindow",
          "HannWindow",
          "ImageDecoder",
          "Not",
          "Or",
          "RandomNormal",
          "RandomUniform",
          "RegexFullMatch",
          "StringConcat",
          "StringNormalizer",
          "StringSplit",
          "TfIdfVectorizer",
          "Xor");

  private final List<String> errors = new ArrayList<>();
  private final Map<String, List<OperatorCase>> cases =
      OperatorCases.all().stream().collect(Collectors.groupingBy(OperatorCase::operator));

  /** What is wrong, or was tried with too few shapes; filled by {@link #markdown}. */
  List<String> errors() {
    return errors;
  }

  /** The table in Markdown. */
  String markdown() throws IOException {
    List<String> lines =
        new ArrayList<>(List.of("| operator | versions | outcome |", "|---|---|---|"));
    OperatorVersions.read()
        .forEach(
            (operator, versions) ->
                lines.add(
                    "| `"
                        + operator
                        + "` | "
                        + versions.stream().map(String::valueOf).collect(Collectors.joining(" "))
                        + " | "
                        + outcome(operator, versions)
                        + " |"));
    return String.join("\n", lines);
  }

  private String outcome(String operator, List<Integer> versions) {
    if (StraightThrough.rounds(new Node("", operator, "", List.of(), List.of(), List.of()))) {
      return "with `straightThrough()`, else refused";
    }
    boolean sequence = KnownSequences.handles(operator);
    if (!sequence && !RuleTable.operators().contains(operator)) {
      return WITHOUT_FLOATS.contains(operator)
          ? "nothing to differentiate"
          : withoutRule(operator, versions);
    }
    List<String> missing = new ArrayList<>();
    for (int version : versions) {
      int shapes = verified(operator, version);
      if (shapes == 0) {
        missing.add(String.valueOf(version));
      } else if (shapes < SHAPES) {
        errors.add(operator + " " + version + ": verified at " + shapes + " shapes only");
      }
    }
    return missing.isEmpty()
        ? sequence ? "verified where its elements are known before the model runs" : "verified"
        : missing.size() == versions.size()
            ? "a rule, but no use that ONNX Runtime runs"
            : "verified; ONNX Runtime does not run " + String.join(" ", missing);
  }

  private int verified(String operator, int version) {
    Set<String> shapes = new HashSet<>();
    for (OperatorCase use : cases.getOrDefault(operator, List.of())) {
      List<List<long[]>> shapesOfUse =
          use.isResizable() ? resized(use.inputs()) : List.of(use.inputs());
      for (List<long[]> sizes : shapesOfUse) {
        if (shapes.size() == SHAPES) {
          return SHAPES;
        }
        String shape = Arrays.deepToString(sizes.toArray());
        if (!shapes.contains(shape) && agrees(use.like(Math.max(OLDEST, version), sizes))) {
          shapes.add(shape);
        }
      }
    }
    return shapes.size();
  }

  /** The sizes, and those with all axes of one size longer by one. */
  private static List<List<long[]>> resized(List<long[]> sizes) {
    List<List<long[]>> all = new ArrayList<>(List.of(sizes));
    sizes.stream()
        .flatMapToLong(Arrays::stream)
        .filter(size -> size > 1)
        .distinct()
        .forEach(
            size ->
                all.add(
                    sizes.stream()
                        .map(one -> Arrays.stream(one).map(s -> s == size ? s + 1 : s).toArray())
                        .toList()));
    return all;
  }

  /** Whether ONNX Runtime accepts a use and its gradient is right. */
  private boolean agrees(OperatorCase use) {
    Map<String, Tensor> point = use.point();
    OnnxModel model;
    try {
      model = use.model(false);
      try (OrtGraph forward = new OrtGraph(model)) {
        forward.run(point);
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      return false;
    }
    try {
      OperatorGradientTest.check(use, model, point);
      return true;
    } catch (RuntimeException | AssertionError e) {
      errors.add(use + " of " + point.values() + ": " + e.getMessage());
      return false;
    }
  }

  /** What is said of a value that runs through an operator without a rule. */
  private static String withoutRule(String operator, List<Integer> versions) {
    ValueInfo x = ValueInfo.of("x", ElementType.FLOAT, Shape.fixed(2, 3));
    ValueInfo y = ValueInfo.of("y", ElementType.FLOAT, Shape.fixed(2, 3));
    Node node = new Node("", operator, "", List.of("x", "x"), List.of("y"), List.of());
    Graph graph = new Graph("one", List.of(x), List.of(y), List.of(node), Map.of(), List.of());
    int opset = Math.max(OLDEST, versions.get(versions.size() - 1));
    OnnxModel model = new OnnxModel(8, Map.of("", (long) opset), "", Map.of(), graph);
    try {
      ReverseDifferentiator.of(model).differentiate();
      return "slope 0";
    } catch (UnsupportedOperatorException refusal) {
      String message = refusal.getMessage();
      return "refused: " + message.substring(message.indexOf("differentiated: ") + 16);
    }
  }
}
