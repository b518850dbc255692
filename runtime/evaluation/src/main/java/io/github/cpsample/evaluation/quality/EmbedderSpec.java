package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An embedder that a user names: an ONNX file and what it does not say.
 *
 * @param name in reports
 * @param file the ONNX file
 * @param range what values its images have; asked for where it is absent
 * @param output name of the output with the features, where the file has several
 * @param size height and width of its images, where the file leaves them open
 * @param features length of the vectors, where the file leaves it open
 * @param layout {@code nchw} or {@code nhwc}, where the file leaves it open
 * @param resize how images are stretched to that size; for Inception's ranges fixed by them
 */
public record EmbedderSpec(
    String name,
    Path file,
    Optional<Preprocessing> range,
    Optional<String> output,
    OptionalInt size,
    OptionalInt features,
    Optional<Layout> layout,
    Resize resize) {

  /** How {@link #parse} wants it. */
  public static final String SYNTAX = "FILE[,KEY=VALUE...]";

  private static final List<String> KEYS =
      List.of("range", "output", "size", "features", "layout", "resize", "name");
  private static final Pattern LAST =
      Pattern.compile("(.*),(" + String.join("|", KEYS) + ")=([^=]*)", Pattern.DOTALL);
  private static final Pattern ODD = Pattern.compile(",[a-z]+=");
  private static final String SUFFIX = ".onnx";

  /**
   * Reads what follows {@code --embedder}: the file's path, then keys with values, each after a
   * comma. A path may hold commas.
   *
   * @param text such as {@code inception.onnx,range=pytorch-fid,output=pool}
   * @return what it says
   * @throws IllegalArgumentException if a key is unknown or given twice, or a value does not fit
   */
  public static EmbedderSpec parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    String rest = text;
    for (Matcher last = LAST.matcher(rest); last.matches(); last = LAST.matcher(rest)) {
      if (values.putIfAbsent(last.group(2), last.group(3)) != null) {
        throw new IllegalArgumentException(
            "embedder " + text + ": expected " + last.group(2) + " once, found it twice");
      }
      rest = last.group(1);
    }
    Checks.argument(
        !rest.isBlank() && !ODD.matcher(rest).find(),
        "embedder",
        SYNTAX + " with the keys " + KEYS,
        "'" + text + "'");
    Path file = Path.of(rest);
    return new EmbedderSpec(
        named(values.getOrDefault("name", fileName(file))),
        file,
        Optional.ofNullable(values.get("range")).map(Preprocessing::of),
        Optional.ofNullable(values.get("output")),
        number("size", values),
        number("features", values),
        Optional.ofNullable(values.get("layout")).map(Layout::of),
        Resize.of(values.getOrDefault("resize", Resize.BICUBIC.label())));
  }

  private static String fileName(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  private static String named(String text) {
    String name = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
    Checks.argument(
        name.matches(".*[a-z0-9].*") && !name.equals("pixels"),
        "embedder name",
        "letters or digits, and not 'pixels'",
        "'" + text + "'");
    return name;
  }

  private static OptionalInt number(String key, Map<String, String> values) {
    String text = values.get(key);
    if (text == null) {
      return OptionalInt.empty();
    }
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw new IllegalArgumentException(
          "embedder " + key + ": expected a whole number from 1 to 999999, found '" + text + "'");
    }
    return OptionalInt.of(Integer.parseInt(text));
  }
}
