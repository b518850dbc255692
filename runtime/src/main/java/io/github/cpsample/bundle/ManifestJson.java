package io.github.cpsample.bundle;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The manifest's JSON form, read and written field by field. */
final class ManifestJson {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final List<Double> VALUE_RANGE = List.of(-1.0, 1.0);

  private ManifestJson() {}

  static Manifest read(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(reader, file.toString());
    } catch (IOException e) {
      throw new BundleException(file + " cannot be read: " + e, e);
    }
  }

  static Manifest read(Reader reader, String source) {
    try {
      JsonReader json = new JsonReader(reader);
      json.setStrictness(Strictness.STRICT);
      return manifest(JsonFields.of(JsonParser.parseReader(json), ""));
    } catch (JsonParseException e) {
      throw new BundleException(source + ": expected JSON, found: " + e.getMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new BundleException(source + ": " + e.getMessage(), e);
    }
  }

  private static Manifest manifest(JsonFields json) {
    String format = json.text("format");
    if (!format.equals(Manifest.FORMAT)) {
      throw new IllegalArgumentException(
          "format: expected " + Manifest.FORMAT + ", found '" + format + "'");
    }
    long version = json.integer("formatVersion");
    if (version != Manifest.FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "formatVersion: expected "
              + Manifest.FORMAT_VERSION
              + ", found "
              + version
              + "; use a runtime that knows this version, or export the model again");
    }
    return json.finish(
        new Manifest(
            json.text("name"),
            tools(json.object("tools")),
            files(json.object("files")),
            image(json.object("image")),
            schedule(json.object("schedule")),
            denoiser(json.object("denoiser")),
            classifier(json.object("classifier")),
            sampler(json.object("sampler")),
            protection(json.object("protection")),
            json.objects("memorisation", ManifestJson::point),
            training(json.object("training")),
            data(json.object("data"))));
  }

  private static Map<String, String> tools(JsonFields json) {
    Map<String, String> tools = new LinkedHashMap<>();
    json.names().forEach(name -> tools.put(name, json.text(name)));
    return tools;
  }

  private static Map<String, FileEntry> files(JsonFields json) {
    Map<String, FileEntry> files = new LinkedHashMap<>();
    for (String name : json.names()) {
      JsonFields entry = json.object(name);
      files.put(name, entry.finish(new FileEntry(entry.integer("bytes"), entry.text("sha256"))));
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "files: expected the denoiser's and the classifier's, found none");
    }
    return files;
  }

  private static ImageShape image(JsonFields json) {
    ImageShape shape =
        new ImageShape(
            json.smallInteger("channels"), json.smallInteger("height"), json.smallInteger("width"));
    List<Double> range = json.numbers("valueRange");
    if (!range.equals(VALUE_RANGE)) {
      throw new IllegalArgumentException(
          "image.valueRange: expected " + VALUE_RANGE + ", found " + range);
    }
    String space = json.text("colorSpace");
    if (!space.equals(colorSpace(shape))) {
      throw new IllegalArgumentException(
          "image.colorSpace: expected "
              + colorSpace(shape)
              + " for "
              + shape.channels()
              + " channels, found '"
              + space
              + "'");
    }
    return json.finish(shape);
  }

  private static String colorSpace(ImageShape shape) {
    return shape.channels() == 1 ? "gray" : "rgb";
  }

  private static ScheduleSpec schedule(JsonFields json) {
    String kind = json.text("kind");
    int timesteps = json.smallInteger("trainTimesteps");
    boolean explicit = kind.equals("explicit");
    boolean range = ScheduleSpec.hasRange(kind);
    return json.finish(
        new ScheduleSpec(
            kind,
            timesteps,
            range ? json.number("betaStart") : 0,
            range ? json.number("betaEnd") : 0,
            explicit ? json.numbers("betas") : List.of()));
  }

  private static DenoiserSpec denoiser(JsonFields json) {
    return json.finish(
        new DenoiserSpec(
            json.text("file"),
            json.text("input"),
            json.text("timestep"),
            json.text("output"),
            json.text("predictionType"),
            json.smallInteger("classes")));
  }

  private static ClassifierSpec classifier(JsonFields json) {
    return json.finish(
        new ClassifierSpec(
            json.text("file"),
            json.text("input"),
            json.text("timestep"),
            json.text("output"),
            json.smallInteger("bits")));
  }

  private static SamplerSpec sampler(JsonFields json) {
    return json.finish(
        new SamplerSpec(
            json.text("kind"),
            json.smallInteger("steps"),
            json.number("eta"),
            json.text("timestepSpacing"),
            json.flag("clipSample")));
  }

  private static ProtectionSpec protection(JsonFields json) {
    List<Long> guarded = json.integers("guardedTimesteps");
    if (guarded.size() != 2) {
      throw new IllegalArgumentException(
          "protection.guardedTimesteps: expected first and last timestep, found " + guarded);
    }
    return json.finish(
        new ProtectionSpec(
            json.text("gate"),
            json.text("force"),
            json.number("alpha"),
            json.number("scale"),
            Math.toIntExact(guarded.get(0)),
            Math.toIntExact(guarded.get(1))));
  }

  private static MemorisationPoint point(JsonFields json) {
    return json.finish(
        new MemorisationPoint(
            json.smallInteger("t"),
            json.number("trainAccuracy"),
            json.number("trainCertainty"),
            json.number("heldOutAccuracy"),
            json.number("heldOutCertainty"),
            json.number("auc"),
            json.number("tprAt1PercentFpr")));
  }

  private static TrainingSpec training(JsonFields json) {
    return json.finish(
        new TrainingSpec(
            json.integer("denoiserSteps"),
            json.integer("denoiserSeed"),
            json.integer("classifierSteps"),
            json.integer("classifierSeed"),
            json.text("memorisationTarget")));
  }

  private static DataSpec data(JsonFields json) {
    return json.finish(
        new DataSpec(
            json.smallInteger("trainingImages"),
            json.smallInteger("heldOutImages"),
            json.text("salt"),
            json.text("fingerprint")));
  }

  static String write(Manifest manifest) {
    JsonObject json = new JsonObject();
    json.addProperty("format", Manifest.FORMAT);
    json.addProperty("formatVersion", Manifest.FORMAT_VERSION);
    json.addProperty("name", manifest.name());
    json.add("tools", PRETTY.toJsonTree(manifest.tools()));
    json.add("files", PRETTY.toJsonTree(manifest.files()));
    json.add("image", image(manifest.image()));
    json.add("schedule", schedule(manifest.schedule()));
    json.add("denoiser", PRETTY.toJsonTree(manifest.denoiser()));
    json.add("classifier", PRETTY.toJsonTree(manifest.classifier()));
    json.add("sampler", PRETTY.toJsonTree(manifest.sampler()));
    json.add("protection", protection(manifest.protection()));
    json.add("memorisation", PRETTY.toJsonTree(manifest.memorisation()));
    json.add("training", PRETTY.toJsonTree(manifest.training()));
    json.add("data", PRETTY.toJsonTree(manifest.data()));
    return PRETTY.toJson(json) + "\n";
  }

  private static JsonElement image(ImageShape shape) {
    JsonObject json = new JsonObject();
    json.addProperty("channels", shape.channels());
    json.addProperty("height", shape.height());
    json.addProperty("width", shape.width());
    json.add("valueRange", PRETTY.toJsonTree(VALUE_RANGE));
    json.addProperty("colorSpace", colorSpace(shape));
    return json;
  }

  private static JsonElement schedule(ScheduleSpec schedule) {
    JsonObject json = PRETTY.toJsonTree(schedule).getAsJsonObject();
    if (!ScheduleSpec.hasRange(schedule.kind())) {
      json.remove("betaStart");
      json.remove("betaEnd");
    }
    if (schedule.betas().isEmpty()) {
      json.remove("betas");
    }
    return json;
  }

  private static JsonElement protection(ProtectionSpec protection) {
    JsonObject json = PRETTY.toJsonTree(protection).getAsJsonObject();
    json.remove("firstGuardedTimestep");
    json.remove("lastGuardedTimestep");
    JsonArray guarded = new JsonArray();
    guarded.add(protection.firstGuardedTimestep());
    guarded.add(protection.lastGuardedTimestep());
    json.add("guardedTimesteps", guarded);
    return json;
  }
}
