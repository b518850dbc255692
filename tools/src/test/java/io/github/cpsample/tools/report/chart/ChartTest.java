package io.github.cpsample.tools.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

class ChartTest {

  private static final List<ChartPoint> RISING =
      List.of(ChartPoint.of(0, 0), ChartPoint.of(1, 0.5), ChartPoint.of(2, 1));

  @Test
  void saysWhatItShows() {
    Element svg = drawn("chart-a", "Rise & <fall>");
    assertEquals("img", svg.attr("role"));
    assertEquals("chart-a-title chart-a-finding", svg.attr("aria-labelledby"));
    assertEquals("Rise & <fall>", svg.getElementById("chart-a-title").text());
    assertEquals("It rises.", svg.getElementById("chart-a-finding").text());
  }

  @Test
  void axesAndLegendAreText() {
    Set<String> texts = new HashSet<>(drawn("chart-a", "t").getElementsByTag("text").eachText());
    assertTrue(
        texts.containsAll(
            List.of("across & <b>", "upwards", "one & <i>", "two", "limit", "0%", "100%")),
        texts::toString);
  }

  @Test
  void theLineGoesThroughItsPoints() {
    List<String> paths =
        drawn("chart-a", "t").getElementsByTag("path").eachAttr("d").stream()
            .filter(path -> path.chars().filter(c -> c == 'L').count() == 2)
            .toList();
    assertTrue(paths.stream().anyMatch(ChartTest::isStraightAndRises), paths::toString);
  }

  @Test
  void idsBeginWithThatOfTheChart() {
    Element svg = drawn("chart-a", "t");
    List<String> ids = svg.select("[id]").eachAttr("id");
    assertTrue(ids.stream().allMatch(id -> id.startsWith("chart-a-")), ids::toString);
    assertEquals(ids.size(), new HashSet<>(ids).size(), ids::toString);
    for (Element clipped : svg.select("[clip-path]")) {
      String path = clipped.attr("clip-path");
      assertTrue(path.startsWith("url(#chart-a-"), path);
    }
  }

  @Test
  void looksDifferInColourDashesAndMarks() {
    Set<Object> colours = new HashSet<>();
    Set<String> dashes = new HashSet<>();
    for (Look look : Look.values()) {
      colours.add(ChartPlot.LookStyle.color(look));
      dashes.add(Arrays.toString(ChartPlot.LookStyle.stroke(look).getDashArray()));
    }
    assertEquals(Look.values().length, colours.size());
    assertEquals(Look.values().length, dashes.size());
  }

  /** Contrast by WCAG 2.2; lines need 3 against white. */
  @Test
  void coloursCanBeSeenOnWhite() {
    for (Look look : Look.values()) {
      double contrast = 1.05 / (luminance(ChartPlot.LookStyle.color(look)) + 0.05);
      assertTrue(contrast >= 3, look + ": " + contrast);
    }
  }

  private static double luminance(java.awt.Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(int component) {
    double share = component / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  private static boolean isStraightAndRises(String path) {
    List<Double> numbers =
        Arrays.stream(path.replaceAll("[A-Za-z]", " ").trim().split("\\s+", -1))
            .map(Double::valueOf)
            .collect(Collectors.toList());
    boolean evenly =
        Math.abs(2 * numbers.get(2) - numbers.get(0) - numbers.get(4)) < 0.05
            && Math.abs(2 * numbers.get(3) - numbers.get(1) - numbers.get(5)) < 0.05;
    return evenly && numbers.get(4) > numbers.get(0) && numbers.get(5) < numbers.get(1);
  }

  private static Element drawn(String id, String title) {
    Chart chart =
        new Chart(
            id,
            title,
            "It rises.",
            ChartAxis.plain("across & <b>", ChartAxis.Range.TIGHT),
            ChartAxis.share("upwards", ChartAxis.Range.UNIT),
            List.of(
                ChartSeries.line("one & <i>", Look.VERMILION, RISING),
                ChartSeries.marks("two", Look.BLUE, List.of(ChartPoint.of(1, 0.2, 0.1, 0.3)))),
            Optional.of(new Chart.Limit("limit", 1.5)));
    Document document = Jsoup.parse(chart.svg(), "", Parser.xmlParser());
    return document.child(0);
  }
}
