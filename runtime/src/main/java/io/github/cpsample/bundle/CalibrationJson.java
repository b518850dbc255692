package io.github.cpsample.bundle;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** The JSON form of the evidence for a model's protection. */
final class CalibrationJson {
  private static final Gson PLAIN = new Gson();
  private static final String SAMPLER = "sampler";
  private static final String SETTINGS = "settings";
  private static final String FRECHET = "frechetDistance";

  private CalibrationJson() {}

  static JsonObject write(CalibrationEvidence evidence) {
    JsonObject json = new JsonObject();
    json.addProperty("date", evidence.date());
    json.addProperty("tool", evidence.tool());
    json.add(SAMPLER, ManifestWriter.sampler(evidence.sampler()));
    json.addProperty("condition", evidence.condition());
    json.addProperty("features", evidence.features());
    json.addProperty("rule", evidence.rule());
    json.add("bounds", PLAIN.toJsonTree(evidence.bounds()));
    json.add(SETTINGS, ProtectionJson.write(evidence.settings()));
    json.addProperty("tuningSeed", evidence.tuningSeed());
    json.addProperty("tuningImages", evidence.tuningImages());
    json.addProperty("tuningHeldOutImages", evidence.tuningHeldOutImages());
    json.add("confirmation", PLAIN.toJsonTree(evidence.confirmation()));
    JsonArray curve = new JsonArray();
    evidence.curve().forEach(point -> curve.add(point(point)));
    json.add("curve", curve);
    return json;
  }

  private static JsonElement point(CalibrationEvidence.Point point) {
    JsonObject json = new JsonObject();
    json.addProperty("bits", point.bits());
    json.add(SETTINGS, ProtectionJson.write(point.settings()));
    json.addProperty("images", point.images());
    json.addProperty("replicas", point.replicas());
    point.frechet().ifPresent(distance -> json.add(FRECHET, PLAIN.toJsonTree(distance)));
    json.addProperty("heldOutDistance", point.heldOutDistance());
    json.addProperty("qualityLoss", point.qualityLoss());
    json.addProperty("stepsGuarded", point.stepsGuarded());
    json.addProperty("overhead", point.overhead());
    json.addProperty("verdict", point.verdict());
    return json;
  }

  static CalibrationEvidence read(JsonFields json) {
    return json.finish(
        new CalibrationEvidence(
            json.text("date"),
            json.text("tool"),
            ManifestReader.sampler(json.object(SAMPLER)),
            json.text("condition"),
            json.text("features"),
            json.text("rule"),
            bounds(json.object("bounds")),
            ProtectionJson.read(json.object(SETTINGS)),
            json.integer("tuningSeed"),
            json.smallInteger("tuningImages"),
            json.smallInteger("tuningHeldOutImages"),
            confirmation(json.object("confirmation")),
            json.objects("curve", CalibrationJson::point)));
  }

  private static CalibrationEvidence.Bounds bounds(JsonFields json) {
    return json.finish(
        new CalibrationEvidence.Bounds(
            json.number("maxReplicas"),
            optional(json, "maxQualityLoss"),
            optional(json, "maxOverhead")));
  }

  private static CalibrationEvidence.Confirmation confirmation(JsonFields json) {
    String unprotected = "frechetDistanceUnprotected";
    return json.finish(
        new CalibrationEvidence.Confirmation(
            json.integer("firstSeed"),
            json.smallInteger("images"),
            json.smallInteger("heldOutImages"),
            json.smallInteger("tries"),
            json.number("confidence"),
            json.flag("shown"),
            json.smallInteger("replicas"),
            json.number("replicasAtMost"),
            json.smallInteger("replicasUnprotected"),
            estimate(json, "heldOutDistance"),
            estimate(json, "heldOutDistanceUnprotected"),
            json.has(FRECHET) ? estimate(json, FRECHET) : null,
            json.has(unprotected) ? estimate(json, unprotected) : null,
            estimate(json, "qualityLoss"),
            estimate(json, "overhead"),
            json.number("stepsGuarded")));
  }

  private static CalibrationEvidence.Point point(JsonFields json) {
    return json.finish(
        new CalibrationEvidence.Point(
            json.smallInteger("bits"),
            ProtectionJson.read(json.object(SETTINGS)),
            json.smallInteger("images"),
            json.smallInteger("replicas"),
            json.has(FRECHET) ? estimate(json, FRECHET) : null,
            json.number("heldOutDistance"),
            json.number("qualityLoss"),
            json.number("stepsGuarded"),
            json.number("overhead"),
            json.text("verdict")));
  }

  private static CalibrationEvidence.Estimate estimate(JsonFields json, String name) {
    JsonFields nested = json.object(name);
    return nested.finish(
        new CalibrationEvidence.Estimate(
            nested.number("value"), nested.number("low"), nested.number("high")));
  }

  private static @Nullable Double optional(JsonFields json, String name) {
    return json.has(name) ? Double.valueOf(json.number(name)) : null;
  }
}
