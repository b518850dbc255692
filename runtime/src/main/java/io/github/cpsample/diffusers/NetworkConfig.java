package io.github.cpsample.diffusers;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What a network's config.json says that its graph may leave open. Other fields are ignored: they
 * say how the network is built inside.
 *
 * @param channels of the images, {@code in_channels}
 * @param size height and width of the images, {@code sample_size} if it is one number
 * @param classes number of class labels, {@code num_class_embeds}
 */
record NetworkConfig(OptionalInt channels, OptionalInt size, OptionalInt classes) {
  static final NetworkConfig UNKNOWN =
      new NetworkConfig(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  /**
   * @throws IOException if the file cannot be read or is no JSON object
   */
  static NetworkConfig read(Path file) throws IOException {
    JsonObject json = JsonObjectFile.read(file);
    return new NetworkConfig(
        number(json, "in_channels"), number(json, "sample_size"), number(json, "num_class_embeds"));
  }

  private static OptionalInt number(JsonObject json, String name) {
    return json.get(name) instanceof JsonPrimitive value && value.isNumber()
        ? OptionalInt.of(value.getAsInt())
        : OptionalInt.empty();
  }
}
