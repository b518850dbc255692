package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of operators in docs/reference/differentiator.md is what the suite finds. */
class OperatorTableTest {

  private static final Path DOC =
      Path.of("")
          .toAbsolutePath()
          .getParent()
          .getParent()
          .resolve("docs/reference/differentiator.md");
  private static final String BEGIN = "<!-- operator table: written by OperatorTableTest -->\n";
  private static final String END = "\n<!-- end of operator table -->";
  private static final String WRITE = "operator.table";

  @Test
  void theTableIsWhatIsSo() throws IOException {
    String doc = Files.readString(DOC, StandardCharsets.UTF_8);
    int from = doc.indexOf(BEGIN) + BEGIN.length();
    int to = doc.indexOf(END, from);
    OperatorTable table = new OperatorTable();
    String found = table.markdown();
    assertEquals(List.of(), table.errors());
    if ("write".equals(System.getProperty(WRITE))) {
      Files.writeString(
          DOC, doc.substring(0, from) + found + doc.substring(to), StandardCharsets.UTF_8);
      return;
    }
    assertEquals(
        found,
        doc.substring(from, to),
        "docs/reference/differentiator.md is out of date; write it anew with"
            + " ./mvnw -pl runtime/onnx test -Dtest=OperatorTableTest -D"
            + WRITE
            + "=write");
  }
}
