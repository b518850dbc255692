package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A model that is raised to a newer opset computes the same: every case at every version of its
 * operator, raised to every later version and to the newest that models are raised to, runs on ONNX
 * Runtime before and after.
 */
class OpsetUpgradeTest {

  private static final int OLDEST = 7;

  /** What is written differently in a later opset, up to the newest that models are raised to. */
  private static final Set<String> REWRITTEN =
      Set.of(
          "BatchNormalization",
          "Clip",
          "Dropout",
          "LogSoftmax",
          "Pad",
          "ReduceSum",
          "Resize",
          "RoiAlign",
          "Scatter",
          "Slice",
          "Softmax",
          "Split",
          "Squeeze",
          "TopK",
          "Unsqueeze",
          "Upsample");

  static List<OperatorCase> cases() {
    return OperatorCases.all();
  }

  private static List<Integer> versions(String operator) throws IOException {
    List<Integer> versions =
        new ArrayList<>(
            OperatorVersions.read().get(operator).stream()
                .map(version -> Math.max(OLDEST, version))
                .filter(version -> version <= OpsetUpgrade.NEWEST)
                .toList());
    if (operator.equals("Scatter")) {
      versions.add(11);
    }
    if (operator.equals("Upsample")) {
      versions.addAll(List.of(10, 11, 13));
    }
    return versions;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computesTheSame(OperatorCase use) throws IOException {
    compared(use);
  }

  /** Raises a case from everywhere to everywhere; says how often that was compared. */
  private static int compared(OperatorCase use) throws IOException {
    int compared = 0;
    Map<String, Tensor> point = use.point();
    List<Integer> versions = versions(use.operator());
    for (int from : versions) {
      Optional<OnnxModel> runnable = runnable(use.like(from, use.inputs()));
      if (runnable.isEmpty()) {
        continue;
      }
      OnnxModel model = runnable.get();
      double[] expected = run(model, point);
      for (int to :
          IntStream.concat(
                  versions.stream().mapToInt(Integer::intValue), IntStream.of(OpsetUpgrade.NEWEST))
              .filter(version -> version > from)
              .distinct()
              .toArray()) {
        if (from == 8 && use.operator().equals("Scan")) {
          // has no counterpart: its batches are gone through by itself
          assertThrows(IllegalStateException.class, () -> OpsetUpgrade.of(model, to));
          continue;
        }
        OnnxModel raised = OpsetUpgrade.of(model, to);
        assertEquals(to, raised.opset());
        assertArrayEquals(expected, run(raised, point), 1e-6, use + ": " + from + " to " + to);
        compared++;
      }
    }
    return compared;
  }

  /** The model of a case, unless ONNX Runtime does not know that form in its opset. */
  private static Optional<OnnxModel> runnable(OperatorCase use) {
    try {
      OnnxModel model = use.model(false);
      run(model, use.point());
      return Optional.of(model);
    } catch (IllegalStateException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static double[] run(OnnxModel model, Map<String, Tensor> point) {
    try (OrtGraph graph = new OrtGraph(model)) {
      return graph.run(point).get("y");
    }
  }

  @Test
  void everyOperatorThatIsRewrittenIsTried() throws IOException {
    Set<String> tried = new TreeSet<>();
    for (OperatorCase use : cases()) {
      if (REWRITTEN.contains(use.operator()) && compared(use) > 0) {
        tried.add(use.operator());
      }
    }
    assertEquals(new TreeSet<>(REWRITTEN), tried);
    assertTrue(tried.size() > 10, tried.toString());
  }
}
