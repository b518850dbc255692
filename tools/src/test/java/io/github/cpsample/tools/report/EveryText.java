package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.Report;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a text in the place of every text of a report. */
final class EveryText {

  private final String text;

  EveryText(String text) {
    this.text = text;
  }

  Report in(Report report) {
    return (Report) replaced(report);
  }

  private Object replaced(Object value) {
    if (value instanceof String) {
      return text;
    }
    if (value instanceof Record record) {
      return rebuilt(record);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(this::replaced).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((name, content) -> copy.put(replaced(name), replaced(content)));
      return copy;
    }
    return value;
  }

  private Object rebuilt(Record record) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    try {
      Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = replaced(components[i].getAccessor().invoke(record));
      }
      return record
          .getClass()
          .getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
          .newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
