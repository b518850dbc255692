package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.image.FloatImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {

  private static final List<String> SECTIONS =
      List.of(
          "summary",
          "worst-pairs",
          "histograms",
          "roc-curves",
          "trade-off",
          "trajectories",
          "methods",
          "tables",
          "guard",
          "deployments",
          "provenance");
  private static final String EVIL = "<script>alert(1)</script><img src=http://x.example/a>\"'&";

  @TempDir private Path folder;

  @Test
  void sectionsAreInOrderAndLinked() throws IOException {
    Document page = written(SampleReport.filled(), new SamplePictures(), true);
    assertEquals(SECTIONS, page.select("main > section").eachAttr("id"));
    assertEquals(
        SECTIONS.stream().map(id -> "#" + id).toList(), page.select("nav a").eachAttr("href"));
    assertEquals("en", page.child(0).attr("lang"));
    assertEquals(1, page.select("h1").size());
    assertEquals(SECTIONS.size(), page.select("h2").size());
    assertEquals(
        "width=device-width, initial-scale=1", page.select("meta[name=viewport]").attr("content"));
  }

  @Test
  void pairsShowSampleOriginalAndTwin() throws IOException {
    SamplePictures pictures = new SamplePictures();
    Document page = written(SampleReport.filled(), pictures, true);
    assertEquals(12, page.select("figure.pair").size());
    Element pair = page.select("figure.pair").get(1);
    assertEquals(
        List.of(
            "Image made from seed 5007, no protection",
            "Training image 2",
            "Image made from seed 5007, CPSample"),
        pair.select("img").eachAttr("alt"));
    assertEquals(
        "Seed 5007: nearest is training image 2. Without protection a copy, ratio 0.043; with"
            + " protection no copy, ratio 0.720.",
        pair.select("figcaption").text());
    assertTrue(
        pictures.asked.containsAll(
            List.of("sample unprotected 5007", "training 2", "sample cpsample 5007")));
  }

  @Test
  void nothingIsFetchedAndNoScriptRuns() throws IOException {
    Document page = written(SampleReport.filled(), new SamplePictures(), true);
    assertEquals(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none';"
            + " form-action 'none'",
        page.select("meta[http-equiv=Content-Security-Policy]").attr("content"));
    assertTrue(page.select("script, link, iframe, object, form").isEmpty());
    for (Element element : page.select("[src]")) {
      assertTrue(element.attr("src").startsWith("data:image/png;base64,"), element.cssSelector());
    }
    for (Element element : page.select("[href]")) {
      assertTrue(element.attr("href").startsWith("#"), element.attr("href"));
    }
    assertFalse(page.select("style").html().contains("url("));
  }

  @Test
  void idsAreUnique() throws IOException {
    List<String> ids =
        written(SampleReport.filled(), new SamplePictures(), true).select("[id]").eachAttr("id");
    assertEquals(ids.size(), new HashSet<>(ids).size());
  }

  @Test
  void namesAreText() throws IOException {
    Report evil = new EveryText(EVIL).in(SampleReport.filled());
    Document page = written(evil, new SamplePictures(), true);
    assertTrue(page.select("script, [src^=http]").isEmpty());
    assertEquals("Audit of " + EVIL, page.select("h1").text());
    assertEquals("Audit of " + EVIL, page.title());
    assertTrue(page.select("svg title").eachText().contains(EVIL + " in " + EVIL));
  }

  @Test
  void everyFigureIsShown() throws IOException {
    Document page = written(SampleReport.filled(), new SamplePictures(), true);
    String text = page.text();
    List<String> missing = new ShownFigures(text).missing(SampleReport.filled());
    assertEquals(List.of(), missing);
  }

  @Test
  void tablesHaveCaptionsAndNamedRowsAndColumns() throws IOException {
    Document page = written(SampleReport.filled(), new SamplePictures(), true);
    assertTrue(page.select("table").size() > 20);
    for (Element table : page.select("table")) {
      assertEquals(1, table.select("caption").size());
      int columns = table.select("thead th[scope=col]").size();
      for (Element row : table.select("tbody tr")) {
        assertEquals(1, row.select("th[scope=row]").size(), table.select("caption").text());
        assertEquals(columns, row.childrenSize(), table.select("caption").text());
      }
    }
  }

  @Test
  void everyChartSaysWhatItShows() throws IOException {
    Document page = written(SampleReport.filled(), new SamplePictures(), true);
    assertEquals(6 + 8 + 3 + 1 + 2, page.select("svg").size());
    for (Element svg : page.select("svg")) {
      assertEquals("img", svg.attr("role"));
      assertFalse(svg.select("> title").text().isBlank());
      assertFalse(svg.select("> desc").text().isBlank());
    }
    for (Element image : page.select("img")) {
      assertFalse(image.attr("alt").isBlank());
    }
  }

  @Test
  void trainingImagesAndTheirCopiesAreLeftOut() throws IOException {
    SamplePictures pictures = new SamplePictures();
    Document page = written(SampleReport.filled(), pictures, false);
    assertTrue(page.select("#summary").text().contains("Training images were left out"));
    assertTrue(page.select("#worst-pairs").text().contains("Training images were left out"));
    assertEquals(
        List.of(),
        pictures.asked.stream().filter(it -> !it.startsWith("sample cpsample")).toList(),
        "only what was sampled under protection");
    assertEquals(12 + 12, page.select(".pair .left-out:contains(left out)").size());
    assertTrue(page.select("#trajectories img, #methods img").isEmpty());
  }

  @Test
  void absentPartsAreSaid() throws IOException {
    Document page = written(SampleReport.bare("m"), new SamplePictures(), true);
    for (String id : SECTIONS.subList(1, SECTIONS.size() - 1)) {
      assertFalse(page.select("#" + id + " .absent").isEmpty(), id);
    }
    assertTrue(page.select("svg, img").isEmpty());
    assertTrue(page.text().contains("no deployment is supported"));
    assertTrue(page.text().contains("calibrate"));
  }

  @Test
  void missingPicturesAreSaid() throws IOException {
    Document page = written(SampleReport.filled(), new NoPictures(), true);
    assertTrue(page.select("img").isEmpty());
    assertEquals(36, page.select(".pair .left-out:contains(not available)").size());
  }

  @Test
  void numbersAreTheSameInEveryCountry() throws IOException {
    Locale before = Locale.getDefault();
    String here = text(SampleReport.filled());
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertEquals(here, text(SampleReport.filled()));
    } finally {
      Locale.setDefault(before);
    }
  }

  private String text(Report report) throws IOException {
    Path file = folder.resolve("index.html");
    new ReportFolder.ReportWriter(new SamplePictures(), true).write(report, file);
    return Files.readString(file);
  }

  private Document written(Report report, ReportPictures pictures, boolean trainingImages)
      throws IOException {
    Path file = folder.resolve("index.html");
    new ReportFolder.ReportWriter(pictures, trainingImages).write(report, file);
    return Jsoup.parse(file, "UTF-8");
  }

  private static final class NoPictures implements ReportPictures {
    @Override
    public Optional<FloatImage> sample(String method, long seed) {
      return Optional.empty();
    }

    @Override
    public Optional<FloatImage> trainingImage(int index) {
      return Optional.empty();
    }

    @Override
    public Optional<FloatImage> frame(long seed, int frame, boolean guarded) {
      return Optional.empty();
    }
  }
}
