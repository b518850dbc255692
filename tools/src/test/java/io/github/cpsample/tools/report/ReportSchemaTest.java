package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.evaluation.figures.Report;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/reference/report.md describes the fields of report.json: all of them, and no others. */
class ReportSchemaTest {

  private static final Path PAGE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/reference/report.md");
  private static final Pattern RECORD =
      Pattern.compile("^### (\\w+)\n(.*?)(?=^#|\\z)", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern FIELD =
      Pattern.compile("^\\| `(\\w+)` \\| (.*?) \\| (.+) \\|$", Pattern.MULTILINE);

  @Test
  void everyFieldIsDescribedWithItsType() throws IOException {
    Map<String, List<String>> described = described(Files.readString(PAGE));
    Map<String, List<String>> written = new LinkedHashMap<>();
    collect(Report.class, written);
    assertEquals(written.keySet(), described.keySet());
    written.forEach((name, fields) -> assertEquals(fields, described.get(name), name));
  }

  private static Map<String, List<String>> described(String page) {
    Map<String, List<String>> records = new LinkedHashMap<>();
    Matcher matcher = RECORD.matcher(page.substring(page.indexOf("## report.json")));
    while (matcher.find()) {
      records.put(
          matcher.group(1),
          FIELD
              .matcher(matcher.group(2))
              .results()
              .map((MatchResult field) -> field.group(1) + ": " + field.group(2))
              .toList());
    }
    return records;
  }

  private static void collect(Class<?> type, Map<String, List<String>> records) {
    if (records.containsKey(type.getSimpleName())) {
      return;
    }
    List<String> fields = new ArrayList<>();
    records.put(type.getSimpleName(), fields);
    for (RecordComponent component : type.getRecordComponents()) {
      fields.add(component.getName() + ": " + named(component.getGenericType()));
      inner(component.getGenericType()).stream()
          .filter(Class::isRecord)
          .forEach(record -> collect(record, records));
    }
  }

  private static List<Class<?>> inner(Type type) {
    return type instanceof ParameterizedType generic
        ? Arrays.stream(generic.getActualTypeArguments()).<Class<?>>map(Class.class::cast).toList()
        : List.of((Class<?>) type);
  }

  private static String named(Type type) {
    if (type instanceof ParameterizedType generic) {
      String last = named(inner(generic).get(inner(generic).size() - 1));
      String plural = last.startsWith("[") ? last : last + "s";
      return generic.getRawType() == Map.class ? plural + " by name" : "list of " + plural;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      String name = plain.getSimpleName();
      return "[" + name + "](#" + name.toLowerCase(Locale.ROOT) + ")";
    }
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(constant -> "`" + constant + "`")
          .collect(Collectors.joining(", "));
    }
    return Map.of(
            String.class, "text",
            double.class, "number",
            Double.class, "number",
            int.class, "whole number",
            long.class, "whole number",
            boolean.class, "true or false")
        .get(plain);
  }
}
