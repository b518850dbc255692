package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.PrintsPage;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PrintOptions;

/**
 * The system's Chromium without a window, told to be silent on the network. Nothing is downloaded:
 * where it is not installed, tests are skipped, but in CI they fail.
 */
public final class HeadlessChromium implements AutoCloseable {

  private static final List<String> SILENT =
      List.of(
          "--headless=new",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--no-default-browser-check",
          "--disable-default-apps",
          "--disable-extensions",
          "--disable-search-engine-choice-screen",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "about:blank");

  private final ChromeDriver driver;

  private HeadlessChromium(ChromeDriver driver) {
    this.driver = driver;
  }

  public static HeadlessChromium start(Path profile) {
    Optional<File> browser = installed("chromium", "chromium-browser", "google-chrome");
    Optional<File> remote = installed("chromedriver");
    boolean both = browser.isPresent() && remote.isPresent();
    if ("true".equals(System.getenv("CI"))) {
      assertEquals(true, both, "CI needs the packages chromium and chromium-driver");
    }
    assumeTrue(both, "needs chromium and chromedriver on the PATH");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.get());
    options.addArguments(SILENT);
    options.addArguments("--user-data-dir=" + profile);
    if ("root".equals(System.getProperty("user.name"))) {
      options.addArguments("--no-sandbox");
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(remote.get())
            .usingAnyFreePort()
            .build();
    return new HeadlessChromium(new ChromeDriver(service, options));
  }

  private static Optional<File> installed(String... names) {
    List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator, -1));
    return Stream.of(names)
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toFile)
        .findFirst();
  }

  /** Opens a file in a window of a size in CSS pixels, on a phone or not. */
  void open(Path file, int width, int height, boolean phone) {
    open(file.toUri().toString(), width, height, phone);
  }

  /** Opens an address likewise. */
  public void open(String address, int width, int height, boolean phone) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    complaints();
    driver.get(address);
  }

  /** How the page looks for another medium, such as print. */
  void medium(String name) {
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", name));
  }

  /** The value of a JavaScript expression. */
  public Object value(String expression) {
    return driver.executeScript("return " + expression);
  }

  /** Presses keys where the focus is. */
  public void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  void run(String script) {
    driver.executeScript(script);
  }

  /** The value that a script gives to {@code done}. */
  Object later(String script) {
    return driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + script);
  }

  /** What the open page has complained about since it was opened or last asked. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  /**
   * The addresses that the open document and its frames have asked for, itself among them, since
   * they were last looked up; without data in the page. What the browser asks for on its own, such
   * as the parts of its start page, belongs to other documents.
   */
  public List<String> requests() {
    JsonObject tree =
        new Gson()
            .toJsonTree(driver.executeCdpCommand("Page.getFrameTree", Map.of()))
            .getAsJsonObject()
            .getAsJsonObject("frameTree");
    Set<String> loaders = new HashSet<>();
    collectLoaders(tree, loaders);
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(entry -> JsonParser.parseString(entry.getMessage()).getAsJsonObject())
        .map(entry -> entry.getAsJsonObject("message"))
        .filter(event -> event.get("method").getAsString().equals("Network.requestWillBeSent"))
        .map(event -> event.getAsJsonObject("params"))
        .filter(request -> loaders.contains(request.get("loaderId").getAsString()))
        .map(request -> request.getAsJsonObject("request").get("url").getAsString())
        .filter(address -> !address.startsWith("data:"))
        .toList();
  }

  /** The identifiers of the navigations that made a frame's document and those within it. */
  private static void collectLoaders(JsonObject tree, Set<String> loaders) {
    loaders.add(tree.getAsJsonObject("frame").get("loaderId").getAsString());
    if (tree.has("childFrames")) {
      tree.getAsJsonArray("childFrames")
          .forEach(child -> collectLoaders(child.getAsJsonObject(), loaders));
    }
  }

  /** The page as PDF. */
  byte[] printed() {
    PrintsPage printer = driver;
    return Base64.getDecoder().decode(printer.print(new PrintOptions()).getContent());
  }

  @Override
  public void close() {
    driver.quit();
  }
}
