package io.github.cpsample.bundle;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.files.WholeFile;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Views;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The contract between the party that trains and the runtime that samples: {@code manifest.json}
 * beside the ONNX files. Immutable. Values are in [-1, 1]; one channel is grey, three are sRGB.
 *
 * @param name name of the model: letters, digits, dot, underscore, hyphen
 * @param tools versions of the tools that made it, by name
 * @param files the bundle's files by plain name
 * @param image shape of one image
 * @param schedule noise schedule
 * @param denoiser the denoiser
 * @param classifier the memorising classifier
 * @param sampler sampling defaults
 * @param protection protection defaults
 * @param memorisation memorisation curve of the classifier, possibly empty
 * @param training how the networks were trained
 * @param data what they were trained on
 * @param pipeline what else the model consists of
 * @param calibration why it is protected as it is, if that was measured
 */
public record Manifest(
    String name,
    Map<String, String> tools,
    Map<String, FileEntry> files,
    ImageShape image,
    NoiseScheduleConfig schedule,
    DenoiserSpec denoiser,
    ClassifierSpec classifier,
    SamplerSpec sampler,
    ProtectionSettings protection,
    List<MemorisationPoint> memorisation,
    TrainingSpec training,
    DataSpec data,
    PipelineSpec pipeline,
    Optional<CalibrationEvidence> calibration) {
  /** Name of the manifest's file in a bundle. */
  public static final String FILE_NAME = "manifest.json";

  /** Value of the field {@code format}. */
  public static final String FORMAT = "cpsample-bundle";

  /** The newest format version that this class reads and writes; it reads all older ones. */
  public static final int FORMAT_VERSION = 5;

  private static final int CALIBRATED = 3;
  private static final int HEALING = 4;

  /**
   * Copies the collections, keeping their order, and refuses what contradicts itself.
   *
   * @param name as the component says
   * @param tools as the component says
   * @param files as the component says
   * @param image as the component says
   * @param schedule as the component says
   * @param denoiser as the component says
   * @param classifier as the component says
   * @param sampler as the component says
   * @param protection as the component says
   * @param memorisation as the component says
   * @param training as the component says
   * @param data as the component says
   * @param pipeline as the component says
   * @param calibration evidence for just these protection settings
   */
  public Manifest {
    if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "name: expected letters, digits, '.', '_' and '-', found '" + name + "'");
    }
    tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    files.keySet().forEach(ManifestChecks::plainName);
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(pipeline, "pipeline");
    memorisation = List.copyOf(memorisation);
    ManifestChecks.atLeast("schedule.trainTimesteps", schedule.trainTimesteps(), sampler.steps());
    protection.gate().requireBits(classifier.bits());
    int last = schedule.trainTimesteps() - 1;
    ManifestChecks.within("protection.guardedTimesteps[1]", protection.lastTimestep(), 0, last);
    for (MemorisationPoint point : memorisation) {
      ManifestChecks.within("memorisation.t", point.t(), 0, last);
    }
    pipeline.requireFallback(protection.correction().kind());
    if (sampler.scheduler().isPresent()) {
      ManifestChecks.same(sampler.scheduler().get(), schedule, denoiser);
    }
    if (calibration.isPresent()) {
      ManifestChecks.same(calibration.get(), protection);
    }
    if (!files.isEmpty()) {
      for (String part : denoiser.dataFiles()) {
        ManifestChecks.listed(files, "denoiser.dataFiles", part);
      }
      ManifestChecks.listed(files, "denoiser.file", denoiser.file());
      ManifestChecks.listed(files, "classifier.file", classifier.file());
      for (String file : pipeline.files()) {
        ManifestChecks.listed(files, "pipeline", file);
      }
    }
  }

  /**
   * A model that consists of denoiser and classifier only.
   *
   * @param name as the component says
   * @param tools as the component says
   * @param files as the component says
   * @param image as the component says
   * @param schedule as the component says
   * @param denoiser as the component says
   * @param classifier as the component says
   * @param sampler as the component says
   * @param protection as the component says
   * @param memorisation as the component says
   * @param training as the component says
   * @param data as the component says
   */
  public Manifest(
      String name,
      Map<String, String> tools,
      Map<String, FileEntry> files,
      ImageShape image,
      NoiseScheduleConfig schedule,
      DenoiserSpec denoiser,
      ClassifierSpec classifier,
      SamplerSpec sampler,
      ProtectionSettings protection,
      List<MemorisationPoint> memorisation,
      TrainingSpec training,
      DataSpec data) {
    this(
        name,
        tools,
        files,
        image,
        schedule,
        denoiser,
        classifier,
        sampler,
        protection,
        memorisation,
        training,
        data,
        PipelineSpec.NONE,
        Optional.empty());
  }

  /**
   * The shape of what denoiser and classifier work on.
   *
   * @return the latents' for a latent model, else the images'
   */
  public ImageShape sampled() {
    return pipeline.latent().map(LatentSpec::shape).orElse(image);
  }

  /**
   * The same manifest for a model with other parts besides denoiser and classifier.
   *
   * @param pipeline the parts
   * @param image the shape of the finished images
   * @return a changed copy
   */
  public Manifest withPipeline(PipelineSpec pipeline, ImageShape image) {
    return copy(files, image, sampler, protection, pipeline, calibration);
  }

  /**
   * The same manifest for other files.
   *
   * @param files length and hash by plain name; must include the denoiser's and the classifier's
   * @return a changed copy
   */
  public Manifest withFiles(Map<String, FileEntry> files) {
    return copy(files, image, sampler, protection, pipeline, calibration);
  }

  /**
   * The same manifest with the sampler and the protection that a calibration chose.
   *
   * @param evidence for the choice
   * @return a changed copy
   */
  public Manifest calibrated(CalibrationEvidence evidence) {
    return copy(
        files, image, evidence.sampler(), evidence.settings(), pipeline, Optional.of(evidence));
  }

  /**
   * Reads a manifest strictly: missing, additional and wrongly typed fields and unknown versions
   * are refused.
   *
   * @param file the manifest's file
   * @return the manifest
   * @throws BundleException naming the file, the field, expected and found
   */
  public static Manifest read(Path file) {
    return ManifestReader.read(file);
  }

  /**
   * Reads a manifest strictly.
   *
   * @param reader the JSON text; not closed
   * @param source what to call it in errors
   * @return the manifest
   * @throws BundleException naming the source, the field, expected and found
   */
  public static Manifest read(Reader reader, String source) {
    return ManifestReader.read(reader, source);
  }

  /**
   * Writes the manifest under a temporary name in the same folder and moves it into place.
   *
   * @param file where to
   * @throws BundleException if it cannot be written
   */
  public void write(Path file) {
    byte[] content = toJson().getBytes(StandardCharsets.UTF_8);
    try {
      WholeFile.write(file, out -> out.write(content));
    } catch (IOException e) {
      throw new BundleException("manifest " + file + " cannot be written: " + e, e);
    }
  }

  /**
   * The oldest format version that can say everything this manifest says, so that older runtimes
   * read what they can.
   *
   * @return 5 with a fallback denoiser or several views of finished images; 4 with a protection
   *     that asks about x_0 or not in every step, has thresholds per level, or heals; 3 with a
   *     calibration; else 1 for a model of pixels whose tensors and sampler are as this project
   *     exports them, and 2 for others
   */
  public int formatVersion() {
    if (pipeline.fallback().isPresent() || protection.finishedViews() != Views.ONE) {
      return FORMAT_VERSION;
    }
    if (!ProtectionJson.isPaper(protection)) {
      return HEALING;
    }
    if (calibration.isPresent()) {
      return CALIBRATED;
    }
    boolean usual = denoiser.isUsual() && sampler.scheduler().isEmpty();
    return usual && pipeline.equals(PipelineSpec.NONE) ? 1 : 2;
  }

  /**
   * The manifest as indented JSON.
   *
   * @return the text, ending in a line feed
   */
  public String toJson() {
    return ManifestWriter.write(this);
  }

  private Manifest copy(
      Map<String, FileEntry> otherFiles,
      ImageShape otherImage,
      SamplerSpec otherSampler,
      ProtectionSettings otherProtection,
      PipelineSpec otherPipeline,
      Optional<CalibrationEvidence> otherCalibration) {
    return new Manifest(
        name,
        tools,
        otherFiles,
        otherImage,
        schedule,
        denoiser,
        classifier,
        otherSampler,
        otherProtection,
        memorisation,
        training,
        data,
        otherPipeline,
        otherCalibration);
  }

  /**
   * Whether a file of a bundle may have a name.
   *
   * @param file any text
   * @return true for letters, digits, {@code ._-}, no dot first, but for the manifest's own name
   */
  public static boolean isPlainName(String file) {
    return file.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*") && !file.equals(FILE_NAME);
  }
}
