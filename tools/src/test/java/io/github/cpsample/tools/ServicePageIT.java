package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.tools.report.HeadlessChromium;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The service's page in a browser, on a narrow screen, without a mouse. */
class ServicePageIT {
  private static final int NARROW = 360;

  @TempDir private Path folder;

  @Test
  void imagesCanBeMadeWithoutAMouse() throws Exception {
    TinyBundle.memorising().toDirectory(folder.resolve("model"));
    try (RunningService service =
            RunningService.start(
                "--model", folder.resolve("model").toString(), "--allow-unprotected");
        HeadlessChromium browser = HeadlessChromium.start(folder.resolve("profile"))) {
      browser.open(service.address() + "/", NARROW, 640, true);
      await(browser, "document.getElementById('model').options.length === 1");
      tabTo(browser, "seed");
      browser.press("7");
      tabTo(browser, "steps");
      browser.press(Keys.chord(Keys.CONTROL, "a"), "4");
      tabTo(browser, "count");
      browser.press(Keys.chord(Keys.CONTROL, "a"), "3");
      tabTo(browser, "compare");
      browser.press(Keys.SPACE);
      tabTo(browser, "make");
      browser.press(Keys.ENTER);
      await(browser, "document.querySelectorAll('#result img').length === 6");
      await(browser, "document.getElementById('progress').value === 100");
      assertEquals(
          List.of("protected, seed 7", "unprotected, seed 7", "protected, seed 8"),
          browser.value(
              "[...document.querySelectorAll('#result img')].slice(0, 3).map(it => it.alt)"));
      await(
          browser,
          "[...document.querySelectorAll('#result img')].every(it => it.naturalWidth > 0)");
      assertEquals("make", browser.value("document.activeElement.id"));
      assertTrue(
          (Long) browser.value("document.documentElement.scrollWidth") <= NARROW, "too wide");
      assertEquals(List.of(), browser.complaints());
      List<String> asked = browser.requests();
      assertTrue(asked.contains(service.address() + "/page/images"), asked.toString());
      assertTrue(
          asked.stream().allMatch(it -> it.startsWith(service.address() + "/")), asked.toString());
      service.interrupt();
    }
  }

  private static void tabTo(HeadlessChromium browser, String element) {
    for (int i = 0; i < 12; i++) {
      if (element.equals(browser.value("document.activeElement.id"))) {
        return;
      }
      browser.press(Keys.TAB);
    }
    assertEquals(element, browser.value("document.activeElement.id"));
  }

  private static void await(HeadlessChromium browser, String condition)
      throws InterruptedException {
    for (int i = 0; i < 300 && !Boolean.TRUE.equals(browser.value(condition)); i++) {
      Thread.sleep(100);
    }
    assertEquals(true, browser.value(condition), condition);
  }
}
