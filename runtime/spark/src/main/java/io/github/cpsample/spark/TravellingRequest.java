package io.github.cpsample.spark;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A request as it travels to executors: its plain values. What is null is the model's. Immutable.
 */
final class TravellingRequest implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private final int batchSize;
  private final int steps;
  private final @Nullable SamplerKind sampler;
  private final @Nullable Double eta;
  private final RandomMode noise;
  private final @Nullable Integer classLabel;
  private final @Nullable String prompt;
  private final @Nullable String negativePrompt;
  private final @Nullable Double guidanceScale;
  private final double guidanceRescale;
  private final @Nullable Integer nullClass;
  private final int height;
  private final int width;
  private final boolean guarded;
  private final SampleRequest.OnFailure onFailure;
  private final SampleRequest.StepPath path;

  private TravellingRequest(SampleRequest request, SampleSettings settings) {
    Conditioning conditioning = request.conditioning();
    this.seed = request.seed();
    this.batchSize = request.batchSize();
    this.steps = settings.trajectory().steps();
    this.sampler = request.sampler().orElse(null);
    this.eta = request.eta().isPresent() ? request.eta().getAsDouble() : null;
    this.noise = request.noise();
    this.classLabel = boxed(request.classLabel());
    this.prompt = conditioning.prompt().orElse(null);
    this.negativePrompt = conditioning.negativePrompt().orElse(null);
    OptionalDouble scale = conditioning.guidanceScale();
    this.guidanceScale = scale.isPresent() ? scale.getAsDouble() : null;
    this.guidanceRescale = conditioning.guidanceRescale();
    this.nullClass = boxed(conditioning.nullClass());
    this.height = settings.images().shape().height();
    this.width = settings.images().shape().width();
    this.guarded = request.protection();
    this.onFailure = request.onFailure();
    this.path = request.path();
  }

  /**
   * Checks a request and takes its values.
   *
   * @param manifest of the model
   * @param request what to sample; its count is of no account
   * @throws IllegalArgumentException if the model cannot do what is asked, or it cannot travel
   */
  static TravellingRequest of(Manifest manifest, SampleRequest request) {
    SampleSettings settings = SampleSettings.of(manifest, request);
    refuse(
        request.origin().start().isPresent()
            || request.origin().inpainting().isPresent()
            || request.origin().interpolation().isPresent(),
        "images that are made of noise alone, each from its own seed",
        "images to start from, known pixels or another seed");
    refuse(
        !settings.guarding().protection().equals(manifest.protection()),
        "the protection of the bundle, which all machines read there",
        "other settings; write them into the bundle with 'cpsample calibrate' or 'cpsample export'");
    refuse(
        request.certaintyTrace(),
        "no certainty trace, which is a membership test",
        "one asked for");
    return new TravellingRequest(request, settings);
  }

  private static void refuse(boolean wrong, String expected, String found) {
    if (wrong) {
      throw new IllegalArgumentException(
          "request on Spark: expected " + expected + ", found " + found);
    }
  }

  private static @Nullable Integer boxed(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }

  /** The seed of image 0. */
  long seed() {
    return seed;
  }

  /** Images that are computed together, always the same ones. */
  int batchSize() {
    return batchSize;
  }

  /** A request for images with consecutive seeds, computed together. */
  SampleRequest images(long firstSeed, int count) {
    SampleRequest request =
        SampleRequest.of(count)
            .withBatchSize(count)
            .withSeed(firstSeed)
            .withSteps(steps)
            .withNoise(noise)
            .withConditioning(
                new Conditioning(
                    Optional.ofNullable(prompt),
                    Optional.ofNullable(negativePrompt),
                    guidanceScale == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(guidanceScale),
                    guidanceRescale,
                    nullClass == null ? OptionalInt.empty() : OptionalInt.of(nullClass)))
            .withSize(height, width)
            .withProtection(guarded)
            .withOnFailure(onFailure)
            .withPath(path);
    if (sampler != null) {
      request = request.withSampler(sampler);
    }
    if (eta != null) {
      request = request.withEta(eta);
    }
    return classLabel == null ? request : request.withClassLabel(classLabel);
  }

  /** All that decides the images besides the model, by name. */
  Map<String, String> decides() {
    Map<String, String> decides = new LinkedHashMap<>();
    decides.put("seed", Long.toString(seed));
    decides.put("images computed together", Integer.toString(batchSize));
    decides.put("steps", Integer.toString(steps));
    decides.put("sampler", Objects.toString(sampler, "the model's"));
    decides.put("eta", Objects.toString(eta, "the model's"));
    decides.put("noise", noise.label());
    decides.put("class", Objects.toString(classLabel, "none"));
    decides.put("prompt", Objects.toString(prompt, "none"));
    decides.put("negative prompt", Objects.toString(negativePrompt, "none"));
    decides.put("guidance scale", Objects.toString(guidanceScale, "the model's"));
    decides.put("guidance rescale", Double.toString(guidanceRescale));
    decides.put("class that stands for none", Objects.toString(nullClass, "none"));
    decides.put("size", width + " x " + height);
    decides.put("protection", guarded ? "on" : "off");
    decides.put("images that are still recognised", onFailure.label());
    decides.put("path", path.toString());
    return decides;
  }
}
