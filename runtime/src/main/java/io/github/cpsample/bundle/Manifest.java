package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.base.Sha256;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.files.WholeFile;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Views;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    Classifier classifier,
    SamplerSpec sampler,
    ProtectionSettings protection,
    List<MemorisationPoint> memorisation,
    Training training,
    Data data,
    PipelineSpec pipeline,
    Optional<CalibrationEvidence> calibration) {
  /** Name of the manifest's file in a bundle. */
  public static final String FILE_NAME = "manifest.json";

  /** Value of the field {@code format}. */
  public static final String FORMAT = "cpsample-bundle";

  /** The newest format version that this class reads and writes; it reads all older ones. */
  public static final int FORMAT_VERSION = 6;

  private static final int CALIBRATED = 3;
  private static final int HEALING = 4;
  private static final int HANDING_OVER = 5;

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
    Checks.atLeast("schedule.trainTimesteps", schedule.trainTimesteps(), sampler.steps());
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
      Classifier classifier,
      SamplerSpec sampler,
      ProtectionSettings protection,
      List<MemorisationPoint> memorisation,
      Training training,
      Data data) {
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
    return pipeline.latent().map(PipelineSpec.Latent::shape).orElse(image);
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
   * @return 6 with larger steps on repeated ways; 5 with a fallback denoiser or several views of
   *     finished images; 4 with a protection that asks about x_0 or not in every step, has
   *     thresholds per level, or heals; 3 with a calibration; else 1 for a model of pixels whose
   *     tensors and sampler are as this project exports them, and 2 for others
   */
  public int formatVersion() {
    if (protection.correction().stride() != 1) {
      return FORMAT_VERSION;
    }
    if (pipeline.fallback().isPresent() || protection.finishedViews() != Views.ONE) {
      return HANDING_OVER;
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

  /**
   * Which data the networks were trained on, without saying which images: counts and a salted hash.
   *
   * @param trainingImages number of training images
   * @param heldOutImages number of held-out images
   * @param salt the salt, hexadecimal
   * @param fingerprint salted hash over the training images, hexadecimal
   */
  public record Data(int trainingImages, int heldOutImages, String salt, String fingerprint) {
    public Data {
      Checks.atLeast("data.trainingImages", trainingImages, 0);
      Checks.atLeast("data.heldOutImages", heldOutImages, 0);
      hexadecimal("data.salt", salt);
      hexadecimal("data.fingerprint", fingerprint);
    }

    private static void hexadecimal(String field, String value) {
      if (value == null || !value.matches("([0-9a-fA-F]{2})+")) {
        throw new IllegalArgumentException(
            field + ": expected hexadecimal digits, found '" + value + "'");
      }
    }
  }

  /**
   * How the networks were trained.
   *
   * @param denoiserSteps training steps of the denoiser; 0 if it was not trained by this project
   * @param denoiserSeed seed of that training
   * @param classifierSteps training steps of the classifier
   * @param classifierSeed seed of that training
   * @param memorisationTarget {@code met}, or what ended the classifier's training instead, for
   *     instance {@code budget ended}
   */
  public record Training(
      long denoiserSteps,
      long denoiserSeed,
      long classifierSteps,
      long classifierSeed,
      String memorisationTarget) {
    public Training {
      Checks.atLeast("training.denoiserSteps", denoiserSteps, 0);
      Checks.atLeast("training.classifierSteps", classifierSteps, 0);
      ManifestChecks.filled("training.memorisationTarget", memorisationTarget);
    }
  }

  /**
   * The memorising classifier's file and tensors. Input x float [N,C,H,W], timestep float [N];
   * output float [N,K].
   *
   * @param file name of the file
   * @param input name of the image input
   * @param timestep name of the timestep input
   * @param output name of the logits
   * @param bits K, the number of bits of the code; 1 is the paper's classifier
   */
  public record Classifier(String file, String input, String timestep, String output, int bits) {
    public Classifier {
      ManifestChecks.filled("classifier.file", file);
      ManifestChecks.filled("classifier.input", input);
      ManifestChecks.filled("classifier.timestep", timestep);
      ManifestChecks.filled("classifier.output", output);
      Checks.atLeast("classifier.bits", bits, 1);
    }

    /**
     * A classifier with the names that this project exports: {@code classifier.onnx}, x, t, logits.
     *
     * @param bits K, the number of bits of the code
     * @return the description
     */
    public static Classifier of(int bits) {
      return new Classifier("classifier.onnx", "x", "t", "logits", bits);
    }
  }

  /**
   * What the classifier memorised at one noise level.
   *
   * @param t timestep
   * @param trainAccuracy share of right bits on training images
   * @param trainCertainty mean of max(p, 1-p) on training images
   * @param heldOut the same for images that it was not trained on; null where there were none to
   *     measure with, see {@link #others()}
   */
  public record MemorisationPoint(
      int t, double trainAccuracy, double trainCertainty, @Nullable HeldOut heldOut) {

    /**
     * What the classifier says of images that it was not trained on.
     *
     * @param accuracy share of right bits on held-out images, near 1/2
     * @param certainty mean of max(p, 1-p) on held-out images
     * @param auc area under the ROC curve of the mean certainty, training against held-out
     * @param tprAt1PercentFpr true-positive rate at 1 % false positives of the same
     */
    public record HeldOut(double accuracy, double certainty, double auc, double tprAt1PercentFpr) {
      public HeldOut {
        ManifestChecks.within("memorisation.heldOut.accuracy", accuracy, 0, 1);
        ManifestChecks.within("memorisation.heldOut.certainty", certainty, 0, 1);
        ManifestChecks.within("memorisation.heldOut.auc", auc, 0, 1);
        ManifestChecks.within("memorisation.heldOut.tprAt1PercentFpr", tprAt1PercentFpr, 0, 1);
      }
    }

    public MemorisationPoint {
      Checks.atLeast("memorisation.t", t, 0);
      ManifestChecks.within("memorisation.trainAccuracy", trainAccuracy, 0, 1);
      ManifestChecks.within("memorisation.trainCertainty", trainCertainty, 0, 1);
    }

    /**
     * What held-out images gave.
     *
     * @return empty if the classifier was trained without held-out images
     */
    public Optional<HeldOut> others() {
      return Optional.ofNullable(heldOut);
    }
  }

  /**
   * What the manifest says about one file of the bundle.
   *
   * @param bytes its length
   * @param sha256 SHA-256 of its content, 64 lower-case hexadecimal digits
   */
  public record FileEntry(long bytes, String sha256) {
    private static final int BUFFER = 1 << 16;

    public FileEntry {
      Checks.atLeast("bytes", bytes, 0);
      if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "sha256: expected 64 lower-case hexadecimal digits, found '" + sha256 + "'");
      }
    }

    /**
     * Describes a file's content.
     *
     * @param content the whole content
     * @return length and hash
     */
    public static FileEntry of(byte[] content) {
      return new FileEntry(content.length, Sha256.hex(content));
    }

    /**
     * Describes a file's content without holding it in memory.
     *
     * @param content the whole content, read to its end and left open
     * @return length and hash
     * @throws IOException if it cannot be read
     */
    public static FileEntry of(InputStream content) throws IOException {
      MessageDigest digest = Sha256.digest();
      byte[] buffer = new byte[BUFFER];
      long length = 0;
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        digest.update(buffer, 0, read);
        length += read;
      }
      return new FileEntry(length, Sha256.hex(digest));
    }
  }
}
