package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX's own tests of single operators, where they are at hand. */
class NodeTestSuiteTest {

  /** The part of the tests that apply which must agree with central differences. */
  private static final double LEAST_VERIFIED = 0.97;

  static List<Path> sources() {
    List<Path> sources = NodeTestArchive.find();
    Assumptions.assumeFalse(
        sources.isEmpty(), "neither shared/node-tests nor the package libonnx-testdata is here");
    return sources;
  }

  @ParameterizedTest
  @MethodSource("sources")
  void noneIsWrong(Path source) throws IOException {
    Map<NodeTest.Outcome, List<String>> outcomes = new TreeMap<>();
    for (Map.Entry<String, Map<String, byte[]>> test : NodeTestArchive.read(source).entrySet()) {
      NodeTest.Verdict verdict = NodeTest.judge(test.getValue());
      outcomes
          .computeIfAbsent(verdict.outcome(), o -> new ArrayList<>())
          .add(test.getKey() + "\t" + verdict.remark().replaceAll("\\s+", " "));
    }
    List<String> lines = new ArrayList<>();
    outcomes.forEach((outcome, tests) -> tests.forEach(t -> lines.add(outcome + "\t" + t)));
    Path report =
        Files.createDirectories(Path.of("target"))
            .resolve("node-tests-" + source.getFileName() + ".tsv");
    Files.write(report, lines, StandardCharsets.UTF_8);
    int verified = outcomes.getOrDefault(NodeTest.Outcome.VERIFIED, List.of()).size();
    int applicable =
        lines.size() - outcomes.getOrDefault(NodeTest.Outcome.INAPPLICABLE, List.of()).size();
    assertEquals(List.of(), outcomes.getOrDefault(NodeTest.Outcome.WRONG, List.of()));
    assertEquals(List.of(), outcomes.getOrDefault(NodeTest.Outcome.FAILED, List.of()));
    assertTrue(verified >= LEAST_VERIFIED * applicable, verified + " verified of " + applicable);
  }
}
