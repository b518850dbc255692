package io.github.cpsample.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.tools.demo.DemoReport.SideReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {

  private static final SideReport UNPROTECTED =
      new SideReport(0.425, 1.296, 0.346, 0.073, 50.0, 200, null, null);
  private static final SideReport PROTECTED =
      new SideReport(0.0, 3.02, 0.437, 0.081, 50.0, 200, 0.054, 0.97);

  @Test
  void columnsStandBelowTheirNames() {
    SideReport rejection = new SideReport(0.0, 2.916, 0.379, 0.127, 86.96, 115, null, null);
    List<String> table = new DemoReport("a rule", 0.001, UNPROTECTED, rejection, PROTECTED).table();
    assertEquals(
        "rejection sampling      115      0.0 %     2.916     0.379     0.127        87        -"
            + "        -",
        table.get(3));
    assertTrue(table.get(4).endsWith("5.4 %   97.0 %"), table.get(4));
    for (String column : List.of("images ", "replicas", "Frechet", "held-out", "s/image")) {
      int end = table.get(0).indexOf(column) + column.stripTrailing().length();
      for (String row : table.subList(2, 5)) {
        assertTrue(row.charAt(end - 1) != ' ' && row.charAt(end) == ' ', column + ": " + row);
      }
    }
    assertTrue(table.get(5).startsWith("false alarms"), table.get(5));
    assertTrue(table.get(5).endsWith("0.10 %"), table.get(5));
  }

  @Test
  void whatIsMissingIsADash() {
    SideReport nothingLeft = new SideReport(null, null, null, null, null, 0, null, null);
    List<String> table =
        new DemoReport("a rule", 0.001, UNPROTECTED, nothingLeft, PROTECTED).table();
    assertEquals(
        "rejection sampling 0 - - - - - - -", table.get(3).replaceAll(" +", " "), "no image");
  }
}
