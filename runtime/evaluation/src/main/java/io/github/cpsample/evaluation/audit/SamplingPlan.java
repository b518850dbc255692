package io.github.cpsample.evaluation.audit;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How an audit samples its model, for processes that do it in the audit's place. Travels as {@link
 * #text}. Immutable and thread-safe.
 */
public final class SamplingPlan {

  /**
   * The methods that need the model alone, and no images: those that can be sampled elsewhere, in
   * the order in which the audit samples them.
   */
  public static final List<String> METHODS =
      List.of(AuditSettings.UNPROTECTED, AuditSettings.PROTECTED);

  private static final String FILE = "plan.json";
  private static final Gson JSON = new Gson();

  private final Content content;

  /** The plan as it is written. */
  private record Content(
      AuditSettings settings,
      String condition,
      Asked asked,
      String device,
      String manifest,
      Map<String, String> versions) {}

  /** Class, prompts and guidance of a request; null is the model's. */
  private record Asked(
      @Nullable Integer classLabel,
      @Nullable String prompt,
      @Nullable String negativePrompt,
      @Nullable Double guidanceScale,
      double guidanceRescale,
      @Nullable Integer nullClass) {

    static Asked of(SampleRequest request) {
      Conditioning conditioning = request.conditioning();
      OptionalDouble scale = conditioning.guidanceScale();
      return new Asked(
          boxed(request.classLabel()),
          conditioning.prompt().orElse(null),
          conditioning.negativePrompt().orElse(null),
          scale.isPresent() ? scale.getAsDouble() : null,
          conditioning.guidanceRescale(),
          boxed(conditioning.nullClass()));
    }

    private static @Nullable Integer boxed(OptionalInt value) {
      return value.isPresent() ? value.getAsInt() : null;
    }

    SampleRequest applied(SampleRequest plain) {
      SampleRequest request = plain.withConditioning(conditioning());
      return classLabel == null ? request : request.withClassLabel(classLabel);
    }

    private Conditioning conditioning() {
      return new Conditioning(
          Optional.ofNullable(prompt),
          Optional.ofNullable(negativePrompt),
          guidanceScale == null ? OptionalDouble.empty() : OptionalDouble.of(guidanceScale),
          guidanceRescale,
          nullClass == null ? OptionalInt.empty() : OptionalInt.of(nullClass));
    }
  }

  private SamplingPlan(Content content) {
    this.content = content;
  }

  /** The plan of an audit, made in its process. */
  static SamplingPlan of(AuditedModel model, AuditSettings settings) {
    return new SamplingPlan(
        new Content(
            settings,
            model.condition().described(),
            Asked.of(model.condition().applied().apply(SampleRequest.of(1))),
            model.sampler().device().device().toString(),
            hash(model.manifest()),
            Versions.all()));
  }

  /**
   * Reads a plan that travelled.
   *
   * @param text what {@link #text} gave
   * @return the plan
   * @throws IllegalArgumentException if it is something else
   */
  public static SamplingPlan parse(String text) {
    try {
      Content content = JSON.fromJson(text, Content.class);
      if (content != null && content.settings() != null && content.versions() != null) {
        return new SamplingPlan(content);
      }
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(wrong(text), e);
    }
    throw new IllegalArgumentException(wrong(text));
  }

  private static String wrong(String text) {
    return "plan: expected how an audit samples, as JSON, found '" + text + "'";
  }

  /** Writes the plan where those who sample elsewhere look for it. */
  void write(WorkFolder work) throws IOException {
    JsonFile.write(work.resolve(FILE), content);
  }

  /**
   * The plan of an audit that is prepared.
   *
   * @throws IOException if there is none, or it is damaged
   */
  static SamplingPlan read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new IOException(
          file
              + ": expected the plan of an audit, found none; give the command of the audit with"
              + " --prepare first");
    }
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": give the audit's command with --prepare again: " + e, e);
    }
  }

  /**
   * The plan as it travels.
   *
   * @return JSON in one line
   */
  public String text() {
    return JSON.toJson(content);
  }

  /** What the audit does. */
  AuditSettings settings() {
    return content.settings();
  }

  /** The same request, which asks for what the audit asks for. */
  SampleRequest asked(SampleRequest plain) {
    return content.asked().applied(plain);
  }

  /** What decides the images, by the names that it has among all that decides the audit. */
  Map<String, String> decides(Manifest manifest) {
    return decides(manifest, content.condition(), content.device(), content.settings());
  }

  static Map<String, String> decides(
      Manifest manifest, String condition, String device, AuditSettings settings) {
    Map<String, String> decides = new LinkedHashMap<>();
    decides.put("report format", Integer.toString(Report.FORMAT));
    Versions.all().forEach((name, version) -> decides.put("version of " + name, version));
    decides.put("model", manifest.name());
    manifest.files().forEach((name, file) -> decides.put("model file " + name, file.sha256()));
    decides.put("protection", manifest.protection().toString());
    decides.put("condition", condition);
    decides.put("device", device);
    decides.putAll(settings.described());
    return decides;
  }

  /**
   * Refuses a model, and a device of the audit, that would make other images.
   *
   * @param manifest of the model that is there
   * @throws IllegalArgumentException if it is not the audited model to the letter, or the audit
   *     does not run on the CPU
   */
  void require(Manifest manifest) {
    if (!content.manifest().equals(hash(manifest))) {
      throw new IllegalArgumentException(
          "model "
              + manifest.name()
              + ": expected the audited one, whose manifest has the SHA-256 "
              + content.manifest()
              + ", found "
              + hash(manifest)
              + "; give the model that the audit was prepared with");
    }
    if (!content.device().equals("cpu")) {
      throw new IllegalArgumentException(
          "device: expected an audit on the cpu, where images are made elsewhere too, found "
              + content.device()
              + "; prepare the audit with --device cpu");
    }
  }

  /**
   * Refuses a process that would make images with other versions than the audit says it was made
   * with.
   *
   * @throws IllegalStateException naming what differs
   */
  public void requireVersions() {
    Map<String, String> here = Versions.all();
    content
        .versions()
        .forEach(
            (name, version) -> {
              if (!version.equals(here.get(name))) {
                throw new IllegalStateException(
                    "version of "
                        + name
                        + ": expected "
                        + version
                        + ", as where the audit was prepared, found "
                        + here.get(name)
                        + "; install the same one, or prepare the audit with this one");
              }
            });
  }

  /**
   * A way of sampling, just as the audit itself would do it.
   *
   * @param method one of {@link #METHODS}
   * @param sampler of the audited model; not owned
   * @return the way; belongs to one thread
   * @throws IllegalArgumentException if there is none of that name, or it needs training images
   */
  public SamplingMethod method(String method, ProtectedSampler sampler) {
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "method: expected one of " + METHODS + ", found '" + method + "'");
    }
    return new ComparedMethods(
            sampler, this::asked, settings().batch(), new float[0][], settings().spellRadius())
        .named(method);
  }

  private static String hash(Manifest manifest) {
    return Manifest.FileEntry.of(manifest.toJson().getBytes(StandardCharsets.UTF_8)).sha256();
  }
}
