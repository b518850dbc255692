package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.TimestepSpacing;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the model is sampled unless a request says otherwise.
 *
 * @param kind one of {@link #KINDS}
 * @param steps number of steps, at least 1
 * @param eta share of fresh noise per DDIM step, from 0 (deterministic) to 1
 * @param timestepSpacing how the steps are spread over the schedule
 * @param clipSample whether the predicted clean image is clipped to [-1, 1] in every step
 * @param scheduler all settings of the sampler as diffusers wrote them, used unless a request names
 *     another sampler; empty for the usual settings of the kind
 */
public record SamplerSpec(
    String kind,
    int steps,
    double eta,
    TimestepSpacing timestepSpacing,
    boolean clipSample,
    Optional<SchedulerConfig> scheduler) {
  /** The samplers a manifest may name. */
  public static final List<String> KINDS =
      List.of(
          "ddim",
          "ddpm",
          "dpmsolver++2m",
          "dpmsolver++3m",
          "dpmsolver++2s",
          "dpmsolver",
          "deis",
          "unipc",
          "euler",
          "euler-ancestral",
          "heun",
          "lms",
          "pndm",
          "pndm-diffusers");

  public SamplerSpec {
    ManifestChecks.oneOf("sampler.kind", kind, KINDS);
    Checks.atLeast("sampler.steps", steps, 1);
    ManifestChecks.within("sampler.eta", eta, 0, 1);
    Objects.requireNonNull(timestepSpacing, "timestepSpacing");
    Objects.requireNonNull(scheduler, "scheduler");
  }

  /**
   * The usual settings of a kind.
   *
   * @param kind one of {@link #KINDS}
   * @param steps number of steps, at least 1
   * @param eta share of fresh noise per DDIM step
   * @param timestepSpacing how the steps are spread over the schedule
   * @param clipSample whether the predicted clean image is clipped
   */
  public SamplerSpec(
      String kind, int steps, double eta, TimestepSpacing timestepSpacing, boolean clipSample) {
    this(kind, steps, eta, timestepSpacing, clipSample, Optional.empty());
  }
}
