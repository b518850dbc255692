package io.github.cpsample.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.cpsample.base.Checks;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Views;
import java.util.List;
import java.util.Optional;

/**
 * The JSON form of protection settings. What is as in the paper is not written, so that settings of
 * older bundles read and write as they are.
 */
final class ProtectionJson {
  private static final String ASKS = "asks";
  private static final String ASK_EVERY = "askEvery";
  private static final String THRESHOLDS = "thresholds";
  private static final String CORRECTION = "correction";
  private static final String FALSE_ALARMS = "falseAlarms";
  private static final String LEVELS = "levels";
  private static final String FINISHED = "finished";
  private static final String STRIDE = "stride";
  private static final String VIEWS = "views";
  private static final String TIMESTEP = "timestep";
  private static final String ALPHA = "alpha";

  private ProtectionJson() {}

  /** Whether settings say nothing that older runtimes do not know. */
  static boolean isPaper(ProtectionSettings settings) {
    return settings.asks() == Subject.X_T
        && settings.askEvery() == 1
        && settings.thresholds().isEmpty()
        && settings.correction().equals(Correction.PAPER);
  }

  static JsonElement write(ProtectionSettings protection) {
    JsonObject json = new JsonObject();
    json.addProperty("gate", protection.gate().label());
    json.addProperty("force", protection.force().label());
    json.addProperty(ALPHA, protection.alpha());
    json.addProperty("scale", protection.scale());
    JsonArray guarded = new JsonArray();
    guarded.add(protection.firstTimestep());
    guarded.add(protection.lastTimestep());
    json.add("guardedTimesteps", guarded);
    if (protection.askEvery() != 1) {
      json.addProperty(ASK_EVERY, protection.askEvery());
    }
    if (protection.asks() != Subject.X_T) {
      json.addProperty(ASKS, protection.asks().label());
    }
    protection.thresholds().ifPresent(it -> json.add(THRESHOLDS, thresholds(it)));
    if (!protection.correction().equals(Correction.PAPER)) {
      json.add(CORRECTION, correction(protection.correction()));
    }
    return json;
  }

  static ProtectionSettings read(JsonFields json) {
    List<Long> guarded = json.integers("guardedTimesteps");
    Checks.argument(
        guarded.size() == 2, "protection.guardedTimesteps", "first and last timestep", guarded);
    ProtectionSettings settings =
        ProtectionSettings.of(
            json.text("gate"),
            json.text("force"),
            json.number(ALPHA),
            json.number("scale"),
            Math.toIntExact(guarded.get(0)),
            Math.toIntExact(guarded.get(1)));
    if (json.has(ASK_EVERY)) {
      settings = settings.withAskEvery(json.smallInteger(ASK_EVERY));
    }
    if (json.has(ASKS)) {
      settings = settings.withAsks(Subject.named(json.text(ASKS)));
    }
    Optional<Thresholds> thresholds =
        json.has(THRESHOLDS) ? Optional.of(thresholds(json.object(THRESHOLDS))) : Optional.empty();
    if (thresholds.isPresent()) {
      settings = settings.withThresholds(thresholds.get());
    }
    if (json.has(CORRECTION)) {
      settings = settings.withCorrection(correction(json.object(CORRECTION)));
    }
    return json.finish(settings);
  }

  private static JsonElement thresholds(Thresholds thresholds) {
    JsonObject json = new JsonObject();
    json.addProperty(FALSE_ALARMS, thresholds.falseAlarms());
    JsonArray levels = new JsonArray();
    for (Thresholds.Level level : thresholds.levels()) {
      JsonObject one = new JsonObject();
      one.addProperty(TIMESTEP, level.timestep());
      one.addProperty(ALPHA, level.alpha());
      levels.add(one);
    }
    json.add(LEVELS, levels);
    json.addProperty(FINISHED, thresholds.finished());
    if (thresholds.views() != Views.ONE) {
      json.addProperty(VIEWS, thresholds.views().count());
    }
    return json;
  }

  private static Thresholds thresholds(JsonFields json) {
    return json.finish(
        new Thresholds(
            json.number(FALSE_ALARMS),
            json.objects(
                LEVELS,
                level ->
                    level.finish(
                        new Thresholds.Level(level.number(TIMESTEP), level.number(ALPHA)))),
            json.number(FINISHED),
            json.has(VIEWS) ? Views.of(json.smallInteger(VIEWS)) : Views.ONE));
  }

  private static JsonElement correction(Correction correction) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", correction.kind().label());
    json.addProperty("back", correction.back());
    json.addProperty("returns", correction.returns());
    json.addProperty("redos", correction.redos());
    if (correction.stride() != 1) {
      json.addProperty(STRIDE, correction.stride());
    }
    return json;
  }

  private static Correction correction(JsonFields json) {
    return json.finish(
        new Correction(
            Correction.Kind.named(json.text("kind")),
            json.smallInteger("back"),
            json.smallInteger("returns"),
            json.smallInteger("redos"),
            json.has(STRIDE) ? json.smallInteger(STRIDE) : 1));
  }
}
