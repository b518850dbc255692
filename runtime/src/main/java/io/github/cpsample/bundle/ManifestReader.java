package io.github.cpsample.bundle;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads a manifest's JSON form, strictly and field by field. */
final class ManifestReader {
  /** The only range of values there is. */
  static final List<Double> VALUE_RANGE = List.of(-1.0, 1.0);

  /** The field with a sampler's settings as diffusers wrote them. */
  static final String SCHEDULER = "scheduler";

  /** The field with the evidence for a model's protection. */
  static final String CALIBRATION = "calibration";

  private ManifestReader() {}

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
    Checks.argument(format.equals(Manifest.FORMAT), "format", Manifest.FORMAT, "'" + format + "'");
    long version = json.integer("formatVersion");
    if (version < 1 || version > Manifest.FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "formatVersion: expected 1 to "
              + Manifest.FORMAT_VERSION
              + ", found "
              + version
              + "; use a runtime that knows this version, or export the model again");
    }
    return json.finish(
        new Manifest(
            json.text("name"),
            section(json, "tools", ManifestReader::tools),
            section(json, "files", ManifestReader::files),
            section(json, "image", ManifestReader::image),
            section(json, "schedule", ManifestReader::schedule),
            section(json, "denoiser", DenoiserJson::read),
            section(json, "classifier", ManifestReader::classifier),
            section(json, "sampler", ManifestReader::sampler),
            section(json, "protection", ProtectionJson::read),
            json.objects("memorisation", ManifestReader::point),
            section(json, "training", ManifestReader::training),
            section(json, "data", ManifestReader::data),
            json.has("pipeline")
                ? section(json, "pipeline", PipelineJson::read)
                : PipelineSpec.NONE,
            json.has(CALIBRATION)
                ? Optional.of(section(json, CALIBRATION, CalibrationJson::read))
                : Optional.empty()));
  }

  /** Reads a nested object; the errors of its values then begin with its name. */
  private static <T> T section(JsonFields json, String name, Function<JsonFields, T> reader) {
    JsonFields nested = json.object(name);
    try {
      return reader.apply(nested);
    } catch (IllegalArgumentException | ArithmeticException e) {
      String message = String.valueOf(e.getMessage());
      if (message.startsWith(name)) {
        throw e;
      }
      throw new IllegalArgumentException(name + ": " + message, e);
    }
  }

  private static Map<String, String> tools(JsonFields json) {
    Map<String, String> tools = new LinkedHashMap<>();
    json.names().forEach(name -> tools.put(name, json.text(name)));
    return tools;
  }

  private static Map<String, Manifest.FileEntry> files(JsonFields json) {
    Map<String, Manifest.FileEntry> files = new LinkedHashMap<>();
    for (String name : json.names()) {
      JsonFields entry = json.object(name);
      files.put(
          name, entry.finish(new Manifest.FileEntry(entry.integer("bytes"), entry.text("sha256"))));
    }
    Checks.argument(!files.isEmpty(), "files", "the denoiser's and the classifier's", "none");
    return files;
  }

  private static ImageShape image(JsonFields json) {
    ImageShape shape =
        new ImageShape(
            json.smallInteger("channels"), json.smallInteger("height"), json.smallInteger("width"));
    shape.requirePicture();
    List<Double> range = json.numbers("valueRange");
    Checks.argument(range.equals(VALUE_RANGE), "image.valueRange", VALUE_RANGE, range);
    String space = json.text("colorSpace");
    Checks.argument(
        space.equals(colorSpace(shape)),
        "image.colorSpace",
        colorSpace(shape) + " for " + shape.channels() + " channels",
        "'" + space + "'");
    return json.finish(shape);
  }

  static String colorSpace(ImageShape shape) {
    return shape.channels() == 1 ? "gray" : "rgb";
  }

  private static NoiseScheduleConfig schedule(JsonFields json) {
    NoiseScheduleConfig.BetaSchedule kind =
        NoiseScheduleConfig.BetaSchedule.ofJsonName(json.text("kind"));
    int timesteps = json.smallInteger("trainTimesteps");
    boolean ramp = isRamp(kind);
    return json.finish(
        new NoiseScheduleConfig(
            kind,
            timesteps,
            ramp ? json.number("betaStart") : 0,
            ramp ? json.number("betaEnd") : 0,
            kind == NoiseScheduleConfig.BetaSchedule.EXPLICIT ? json.numbers("betas") : List.of()));
  }

  private static boolean isRamp(NoiseScheduleConfig.BetaSchedule kind) {
    return kind == NoiseScheduleConfig.BetaSchedule.LINEAR
        || kind == NoiseScheduleConfig.BetaSchedule.SCALED_LINEAR;
  }

  private static Manifest.Classifier classifier(JsonFields json) {
    return json.finish(
        new Manifest.Classifier(
            json.text("file"),
            json.text("input"),
            json.text("timestep"),
            json.text("output"),
            json.smallInteger("bits")));
  }

  static SamplerSpec sampler(JsonFields json) {
    return json.finish(
        new SamplerSpec(
            json.text("kind"),
            json.smallInteger("steps"),
            json.number("eta"),
            TimestepSpacing.ofJsonName(json.text("timestepSpacing")),
            json.flag("clipSample"),
            json.has(SCHEDULER)
                ? Optional.of(SchedulerConfig.parse(json.json(SCHEDULER), "sampler.scheduler"))
                : Optional.empty()));
  }

  private static Manifest.MemorisationPoint point(JsonFields json) {
    return json.finish(
        new Manifest.MemorisationPoint(
            json.smallInteger("t"),
            json.number("trainAccuracy"),
            json.number("trainCertainty"),
            json.has("heldOut") ? heldOut(json.object("heldOut")) : null));
  }

  private static Manifest.MemorisationPoint.HeldOut heldOut(JsonFields json) {
    return json.finish(
        new Manifest.MemorisationPoint.HeldOut(
            json.number("accuracy"),
            json.number("certainty"),
            json.number("auc"),
            json.number("tprAt1PercentFpr")));
  }

  private static Manifest.Training training(JsonFields json) {
    return json.finish(
        new Manifest.Training(
            json.integer("denoiserSteps"),
            json.integer("denoiserSeed"),
            json.integer("classifierSteps"),
            json.integer("classifierSeed"),
            json.text("memorisationTarget")));
  }

  private static Manifest.Data data(JsonFields json) {
    return json.finish(
        new Manifest.Data(
            json.smallInteger("trainingImages"),
            json.smallInteger("heldOutImages"),
            json.text("salt"),
            json.text("fingerprint")));
  }
}
