package io.github.cpsample.service.web;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request, from JSON or from a form, whose numbers are texts. A field that is null
 * or missing is empty; one of the wrong type or out of range is refused, saying what was expected.
 */
final class Fields {
  private static final TypeAdapter<JsonElement> JSON = new Gson().getAdapter(JsonElement.class);

  private static final Pattern PLACE = Pattern.compile("at line \\d+ column \\d+");

  /** Longer numbers are no numbers that a field can hold, and cost time to read. */
  private static final int LONGEST_NUMBER = 40;

  private static final int SHOWN = 40;

  private final JsonObject object;
  private final boolean textual;

  private Fields(JsonObject object, boolean textual) {
    this.object = object;
    this.textual = textual;
  }

  /** The fields of a JSON object in UTF-8. */
  static Fields json(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = JSON.read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT || !element.isJsonObject()) {
        throw ApiException.invalid("", "body: expected one JSON object, found " + shown(element));
      }
      return new Fields(element.getAsJsonObject(), false);
    } catch (CharacterCodingException e) {
      throw ApiException.invalid("", "body: expected JSON in UTF-8, found other bytes");
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw ApiException.invalid("", "body: expected JSON, found " + reason(e));
    }
  }

  /** Where it stops to be JSON, without advice for programmers. */
  private static String reason(Exception e) {
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    return place.find() ? "something else " + place.group() : "its end too early";
  }

  /** The fields of a form, the last one where there are several of a name. */
  static Fields form(Map<String, List<String>> form) {
    JsonObject object = new JsonObject();
    form.forEach((name, values) -> object.addProperty(name, values.get(values.size() - 1)));
    return new Fields(object, true);
  }

  /** A text. */
  Optional<String> text(String name, int longest) {
    return primitive(name)
        .map(
            value -> {
              if (!value.isString()) {
                throw wrong(name, "a text", value);
              }
              if (value.getAsString().length() > longest) {
                throw ApiException.invalid(
                    name,
                    name
                        + ": expected at most "
                        + longest
                        + " characters, found "
                        + value.getAsString().length());
              }
              return value.getAsString();
            });
  }

  /** One of some words. */
  Optional<String> word(String name, List<String> words) {
    Optional<String> text = text(name, Integer.MAX_VALUE);
    if (text.isPresent() && !words.contains(text.get())) {
      throw wrong(name, "one of " + words, new JsonPrimitive(text.get()));
    }
    return text;
  }

  /** A whole number. */
  OptionalLong whole(String name, long least, long most) {
    String expected = "a whole number from " + least + " to " + most;
    return number(name, BigDecimal.valueOf(least), BigDecimal.valueOf(most), expected)
        .map(
            value -> {
              try {
                return OptionalLong.of(value.longValueExact());
              } catch (ArithmeticException e) {
                throw wrong(name, expected, object.get(name));
              }
            })
        .orElse(OptionalLong.empty());
  }

  /** A whole number that fits into 32 bits. */
  OptionalInt count(String name, int least, int most) {
    OptionalLong value = whole(name, least, most);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  /** A number. */
  OptionalDouble decimal(String name, double least, double most) {
    String expected = "a number from " + least + " to " + most;
    return number(name, BigDecimal.valueOf(least), BigDecimal.valueOf(most), expected)
        .map(value -> OptionalDouble.of(value.doubleValue()))
        .orElse(OptionalDouble.empty());
  }

  /** True or false. */
  Optional<Boolean> flag(String name) {
    return primitive(name)
        .map(
            value -> {
              boolean written = textual && value.getAsString().matches("true|false");
              if (!value.isBoolean() && !written) {
                throw wrong(name, "true or false", value);
              }
              return value.getAsBoolean();
            });
  }

  /** Texts, as long as the body allows. */
  Optional<List<String>> texts(String name) {
    JsonElement element = object.get(name);
    if (element == null || element.isJsonNull()) {
      return Optional.empty();
    }
    if (!element.isJsonArray()) {
      throw wrong(name, "a list of texts", element);
    }
    JsonArray array = element.getAsJsonArray();
    List<String> texts = new ArrayList<>();
    for (JsonElement item : array) {
      if (!item.isJsonPrimitive() || !item.getAsJsonPrimitive().isString()) {
        throw wrong(name, "a list of texts", item);
      }
      texts.add(item.getAsString());
    }
    return Optional.of(texts);
  }

  /** The fields of a field; none where it is missing. */
  Fields inner(String name) {
    JsonElement element = object.get(name);
    if (element == null || element.isJsonNull()) {
      return new Fields(new JsonObject(), false);
    }
    if (!element.isJsonObject()) {
      throw wrong(name, "an object", element);
    }
    return new Fields(element.getAsJsonObject(), false);
  }

  private Optional<JsonPrimitive> primitive(String name) {
    JsonElement element = object.get(name);
    if (element == null || element.isJsonNull()) {
      return Optional.empty();
    }
    if (!element.isJsonPrimitive()) {
      throw wrong(name, "a single value", element);
    }
    return Optional.of(element.getAsJsonPrimitive());
  }

  private Optional<BigDecimal> number(
      String name, BigDecimal least, BigDecimal most, String expected) {
    return primitive(name)
        .map(
            value -> {
              String text = value.getAsString();
              boolean numeric = value.isNumber() || (textual && value.isString());
              if (!numeric || text.length() > LONGEST_NUMBER) {
                throw wrong(name, expected, value);
              }
              BigDecimal number = parse(text);
              if (number == null || number.compareTo(least) < 0 || number.compareTo(most) > 0) {
                throw wrong(name, expected, value);
              }
              return number;
            });
  }

  /** The number, or null where it is none. */
  private static @Nullable BigDecimal parse(String text) {
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static ApiException wrong(String name, String expected, JsonElement found) {
    return ApiException.invalid(name, name + ": expected " + expected + ", found " + shown(found));
  }

  private static String shown(JsonElement element) {
    String text = element.isJsonArray() ? "a list" : element.toString();
    text = element.isJsonObject() ? "an object" : text;
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
