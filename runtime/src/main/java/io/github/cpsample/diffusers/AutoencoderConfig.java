package io.github.cpsample.diffusers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.cpsample.bundle.LatentSpec;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the {@code config.json} of an autoencoder says. Other fields are ignored: they say how the
 * networks are built inside.
 *
 * @param scalingFactor what latents are multiplied with, {@code scaling_factor}; 0.18215 where it
 *     is not said
 * @param shiftFactor what is taken off them first, {@code shift_factor}; 0 where it is not said
 * @param channels of the images, {@code out_channels}; 3 where it is not said
 * @param reduction pixels of an image per pixel of a latent in each direction: 2 for every level of
 *     {@code block_out_channels} but the first; 8 where it is not said
 */
public record AutoencoderConfig(
    double scalingFactor, double shiftFactor, int channels, int reduction) {
  private static final int USUAL_REDUCTION = 8;

  /**
   * Finds the configuration in a pipeline's folder.
   *
   * @throws IOException if it cannot be read or is no JSON object
   */
  static AutoencoderConfig find(Path folder) throws IOException {
    for (String part : List.of("vae_decoder", "vae_encoder", "vae")) {
      Path file = folder.resolve(part).resolve("config.json");
      if (Files.isRegularFile(file)) {
        return read(file);
      }
    }
    return of(new JsonObject());
  }

  /**
   * @throws IOException if the file cannot be read or is no JSON object
   */
  static AutoencoderConfig read(Path file) throws IOException {
    try {
      JsonElement document = JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8));
      if (!(document instanceof JsonObject json)) {
        throw new IOException(file + ": expected a JSON object, found something else");
      }
      return of(json);
    } catch (JsonParseException e) {
      throw new IOException(file + ": expected JSON, found: " + e.getMessage(), e);
    }
  }

  /** The shape of the image that a latent becomes. */
  ImageShape image(ImageShape latent) {
    return new ImageShape(
        channels,
        Math.multiplyExact(latent.height(), reduction),
        Math.multiplyExact(latent.width(), reduction));
  }

  private static AutoencoderConfig of(JsonObject json) {
    return new AutoencoderConfig(
        number(json, "scaling_factor", LatentSpec.DEFAULT_SCALING_FACTOR),
        number(json, "shift_factor", 0),
        (int) number(json, "out_channels", 3),
        json.get("block_out_channels") instanceof JsonArray levels && !levels.isEmpty()
            ? 1 << (levels.size() - 1)
            : USUAL_REDUCTION);
  }

  private static double number(JsonObject json, String name, double otherwise) {
    return json.get(name) instanceof JsonPrimitive value && value.isNumber()
        ? value.getAsDouble()
        : otherwise;
  }
}
