package io.github.cpsample.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Strict view of a JSON object: remembers what was asked for, so that fields nobody asked for can
 * be refused.
 */
final class JsonFields {
  private final JsonObject object;
  private final String path;
  private final Set<String> asked = new HashSet<>();

  private JsonFields(JsonObject object, String path) {
    this.object = object;
    this.path = path;
  }

  static JsonFields of(JsonElement element, String path) {
    if (!element.isJsonObject()) {
      throw wrong(path.isEmpty() ? "the document" : path, "an object", element);
    }
    return new JsonFields(element.getAsJsonObject(), path);
  }

  String text(String name) {
    return text(field(name), at(name));
  }

  boolean flag(String name) {
    JsonElement element = field(name);
    if (!(element instanceof JsonPrimitive primitive) || !primitive.isBoolean()) {
      throw wrong(at(name), "true or false", element);
    }
    return primitive.getAsBoolean();
  }

  long integer(String name) {
    return integer(field(name), at(name));
  }

  int smallInteger(String name) {
    long value = integer(name);
    Checks.argument(value == (int) value, at(name), "an integer of 32 bits", value);
    return (int) value;
  }

  double number(String name) {
    return number(field(name), at(name));
  }

  /** Whether there is such a field, which need not be there. */
  boolean has(String name) {
    return object.has(name);
  }

  /** Whether a field was asked for. */
  boolean asked(String name) {
    return asked.contains(name);
  }

  /** Lets a field be, which {@link #finish} would refuse. */
  void skip(String name) {
    field(name);
  }

  /** A field's value as it is written. */
  String json(String name) {
    return field(name).toString();
  }

  JsonFields object(String name) {
    return of(field(name), at(name));
  }

  List<Double> numbers(String name) {
    return list(name, element -> number(element, at(name)));
  }

  List<Long> integers(String name) {
    return list(name, element -> integer(element, at(name)));
  }

  List<String> texts(String name) {
    return list(name, element -> text(element, at(name)));
  }

  <T> List<T> objects(String name, Function<JsonFields, T> reader) {
    return list(name, element -> reader.apply(of(element, at(name))));
  }

  /** Names of all fields, for objects whose keys are free. */
  Set<String> names() {
    return object.keySet();
  }

  /** Refuses fields that nobody asked for. */
  <T> T finish(T result) {
    for (String name : object.keySet()) {
      if (!asked.contains(name)) {
        throw new IllegalArgumentException(
            at(name) + ": expected only the fields " + asked + ", found this one too");
      }
    }
    return result;
  }

  private <T> List<T> list(String name, Function<JsonElement, T> reader) {
    JsonElement element = field(name);
    if (!(element instanceof JsonArray array)) {
      throw wrong(at(name), "an array", element);
    }
    List<T> result = new ArrayList<>(array.size());
    array.forEach(item -> result.add(reader.apply(item)));
    return result;
  }

  private JsonElement field(String name) {
    asked.add(name);
    JsonElement element = object.get(name);
    if (element == null) {
      throw new IllegalArgumentException(at(name) + ": expected this field, found none");
    }
    return element;
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String text(JsonElement element, String where) {
    if (!(element instanceof JsonPrimitive primitive) || !primitive.isString()) {
      throw wrong(where, "text", element);
    }
    return primitive.getAsString();
  }

  private static double number(JsonElement element, String where) {
    if (!(element instanceof JsonPrimitive primitive) || !primitive.isNumber()) {
      throw wrong(where, "a number", element);
    }
    return primitive.getAsDouble();
  }

  private static long integer(JsonElement element, String where) {
    if (element instanceof JsonPrimitive primitive && primitive.isNumber()) {
      try {
        return primitive.getAsBigDecimal().longValueExact();
      } catch (ArithmeticException e) {
        throw wrong(where, "an integer", element);
      }
    }
    throw wrong(where, "an integer", element);
  }

  private static IllegalArgumentException wrong(String where, String expected, JsonElement found) {
    String text = found.toString();
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return new IllegalArgumentException(where + ": expected " + expected + ", found " + shown);
  }
}
