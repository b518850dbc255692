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
import org.junit.jupiter.api.Test;

/** ONNX's own tests of single operators, where they are at hand. */
class NodeTestSuiteTest {

  /** The part of the tests that apply which must agree with central differences. */
  private static final double LEAST_VERIFIED = 0.97;

  @Test
  void noneIsWrong() throws IOException {
    Path archive = NodeTestArchive.find().orElse(null);
    Assumptions.assumeTrue(archive != null, "no shared/node-tests here");
    Map<NodeTest.Outcome, List<String>> outcomes = new TreeMap<>();
    for (Map.Entry<String, Map<String, byte[]>> test : NodeTestArchive.read(archive).entrySet()) {
      NodeTest.Verdict verdict = NodeTest.judge(test.getValue());
      outcomes
          .computeIfAbsent(verdict.outcome(), o -> new ArrayList<>())
          .add(test.getKey() + "\t" + verdict.remark().replaceAll("\\s+", " "));
    }
    List<String> lines = new ArrayList<>();
    outcomes.forEach((outcome, tests) -> tests.forEach(t -> lines.add(outcome + "\t" + t)));
    Path report = Files.createDirectories(Path.of("target")).resolve("node-tests.tsv");
    Files.write(report, lines, StandardCharsets.UTF_8);
    int verified = outcomes.getOrDefault(NodeTest.Outcome.VERIFIED, List.of()).size();
    int applicable =
        lines.size() - outcomes.getOrDefault(NodeTest.Outcome.INAPPLICABLE, List.of()).size();
    assertTrue(verified >= LEAST_VERIFIED * applicable, verified + " verified of " + applicable);
    assertEquals(List.of(), outcomes.getOrDefault(NodeTest.Outcome.WRONG, List.of()));
    assertEquals(List.of(), outcomes.getOrDefault(NodeTest.Outcome.FAILED, List.of()));
  }
}
