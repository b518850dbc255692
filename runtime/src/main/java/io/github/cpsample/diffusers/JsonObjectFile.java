package io.github.cpsample.diffusers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON files of a pipeline's folder. */
final class JsonObjectFile {
  private JsonObjectFile() {}

  /**
   * @throws IOException if the file cannot be read or is no JSON object
   */
  static JsonObject read(Path file) throws IOException {
    try {
      JsonElement document = JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8));
      if (!(document instanceof JsonObject json)) {
        throw new IOException(file + ": expected a JSON object, found something else");
      }
      return json;
    } catch (JsonParseException e) {
      throw new IOException(file + ": expected JSON, found: " + e.getMessage(), e);
    }
  }
}
