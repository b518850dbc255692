package io.github.cpsample.diffusers;

import io.github.cpsample.bundle.BundleException;
import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.denoiser.Conditions;
import io.github.cpsample.denoiser.DenoiserProbe;
import io.github.cpsample.denoiser.SignatureDetector;
import io.github.cpsample.diffusion.DdpmVariance;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.ExternalData;
import io.github.cpsample.onnx.ModelHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A denoiser that was made elsewhere, opened and tried. Immutable; its files stay where they are.
 *
 * <pre>{@code
 * ThirdPartyDenoiser denoiser = ThirdPartyDenoiser.open(folder, DenoiserOptions.none(), device);
 * denoiser.addTo(BundleWriter.of(manifest)).file("classifier.onnx", classifier).toDirectory(target);
 * }</pre>
 *
 * @param files its files
 * @param spec its tensors, as a manifest describes them
 * @param shape of its images
 * @param scheduler its noise schedule and sampler
 * @param parts what else its folder has: autoencoder, text encoder
 * @param dataFiles what a bundle calls its files of constants, by their paths relative to the model
 * @param nullClass the class that stands for none; empty where it has none or it is not known
 */
public record ThirdPartyDenoiser(
    DenoiserFiles files,
    DenoiserSpec spec,
    ImageShape shape,
    SchedulerConfig scheduler,
    PipelineFolder parts,
    Map<String, String> dataFiles,
    OptionalInt nullClass) {
  private static final String MODEL = "denoiser.onnx";
  private static final int LARGEST_AXIS = 1 << 16;

  /**
   * Copies the map.
   *
   * @param files as the component says
   * @param spec as the component says
   * @param shape as the component says
   * @param scheduler as the component says
   * @param parts as the component says
   * @param dataFiles as the component says
   * @param nullClass as the component says
   */
  public ThirdPartyDenoiser {
    dataFiles = Collections.unmodifiableMap(new LinkedHashMap<>(dataFiles));
  }

  /**
   * Opens a denoiser, detects what its tensors are, and runs it a few times.
   *
   * @param path a folder as diffusers and Optimum write it, or an {@code .onnx} file
   * @param options what its files do not say
   * @param device where to run it
   * @return the denoiser
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if it is no denoiser that can be sampled, or something is not
   *     known, naming what to say
   */
  public static ThirdPartyDenoiser open(Path path, DenoiserOptions options, ResolvedDevice device)
      throws IOException {
    String source = "denoiser " + path;
    DenoiserFiles files = DenoiserFiles.of(path);
    ModelHeader header = ModelHeader.read(files.model());
    DenoiserSignature declared =
        SignatureDetector.detect(source, header, options.names(), options.roundsTimesteps());
    PipelineFolder parts =
        Files.isDirectory(path) ? PipelineFolder.of(path) : PipelineFolder.none(path);
    NetworkConfig config =
        files.network().isPresent()
            ? NetworkConfig.read(files.network().get())
            : NetworkConfig.UNKNOWN;
    ImageShape shape = shape(source, declared, options, config);
    parts.requireWhole();
    int classes = classes(source, declared, options, config);
    int lastLabel = Math.max(classes - 1, nullClass(source, classes, options).orElse(0));
    SchedulerConfig scheduler = options.schedule().resolve(source, files.scheduler());
    DenoiserSignature signature;
    try (InferenceSession session =
        InferenceSession.open(source, files.model(), device, SessionSettings.defaults())) {
      signature =
          DenoiserProbe.run(
              session,
              declared,
              shape,
              scheduler.schedule().trainTimesteps() - 1,
              detected -> neutral(parts, detected, lastLabel));
    }
    Map<String, String> dataFiles = DataFiles.names(header.dataFiles());
    DenoiserSpec spec =
        new DenoiserSpec(
            MODEL,
            signature,
            scheduler.predictionType(),
            classes,
            variance(signature, options, scheduler),
            List.copyOf(dataFiles.values()));
    return new ThirdPartyDenoiser(
        files, spec, shape, scheduler, parts, dataFiles, options.nullClass());
  }

  /**
   * Adds the denoiser's files to a bundle whose manifest has {@link #spec}.
   *
   * @param writer the bundle; large files are copied when it is written
   * @return the writer
   * @throws io.github.cpsample.bundle.BundleException if a file is missing
   */
  public BundleWriter addTo(BundleWriter writer) {
    if (dataFiles.entrySet().stream().allMatch(file -> file.getKey().equals(file.getValue()))) {
      writer.file(spec.file(), files.model());
    } else {
      writer.file(spec.file(), renamed());
    }
    dataFiles.forEach(
        (location, name) -> writer.file(name, files.model().resolveSibling(location)));
    return parts.addTo(writer);
  }

  /**
   * What a manifest says about autoencoder, text encoder and classes.
   *
   * @return the parts with their names in a bundle, and the null class
   */
  public PipelineSpec pipeline() {
    PipelineSpec found = parts.spec(shape);
    return new PipelineSpec(found.latent(), found.text(), nullClass);
  }

  /**
   * What a manifest says of its sampler.
   *
   * @param steps number of steps unless a request says otherwise
   * @return the scheduler's sampler
   * @throws IllegalArgumentException if the denoiser cannot be sampled so
   */
  public SamplerSpec sampler(int steps) {
    return SamplerFit.describe("denoiser " + files.model(), spec.signature(), scheduler, steps);
  }

  private byte[] renamed() {
    try {
      return ExternalData.renamed(files.model(), dataFiles::get);
    } catch (IOException e) {
      throw new BundleException(files.model() + " cannot be read: " + e, e);
    }
  }

  private static Conditions neutral(PipelineFolder parts, DenoiserSignature signature, int label) {
    Conditions conditions = parts.zeros(signature);
    if (signature.label().isPresent()) {
      for (var labels : Conditions.ofLabel(signature, label).tensors().entrySet()) {
        conditions = conditions.with(labels.getKey(), labels.getValue());
      }
    }
    return conditions;
  }

  private static ImageShape shape(
      String source, DenoiserSignature declared, DenoiserOptions options, NetworkConfig config) {
    TensorPort input = declared.input();
    int channels = axis(source, input, 1, options.channels(), config.channels(), "channels");
    int height = axis(source, input, 2, options.size(), config.size(), "size");
    int width = axis(source, input, 3, options.size(), config.size(), "size");
    try {
      return new ImageShape(channels, height, width);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }

  /** A size of the images: the graph's, else the one given, else that of the network's file. */
  private static int axis(
      String source,
      TensorPort input,
      int axis,
      OptionalInt given,
      OptionalInt ofConfig,
      String option) {
    if (input.isFixed(axis)) {
      long size = input.sizes().get(axis);
      if (size > LARGEST_AXIS || (given.isPresent() && given.getAsInt() != size)) {
        throw new IllegalArgumentException(
            source
                + ", --"
                + option
                + ": expected "
                + size
                + ", since its input "
                + input.name()
                + " is "
                + input.describe()
                + ", found "
                + given);
      }
      return (int) size;
    }
    if (given.isEmpty() && ofConfig.isEmpty()) {
      throw new IllegalArgumentException(
          source
              + ", input "
              + input.name()
              + ": expected a fixed number of "
              + (axis == 1 ? "channels" : "pixels")
              + " on axis "
              + axis
              + ", found "
              + input.describe()
              + "; say it with --"
              + option);
    }
    return given.orElseGet(ofConfig::getAsInt);
  }

  private static int classes(
      String source, DenoiserSignature declared, DenoiserOptions options, NetworkConfig config) {
    if (declared.label().isEmpty()) {
      if (options.classes().isPresent()) {
        throw new IllegalArgumentException(
            source
                + ", --classes: expected none for a denoiser without an input for labels, found "
                + options.classes().getAsInt());
      }
      return 0;
    }
    if (options.classes().isEmpty() && config.classes().isEmpty()) {
      throw new IllegalArgumentException(
          source
              + ": expected the number of classes of its input "
              + declared.label().get().name()
              + ", found none; say it with --classes");
    }
    return options.classes().orElseGet(config.classes()::getAsInt);
  }

  private static OptionalInt nullClass(String source, int classes, DenoiserOptions options) {
    OptionalInt none = options.nullClass();
    if (none.isPresent() && (classes == 0 || none.getAsInt() > classes)) {
      throw new IllegalArgumentException(
          source
              + ", --null-class: expected "
              + (classes == 0
                  ? "none for a denoiser without classes"
                  : "one of the " + classes + " classes, from 0, or " + classes + ", the next one")
              + ", found "
              + none.getAsInt());
    }
    return none;
  }

  private static Optional<DdpmVariance> variance(
      DenoiserSignature signature, DenoiserOptions options, SchedulerConfig scheduler) {
    return signature.learnsVariance()
        ? options
            .variance()
            .or(scheduler::learnedVariance)
            .or(() -> Optional.of(DdpmVariance.LEARNED_RANGE))
        : Optional.empty();
  }
}
