package io.github.cpsample.bundle;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;

/** Writes a manifest's JSON form. */
final class ManifestWriter {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private ManifestWriter() {}

  static String write(Manifest manifest) {
    JsonObject json = new JsonObject();
    json.addProperty("format", Manifest.FORMAT);
    json.addProperty("formatVersion", manifest.formatVersion());
    json.addProperty("name", manifest.name());
    json.add("tools", PRETTY.toJsonTree(manifest.tools()));
    json.add("files", PRETTY.toJsonTree(manifest.files()));
    json.add("image", image(manifest.image()));
    json.add("schedule", schedule(manifest.schedule()));
    json.add("denoiser", DenoiserJson.write(manifest.denoiser()));
    json.add("classifier", PRETTY.toJsonTree(manifest.classifier()));
    json.add("sampler", sampler(manifest.sampler()));
    json.add("protection", ProtectionJson.write(manifest.protection()));
    json.add("memorisation", PRETTY.toJsonTree(manifest.memorisation()));
    json.add("training", PRETTY.toJsonTree(manifest.training()));
    json.add("data", PRETTY.toJsonTree(manifest.data()));
    if (!manifest.pipeline().equals(PipelineSpec.NONE)) {
      json.add("pipeline", PipelineJson.write(manifest.pipeline()));
    }
    manifest
        .calibration()
        .ifPresent(
            evidence -> json.add(ManifestReader.CALIBRATION, CalibrationJson.write(evidence)));
    return PRETTY.toJson(json) + "\n";
  }

  private static JsonElement image(ImageShape shape) {
    JsonObject json = new JsonObject();
    json.addProperty("channels", shape.channels());
    json.addProperty("height", shape.height());
    json.addProperty("width", shape.width());
    json.add("valueRange", PRETTY.toJsonTree(ManifestReader.VALUE_RANGE));
    json.addProperty("colorSpace", ManifestReader.colorSpace(shape));
    return json;
  }

  private static JsonElement schedule(NoiseScheduleConfig schedule) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", schedule.kind().jsonName());
    json.addProperty("trainTimesteps", schedule.trainTimesteps());
    if (schedule.kind() == NoiseScheduleConfig.BetaSchedule.LINEAR
        || schedule.kind() == NoiseScheduleConfig.BetaSchedule.SCALED_LINEAR) {
      json.addProperty("betaStart", schedule.betaStart());
      json.addProperty("betaEnd", schedule.betaEnd());
    }
    if (schedule.kind() == NoiseScheduleConfig.BetaSchedule.EXPLICIT) {
      json.add("betas", PRETTY.toJsonTree(schedule.betas()));
    }
    return json;
  }

  static JsonElement sampler(SamplerSpec sampler) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", sampler.kind());
    json.addProperty("steps", sampler.steps());
    json.addProperty("eta", sampler.eta());
    json.addProperty("timestepSpacing", sampler.timestepSpacing().jsonName());
    json.addProperty("clipSample", sampler.clipSample());
    sampler
        .scheduler()
        .ifPresent(
            config -> json.add(ManifestReader.SCHEDULER, JsonParser.parseString(config.toJson())));
    return json;
  }
}
