package io.github.cpsample.service.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OpenAPI document of some endpoints. */
final class OpenApiDocument {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  private OpenApiDocument() {}

  static JsonObject of(List<Endpoint> endpoints, boolean keys) {
    JsonObject document = new JsonObject();
    document.addProperty("openapi", "3.1.0");
    JsonObject info = new JsonObject();
    info.addProperty("title", "CPSample");
    info.addProperty("version", "1");
    info.addProperty(
        "description", "Diffusion sampling that does not reproduce its training images.");
    document.add("info", info);
    JsonObject paths = new JsonObject();
    for (Endpoint endpoint : endpoints) {
      if (!paths.has(endpoint.path())) {
        paths.add(endpoint.path(), new JsonObject());
      }
      paths
          .getAsJsonObject(endpoint.path())
          .add(
              endpoint.method().name().toLowerCase(Locale.ROOT),
              operation(endpoint, keys && endpoint.access() != Endpoint.Access.PUBLIC));
    }
    document.add("paths", paths);
    if (keys) {
      document.add("components", bearer());
    }
    return document;
  }

  private static JsonObject operation(Endpoint endpoint, boolean key) {
    JsonObject operation = new JsonObject();
    operation.addProperty("summary", endpoint.summary());
    JsonArray parameters = new JsonArray();
    Matcher names = PARAMETER.matcher(endpoint.path());
    while (names.find()) {
      JsonObject parameter = new JsonObject();
      parameter.addProperty("name", names.group(1));
      parameter.addProperty("in", "path");
      parameter.addProperty("required", true);
      JsonObject type = new JsonObject();
      type.addProperty("type", "string");
      parameter.add("schema", type);
      parameters.add(parameter);
    }
    if (!parameters.isEmpty()) {
      operation.add("parameters", parameters);
    }
    endpoint.body().ifPresent(body -> operation.add("requestBody", body(body)));
    JsonObject responses = new JsonObject();
    endpoint
        .answers()
        .forEach(
            (status, description) -> {
              JsonObject response = new JsonObject();
              response.addProperty("description", description);
              responses.add(status.toString(), response);
            });
    operation.add("responses", responses);
    if (key) {
      JsonObject scheme = new JsonObject();
      scheme.add("key", new JsonArray());
      JsonArray security = new JsonArray();
      security.add(scheme);
      operation.add("security", security);
    }
    return operation;
  }

  private static JsonObject body(Endpoint.Body body) {
    JsonObject media = new JsonObject();
    media.add("schema", body.schema());
    JsonObject content = new JsonObject();
    content.add(body.type(), media);
    JsonObject request = new JsonObject();
    request.addProperty("required", true);
    request.add("content", content);
    return request;
  }

  private static JsonObject bearer() {
    JsonObject scheme = new JsonObject();
    scheme.addProperty("type", "http");
    scheme.addProperty("scheme", "bearer");
    JsonObject schemes = new JsonObject();
    schemes.add("key", scheme);
    JsonObject components = new JsonObject();
    components.add("securitySchemes", schemes);
    return components;
  }
}
