package io.github.cpsample.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.onnx.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The JSON form of a manifest's denoiser. Usual tensors are given by their names, as in version 1
 * of the format; others are described in the object {@code tensors}.
 */
final class DenoiserJson {
  private static final String TENSORS = "tensors";
  private static final String VARIANCE = "variance";
  private static final String DATA_FILES = "dataFiles";
  private static final String LABEL = "label";

  private DenoiserJson() {}

  static JsonObject write(DenoiserSpec spec) {
    JsonObject json = new JsonObject();
    json.addProperty("file", spec.file());
    boolean usual = spec.isUsual();
    if (usual) {
      json.addProperty("input", spec.input());
      json.addProperty("timestep", spec.timestep());
      json.addProperty("output", spec.output());
    } else {
      json.add(TENSORS, tensors(spec.signature()));
    }
    json.addProperty("predictionType", spec.predictionType().jsonName());
    json.addProperty("classes", spec.classes());
    if (!usual) {
      spec.variance().ifPresent(kind -> json.addProperty(VARIANCE, kind.jsonName()));
      JsonArray files = new JsonArray();
      spec.dataFiles().forEach(files::add);
      json.add(DATA_FILES, files);
    }
    return json;
  }

  static DenoiserSpec read(JsonFields json) {
    String file = json.text("file");
    PredictionType prediction = PredictionType.ofJsonName(json.text("predictionType"));
    int classes = json.smallInteger("classes");
    if (!json.has(TENSORS)) {
      return json.finish(
          new DenoiserSpec(
              file,
              json.text("input"),
              json.text("timestep"),
              json.text("output"),
              prediction,
              classes));
    }
    return json.finish(
        new DenoiserSpec(
            file,
            signature(json.object(TENSORS)),
            prediction,
            classes,
            json.has(VARIANCE)
                ? Optional.of(DdpmConfig.Variance.ofJsonName(json.text(VARIANCE)))
                : Optional.empty(),
            json.texts(DATA_FILES)));
  }

  private static JsonObject tensors(DenoiserSignature signature) {
    JsonObject json = new JsonObject();
    json.add("input", port(signature.input()));
    json.add("timestep", port(signature.timestep()));
    json.add("output", port(signature.output()));
    signature.label().ifPresent(label -> json.add(LABEL, port(label)));
    JsonArray conditions = new JsonArray();
    signature.conditions().forEach(condition -> conditions.add(port(condition)));
    json.add("conditions", conditions);
    json.addProperty("roundsTimesteps", signature.roundsTimesteps());
    return json;
  }

  private static JsonObject port(TensorPort port) {
    JsonObject json = new JsonObject();
    json.addProperty("name", port.name());
    json.addProperty("type", typeName(port.type()));
    JsonArray sizes = new JsonArray();
    port.sizes().forEach(sizes::add);
    json.add("sizes", sizes);
    return json;
  }

  private static DenoiserSignature signature(JsonFields json) {
    return json.finish(
        new DenoiserSignature(
            port(json.object("input")),
            port(json.object("timestep")),
            port(json.object("output")),
            json.has(LABEL) ? Optional.of(port(json.object(LABEL))) : Optional.empty(),
            json.objects("conditions", DenoiserJson::port),
            json.flag("roundsTimesteps")));
  }

  private static TensorPort port(JsonFields json) {
    String type = json.text("type");
    List<String> known = Arrays.stream(ElementType.values()).map(DenoiserJson::typeName).toList();
    ManifestChecks.oneOf("type", type, known);
    return json.finish(
        new TensorPort(
            json.text("name"),
            ElementType.valueOf(type.toUpperCase(Locale.ROOT)),
            json.integers("sizes")));
  }

  private static String typeName(ElementType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
