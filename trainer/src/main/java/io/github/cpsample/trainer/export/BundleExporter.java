package io.github.cpsample.trainer.export;

import ai.djl.engine.Engine;
import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.Trained;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts a trained denoiser and the classifier that guards it into a bundle: {@code denoiser.onnx},
 * {@code classifier.onnx}, {@code manifest.json}.
 */
public final class BundleExporter {

  private static final String CLASSIFIER = "classifier.onnx";
  private static final String FALLBACK = "fallback.onnx";

  private BundleExporter() {}

  /**
   * What a bundle is made with, apart from the networks.
   *
   * @param name the model's name: letters, digits, dots, underscores, hyphens
   * @param protection how its samples are protected unless a request says otherwise
   * @param sampler how it is sampled unless a request says otherwise
   * @param salt hexadecimal salt of the fingerprint
   * @param fingerprint salted hash of the training images
   * @param measured whether the thresholds that were measured for the classifier, if there are any,
   *     take the place of the protection's alpha
   * @param fallback a denoiser that has never seen the training images, for what the gate guards;
   *     has the tensors of the model's and predicts the same
   */
  public record Description(
      String name,
      ProtectionSettings protection,
      SamplerSpec sampler,
      String salt,
      String fingerprint,
      boolean measured,
      Optional<OnnxModel> fallback) {

    /**
     * With the thresholds that were measured for the classifier, if there are any.
     *
     * @param name the model's name
     * @param protection how its samples are protected, with an alpha where none were measured
     * @param sampler how it is sampled
     * @param salt hexadecimal salt of the fingerprint
     * @param fingerprint salted hash of the training images
     */
    public Description(
        String name,
        ProtectionSettings protection,
        SamplerSpec sampler,
        String salt,
        String fingerprint) {
      this(name, protection, sampler, salt, fingerprint, true, Optional.empty());
    }

    /**
     * The same with an alpha that somebody chose.
     *
     * @return a copy that leaves the protection's alpha as it is
     */
    public Description withChosenAlpha() {
      return new Description(name, protection, sampler, salt, fingerprint, false, fallback);
    }

    /**
     * The same with a denoiser that goes on with what the gate guards.
     *
     * @param model has never seen the training images; has the tensors of the model's denoiser and
     *     predicts the same of the same noise levels
     * @return a copy
     */
    public Description withFallback(OnnxModel model) {
      return new Description(
          name, protection, sampler, salt, fingerprint, measured, Optional.of(model));
    }

    private ProtectionSettings protection(ClassifierRun classifier) {
      return measured
          ? classifier.protection(protection)
          : protection.withAsks(classifier.settings().asks());
    }
  }

  /** What a bundle says of its denoiser; steps and seed are 0 where they are not known. */
  private record Guarded(
      DenoiserSpec spec, NoiseScheduleConfig schedule, ImageShape shape, long steps, long seed) {}

  /**
   * Writes a bundle.
   *
   * @param denoiser the denoiser
   * @param classifier the classifier, trained for the same schedule and image shape
   * @param description everything else
   * @param target a folder, or a file that ends in {@code .zip}; replaced when all is written
   * @return the manifest with the hashes of the files
   * @throws IllegalArgumentException if classifier and denoiser do not fit together
   */
  public static Manifest export(
      Trained<DenoiserRun> denoiser,
      Trained<ClassifierRun> classifier,
      Description description,
      Path target) {
    var image = denoiser.run().settings().network();
    DenoiserSettings settings = denoiser.run().settings();
    Guarded guarded =
        new Guarded(
            DenoiserSpec.of(settings.prediction(), image.classes()),
            settings.schedule(),
            new ImageShape(image.channels(), image.height(), image.width()),
            denoiser.run().steps(),
            settings.seed());
    OnnxModel denoiserModel =
        NetworkExporter.export(new UNet(image), denoiser.weights(), "denoiser", "prediction");
    Manifest manifest = manifest(guarded, classifier.run(), description, PipelineSpec.NONE);
    BundleWriter writer =
        BundleWriter.of(manifest).file(guarded.spec().file(), OnnxCodec.toBytes(denoiserModel));
    return write(writer, description, classifier, target);
  }

  /**
   * Writes a bundle of a denoiser that was made elsewhere.
   *
   * @param denoiser the denoiser; its files are copied
   * @param classifier the classifier, trained for its schedule and image shape
   * @param description everything else
   * @param target a folder, or a file that ends in {@code .zip}; replaced when all is written
   * @param trial is given the whole bundle under a temporary name; if it throws, there is none
   * @return the manifest with the hashes of the files
   * @throws IllegalArgumentException if classifier and denoiser do not fit together
   */
  public static Manifest export(
      ThirdPartyDenoiser denoiser,
      Trained<ClassifierRun> classifier,
      Description description,
      Path target,
      Consumer<Path> trial) {
    Guarded guarded =
        new Guarded(
            denoiser.spec(), denoiser.scheduler().effectiveSchedule(), denoiser.shape(), 0, 0);
    Manifest manifest = manifest(guarded, classifier.run(), description, denoiser.pipeline());
    BundleWriter writer =
        BundleWriter.of(
                manifest.withPipeline(
                    manifest.pipeline(), denoiser.parts().image(denoiser.shape())))
            .checkedBy(trial);
    return write(denoiser.addTo(writer), description, classifier, target);
  }

  /**
   * Writes a bundle of a model's denoiser with another classifier. All else stays as it is, but for
   * a gate that the classifier's number of bits does not allow, and for thresholds and question,
   * which are the new classifier's.
   *
   * @param model the model; not changed
   * @param classifier the classifier, trained for its schedule and image shape
   * @param salt hexadecimal salt of the fingerprint
   * @param fingerprint salted hash of the classifier's training images
   * @param target a folder, or a file that ends in {@code .zip}; replaced when all is written
   * @return the manifest with the hashes of the files
   * @throws IllegalArgumentException if the classifier does not fit the model
   */
  public static Manifest export(
      ModelBundle model,
      Trained<ClassifierRun> classifier,
      String salt,
      String fingerprint,
      Path target) {
    Manifest old = model.manifest();
    Manifest.Training training = old.training();
    Guarded guarded =
        new Guarded(
            old.denoiser(),
            old.schedule(),
            old.sampled(),
            training.denoiserSteps(),
            training.denoiserSeed());
    ProtectionSettings plain = old.protection().withAlpha(old.protection().alpha());
    boolean several = classifier.run().settings().network().bits() > 1;
    Description description =
        new Description(
            old.name(),
            several ? plain.withGate(Gate.named("code")) : plain,
            old.sampler(),
            salt,
            fingerprint);
    BundleWriter writer =
        BundleWriter.of(
            manifest(guarded, classifier.run(), description, old.pipeline())
                .withPipeline(old.pipeline(), old.image()));
    for (String file : old.files().keySet()) {
      if (!file.equals(old.classifier().file())) {
        Optional<Path> large = model.path(file);
        if (large.isPresent()) {
          writer.file(file, large.get());
        } else {
          writer.file(file, model.file(file));
        }
      }
    }
    return write(writer, description, classifier, target);
  }

  private static Manifest write(
      BundleWriter writer,
      Description description,
      Trained<ClassifierRun> classifier,
      Path target) {
    MemorizingClassifier guard = new MemorizingClassifier(classifier.run().settings().network());
    OnnxModel model = NetworkExporter.export(guard, classifier.weights(), "classifier", "logits");
    writer.file(CLASSIFIER, OnnxCodec.toBytes(model));
    description.fallback().ifPresent(it -> writer.file(FALLBACK, OnnxCodec.toBytes(it)));
    return BundleWriter.isZip(target) ? writer.toZip(target) : writer.toDirectory(target);
  }

  private static void requireFit(Guarded denoiser, ClassifierRun classifier) {
    require("noise schedule", denoiser.schedule(), classifier.settings().schedule());
    var guard = classifier.settings().network();
    require(
        "image shape",
        denoiser.shape(),
        new ImageShape(guard.channels(), guard.height(), guard.width()));
  }

  private static void require(String what, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      throw new IllegalArgumentException(
          "Classifier: expected the denoiser's "
              + what
              + " "
              + expected
              + ", found "
              + found
              + "; train a classifier for this denoiser");
    }
  }

  private static Manifest manifest(
      Guarded denoiser, ClassifierRun classifier, Description description, PipelineSpec pipeline) {
    requireFit(denoiser, classifier);
    return new Manifest(
        description.name(),
        tools(),
        Map.of(),
        denoiser.shape(),
        denoiser.schedule(),
        denoiser.spec(),
        Manifest.Classifier.of(classifier.settings().network().bits()),
        description.sampler(),
        description.protection(classifier),
        classifier.curve(),
        new Manifest.Training(
            denoiser.steps(),
            denoiser.seed(),
            classifier.steps(),
            classifier.settings().seed(),
            classifier.targetReached() ? "met" : "not met"),
        new Manifest.Data(
            classifier.images(),
            classifier.heldOutImages(),
            description.salt(),
            description.fingerprint()),
        description.fallback().isPresent() ? pipeline.withFallback(FALLBACK) : pipeline,
        Optional.empty());
  }

  private static Map<String, String> tools() {
    Map<String, String> tools = new LinkedHashMap<>();
    tools.put("cpsample", version());
    tools.put("djl", Engine.getDjlVersion());
    tools.put("java", System.getProperty("java.version"));
    return tools;
  }

  private static String version() {
    String version = BundleExporter.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
