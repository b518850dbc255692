package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report in a browser. */
class ReportIT {

  private static final String WIDE_SCROLLERS =
      "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1)"
          + ".map(e => e.getAttribute('aria-label'))";
  private static final String PICTURE_FROM_ELSEWHERE =
      "const i = new Image(); i.onerror = () => done(1); i.onload = () => done(2);"
          + "i.src = 'http://127.0.0.1:9/a.png'; document.body.append(i);";
  private static final String PAGE_WIDTH = "document.documentElement.scrollWidth";

  @TempDir private static Path folder;
  private static HeadlessChromium browser;
  private static Path page;

  @BeforeAll
  static void writeAndOpen() throws IOException {
    page = folder.resolve("index.html");
    new ReportFolder.ReportWriter(new SamplePictures(), true).write(SampleReport.filled(), page);
    browser = HeadlessChromium.start(folder.resolve("profile"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void opensWithoutComplaintsAndAsksForNothing() {
    browser.open(page, 1100, 900, false);
    assertEquals("Audit of " + SampleReport.MODEL, browser.value("document.title"));
    assertEquals(List.of(page.toUri().toString()), browser.requests());
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void aRequestOfThePageIsStoppedByItsPolicy() {
    browser.open(page, 1100, 900, false);
    browser.later(PICTURE_FROM_ELSEWHERE);
    List<String> complaints = browser.complaints();
    assertTrue(
        complaints.stream().anyMatch(it -> it.contains("Content Security Policy")),
        complaints::toString);
  }

  /** Of a page without the policy: by itself, by a script, and in a frame within it. */
  @Test
  void requestsWouldBeSeen() throws IOException {
    Path frame = folder.resolve("frame.html");
    Files.writeString(frame, "<!doctype html><img src='http://127.0.0.1:9/framed.png'>");
    Path other = folder.resolve("asking.html");
    Files.writeString(
        other,
        "<!doctype html><img src='http://127.0.0.1:9/own.png'><iframe src='frame.html'></iframe>");
    browser.open(other, 1100, 900, false);
    browser.later(PICTURE_FROM_ELSEWHERE);
    assertEquals(
        Set.of(
            other.toUri().toString(),
            frame.toUri().toString(),
            "http://127.0.0.1:9/own.png",
            "http://127.0.0.1:9/framed.png",
            "http://127.0.0.1:9/a.png"),
        Set.copyOf(browser.requests()));
  }

  @Test
  void picturesAndChartsAreThere() {
    browser.open(page, 1100, 900, false);
    assertEquals(12L, browser.value("document.querySelectorAll('figure.pair').length"));
    assertEquals(
        36L,
        browser.value(
            "[...document.querySelectorAll('figure.pair img')].filter(i => i.complete"
                + " && i.naturalWidth === 28 && i.getBoundingClientRect().width > 50).length"));
    assertEquals(
        0L, browser.value("[...document.images].filter(i => i.naturalWidth === 0).length"));
    assertEquals(20L, browser.value("document.querySelectorAll('svg').length"));
    assertEquals(
        0L,
        browser.value(
            "[...document.querySelectorAll('svg')].filter(s => s.getBBox().width < 300"
                + " || s.getBBox().height < 200 || s.querySelectorAll('text').length < 8).length"));
  }

  /** Letters stay within the drawing and do not lie upon each other. */
  @ParameterizedTest
  @ValueSource(ints = {360, 1100})
  void lettersOfChartsCanBeRead(int width) {
    browser.open(page, width, 900, width == 360);
    assertEquals(
        List.of(),
        browser.value(
            "[...document.querySelectorAll('svg')].flatMap(s => { const b ="
                + " s.getBoundingClientRect(); const t = [...s.querySelectorAll('text')].map(e =>"
                + " [e.textContent, e.getBoundingClientRect()]); const out = t.filter(([, r]) =>"
                + " r.left < b.left - 1 || r.right > b.right + 1 || r.top < b.top - 1 || r.bottom >"
                + " b.bottom + 1).map(([n]) => 'outside: ' + n); const low = t.filter(([, r]) =>"
                + " Math.min(r.height, r.width) < 3).map(([n]) => 'small: ' + n); const on ="
                + " t.flatMap(([n, r], i) => t.slice(i + 1).filter(([, q]) => Math.min(r.right,"
                + " q.right) - Math.max(r.left, q.left) > 2 && Math.min(r.bottom, q.bottom) -"
                + " Math.max(r.top, q.top) > 4).map(([m]) => n + ' on ' + m)); return [...out,"
                + " ...low, ...on]; })"));
  }

  @Test
  void fitsAPhone() {
    browser.open(page, 360, 740, true);
    assertEquals(360L, browser.value(PAGE_WIDTH));
    assertEquals(360L, browser.value("window.innerWidth"));
    assertTrue(
        !((List<?>) browser.value(WIDE_SCROLLERS)).isEmpty(), "expected tables wider than a phone");
    assertEquals(
        0L,
        browser.value(
            "[...document.querySelectorAll('p, li, figcaption')].filter(e =>"
                + " parseFloat(getComputedStyle(e).fontSize) < 12).length"));
  }

  @Test
  void nothingIsCutOffOnPaper() {
    try {
      browser.medium("print");
      browser.open(page, 688, 1000, false);
      assertEquals(true, browser.value(PAGE_WIDTH + " <= window.innerWidth"));
      assertEquals(
          List.of(),
          browser.value(
              "[...document.querySelectorAll('table, svg, img')].filter(e =>"
                  + " e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
                  + ".map(e => e.textContent)"));
    } finally {
      browser.medium("");
    }
  }

  @Test
  void prints() {
    browser.open(page, 1100, 900, false);
    String pdf = new String(browser.printed(), StandardCharsets.ISO_8859_1);
    assertTrue(pdf.startsWith("%PDF-"));
    long pages = Pattern.compile("/Type\\s*/Page\\b").matcher(pdf).results().count();
    assertTrue(pages >= 8 && pages <= 40, pages + " pages");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isAccessible(boolean filled) throws IOException {
    Path other = folder.resolve("accessible.html");
    new ReportFolder.ReportWriter(new SamplePictures(), filled)
        .write(filled ? SampleReport.filled() : SampleReport.bare("m"), other);
    browser.open(other, 1100, 900, false);
    browser.run(axe());
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
    assertEquals(List.of(), violations());
    browser.run("document.documentElement.removeAttribute('lang')");
    assertEquals(1, violations().size(), "a fault would be found");
  }

  private static List<String> violations() {
    String found =
        (String) browser.later("axe.run().then(r => done(JSON.stringify(r.violations)));");
    return described(JsonParser.parseString(found).getAsJsonArray());
  }

  private static String axe() throws IOException {
    try (InputStream in = ReportIT.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> described(JsonArray violations) {
    List<String> lines = new ArrayList<>();
    for (JsonElement element : violations) {
      JsonObject violation = element.getAsJsonObject();
      lines.add(
          violation.get("impact").getAsString()
              + " "
              + violation.get("id").getAsString()
              + " "
              + violation.getAsJsonArray("nodes").get(0).getAsJsonObject().get("html"));
    }
    return lines;
  }
}
