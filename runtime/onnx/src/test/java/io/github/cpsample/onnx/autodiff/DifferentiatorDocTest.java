package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/reference/differentiator.md says what is so. */
class DifferentiatorDocTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

  @TempDir private Path folder;

  private static String text(String file) throws IOException {
    return Files.readString(ROOT.resolve(file), StandardCharsets.UTF_8);
  }

  private static String doc() throws IOException {
    return text("docs/reference/differentiator.md");
  }

  private static String between(String begin, String end) throws IOException {
    String doc = doc();
    int from = doc.indexOf(begin) + begin.length();
    return doc.substring(from, doc.indexOf(end, from)).strip();
  }

  /** The words in backticks. */
  private static Set<String> names(String text) {
    Matcher matcher = Pattern.compile("`([A-Za-z0-9]+)`").matcher(text);
    Set<String> names = new TreeSet<>();
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Set<String> gaps() throws IOException {
    return between("| not covered | why |\n|---|---|", "\n\n")
        .lines()
        .filter(line -> line.startsWith("|"))
        .flatMap(line -> names(line.substring(0, line.indexOf('|', 1))).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aGapIsAGap() throws IOException {
    Set<String> covered = gaps();
    assertTrue(covered.size() > 10, "gaps: " + covered);
    covered.retainAll(RuleTable.operators());
    assertEquals(Set.of(), covered, "have rules, but stand among the operators that have none");
  }

  /** What ONNX Runtime's training build differentiates has a rule or a reason. */
  @Test
  void everyGapHasAReason() throws IOException {
    Path list = ROOT;
    while (list != null && !Files.isRegularFile(list.resolve("shared/ort/gradient_ops.txt"))) {
      list = list.getParent();
    }
    Assumptions.assumeTrue(list != null, "no shared/ort/gradient_ops.txt here");
    Set<String> missing =
        Files.readString(list.resolve("shared/ort/gradient_ops.txt"))
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    missing.removeAll(RuleTable.operators());
    missing.removeAll(RuleTable.contributedOperators());
    missing.removeAll(gaps());
    assertEquals(Set.of(), missing);
  }

  @Test
  void theSnippetWorks() throws IOException {
    Path file = folder.resolve("model.onnx");
    Path target = folder.resolve("gradient.onnx");
    OnnxCodec.write(CompositeNetwork.model(Dim.symbolic("N"), Dim.of(8), Dim.of(8)), file);
    OnnxModel model = OnnxCodec.read(file);
    OnnxModel derived =
        ReverseDifferentiator.of(model).outputs("logits").withRespectTo("x").differentiate();
    OnnxCodec.write(derived, target);
    assertEquals("grad/x", OnnxCodec.read(target).graph().outputs().get(1).name());
    Path source =
        Path.of("src/test/java/io/github/cpsample/onnx/autodiff/DifferentiatorDocTest.java");
    String code = collapsed(Files.readString(source, StandardCharsets.UTF_8));
    assertTrue(code.contains(collapsed(between("```java", "```"))), "not the code that was run");
  }

  /** The command of the README, which a test of the command line runs. */
  @Test
  void theCommandIsThatOfTheReadme() throws IOException {
    assertTrue(text("README.md").contains(between("```sh", "```")));
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
