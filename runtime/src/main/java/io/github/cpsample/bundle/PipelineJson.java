package io.github.cpsample.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.cpsample.image.ImageShape;
import java.util.Optional;
import java.util.OptionalInt;

/** The JSON form of what a manifest says about the parts besides denoiser and classifier. */
final class PipelineJson {
  private static final String LATENT = "latent";
  private static final String TEXT = "text";
  private static final String NULL_CLASS = "nullClass";
  private static final String ENCODER = "encoder";
  private static final String FALLBACK = "fallback";

  private PipelineJson() {}

  static JsonObject write(PipelineSpec spec) {
    JsonObject json = new JsonObject();
    spec.latent().ifPresent(latent -> json.add(LATENT, latent(latent)));
    spec.text().ifPresent(text -> json.add(TEXT, text(text)));
    spec.nullClass().ifPresent(number -> json.addProperty(NULL_CLASS, number));
    spec.fallback().ifPresent(file -> json.addProperty(FALLBACK, file));
    return json;
  }

  static PipelineSpec read(JsonFields json) {
    return json.finish(
        new PipelineSpec(
            json.has(LATENT) ? Optional.of(latent(json.object(LATENT))) : Optional.empty(),
            json.has(TEXT) ? Optional.of(text(json.object(TEXT))) : Optional.empty(),
            json.has(NULL_CLASS)
                ? OptionalInt.of(json.smallInteger(NULL_CLASS))
                : OptionalInt.empty(),
            json.has(FALLBACK) ? Optional.of(json.text(FALLBACK)) : Optional.empty()));
  }

  private static JsonObject latent(PipelineSpec.Latent spec) {
    JsonObject json = new JsonObject();
    json.addProperty("decoder", spec.decoder());
    spec.encoder().ifPresent(name -> json.addProperty(ENCODER, name));
    json.addProperty("channels", spec.shape().channels());
    json.addProperty("height", spec.shape().height());
    json.addProperty("width", spec.shape().width());
    json.addProperty("scalingFactor", spec.scalingFactor());
    json.addProperty("shiftFactor", spec.shiftFactor());
    return json;
  }

  private static PipelineSpec.Latent latent(JsonFields json) {
    return json.finish(
        new PipelineSpec.Latent(
            json.text("decoder"),
            json.has(ENCODER) ? Optional.of(json.text(ENCODER)) : Optional.empty(),
            new ImageShape(
                json.smallInteger("channels"),
                json.smallInteger("height"),
                json.smallInteger("width")),
            json.number("scalingFactor"),
            json.number("shiftFactor")));
  }

  private static JsonObject text(PipelineSpec.Text spec) {
    JsonObject json = new JsonObject();
    json.addProperty(ENCODER, spec.encoder());
    JsonArray files = new JsonArray();
    spec.tokenizer().forEach(files::add);
    json.add("tokenizer", files);
    json.addProperty("input", spec.input());
    return json;
  }

  private static PipelineSpec.Text text(JsonFields json) {
    return json.finish(
        new PipelineSpec.Text(json.text(ENCODER), json.texts("tokenizer"), json.text("input")));
  }
}
