package io.github.cpsample.service.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** JSON schemas of request bodies. Not thread-safe. */
final class Schema {
  private final JsonObject properties = new JsonObject();
  private final JsonArray required = new JsonArray();

  Schema text(String name, String description) {
    return add(name, "string", description);
  }

  Schema word(String name, List<String> words, String description) {
    add(name, "string", description);
    JsonArray values = new JsonArray();
    words.forEach(values::add);
    properties.getAsJsonObject(name).add("enum", values);
    return this;
  }

  Schema whole(String name, long least, long most, String description) {
    return ranged(name, "integer", least, most, description);
  }

  Schema decimal(String name, double least, double most, String description) {
    return ranged(name, "number", least, most, description);
  }

  Schema flag(String name, String description) {
    return add(name, "boolean", description);
  }

  Schema texts(String name, String description) {
    add(name, "array", description);
    JsonObject item = new JsonObject();
    item.addProperty("type", "string");
    properties.getAsJsonObject(name).add("items", item);
    return this;
  }

  Schema file(String name, String description) {
    add(name, "string", description);
    properties.getAsJsonObject(name).addProperty("format", "binary");
    return this;
  }

  Schema inner(String name, Schema schema) {
    properties.add(name, schema.build());
    return this;
  }

  Schema require(String name) {
    required.add(name);
    return this;
  }

  JsonObject build() {
    JsonObject schema = new JsonObject();
    schema.addProperty("type", "object");
    schema.add("properties", properties);
    if (!required.isEmpty()) {
      schema.add("required", required);
    }
    return schema;
  }

  Endpoint.Body json() {
    return new Endpoint.Body("application/json", build());
  }

  Endpoint.Body form() {
    return new Endpoint.Body("multipart/form-data", build());
  }

  private Schema ranged(String name, String type, Number least, Number most, String description) {
    add(name, type, description);
    properties.getAsJsonObject(name).addProperty("minimum", least);
    properties.getAsJsonObject(name).addProperty("maximum", most);
    return this;
  }

  private Schema add(String name, String type, String description) {
    JsonObject property = new JsonObject();
    property.addProperty("type", type);
    property.addProperty("description", description);
    properties.add(name, property);
    return this;
  }
}
