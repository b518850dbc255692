package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.statistics.RocPoint;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Looks up every figure of a report in the text of a page, however it is written there. */
final class ShownFigures {

  private final String text;
  private final List<String> missing = new ArrayList<>();

  ShownFigures(String text) {
    this.text = text.replace('\u00a0', ' ');
  }

  /** The paths of the figures that the page does not show. */
  List<String> missing(Record report) {
    visit("report", report);
    return missing;
  }

  private void visit(String path, Object value) {
    if (value == null || value instanceof Boolean || value instanceof RocPoint) {
      return; // flags are words, curves are drawn
    }
    if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        visit(path + "." + component.getName(), read(component, record));
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        visit(path + "[" + i + "]", list.get(i));
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, content) -> visit(path + "." + name, content));
    } else if (written(value).map(it -> it.replace('\u00a0', ' ')).noneMatch(text::contains)) {
      missing.add(path + " = " + value);
    }
  }

  private static Stream<String> written(Object value) {
    if (value instanceof Double number) {
      return Stream.of(
          Numbers.decimal(number),
          Numbers.percent(number),
          Numbers.percent(number).replace("\u00a0%", ""),
          Numbers.setting(number));
    }
    if (value instanceof Number number) {
      return Stream.of(number.toString(), Numbers.whole(number.longValue()));
    }
    if (value instanceof Enum<?> constant) {
      String words = constant.name().replace('_', ' ');
      return Stream.of(words.charAt(0) + words.substring(1).toLowerCase(Locale.ROOT));
    }
    return Stream.of(value.toString());
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
