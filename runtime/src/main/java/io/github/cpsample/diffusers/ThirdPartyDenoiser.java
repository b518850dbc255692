package io.github.cpsample.diffusers;

import io.github.cpsample.bundle.BundleException;
import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.TensorType;
import io.github.cpsample.onnx.ExternalData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
    DetectedDenoiser.ModelFiles files,
    DenoiserSpec spec,
    ImageShape shape,
    SchedulerConfig scheduler,
    PipelineFolder parts,
    Map<String, String> dataFiles,
    OptionalInt nullClass) {
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
    return DetectedDenoiser.of(path, options).open(device);
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
    return new PipelineSpec(found.latent(), found.text(), nullClass, Optional.empty());
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

  /** Whether a denoiser can be sampled as its scheduler says. */
  private static final class SamplerFit {
    private SamplerFit() {}

    /**
     * What a manifest says of the sampler.
     *
     * @throws IllegalArgumentException if the denoiser cannot be sampled so
     */
    static SamplerSpec describe(
        String source, DenoiserSignature signature, SchedulerConfig scheduler, int steps) {
      SamplerSpec described = scheduler.describe(steps);
      if (scheduler.learnedVariance().isPresent() && !signature.learnsVariance()) {
        throw new IllegalArgumentException(
            source
                + ", scheduler: expected a fixed variance_type, since the prediction "
                + signature.output().describe()
                + " has no channels for a variance, found "
                + scheduler.learnedVariance().get().jsonName());
      }
      boolean whole = TensorType.of(signature.timestep().type()).isInteger();
      Sampler sampler =
          scheduler.sampler(steps).create(scheduler.createSchedule(), scheduler.predictionType());
      OptionalDouble fraction =
          sampler.steps().stream()
              .mapToDouble(step -> step.timestep())
              .filter(timestep -> timestep != Math.rint(timestep))
              .findFirst();
      if (whole && !signature.roundsTimesteps() && fraction.isPresent()) {
        throw new IllegalArgumentException(
            source
                + ", scheduler: expected whole timesteps, since its input "
                + signature.timestep().name()
                + " is "
                + signature.timestep().describe()
                + ", found "
                + fraction.getAsDouble()
                + " with "
                + scheduler.className()
                + " of "
                + steps
                + " steps; let the denoiser run at the nearest ones with --round-timesteps, or give"
                + " another scheduler with --scheduler");
      }
      return described;
    }
  }
}
