package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.DdimClipping;
import io.github.cpsample.diffusion.DdimConfig;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.DdpmTimesteps;
import io.github.cpsample.diffusion.DdpmVariance;
import io.github.cpsample.diffusion.DeisConfig;
import io.github.cpsample.diffusion.DpmAlgorithm;
import io.github.cpsample.diffusion.DpmMultistepConfig;
import io.github.cpsample.diffusion.DpmSinglestepConfig;
import io.github.cpsample.diffusion.DpmSolverType;
import io.github.cpsample.diffusion.EulerAncestralConfig;
import io.github.cpsample.diffusion.EulerConfig;
import io.github.cpsample.diffusion.FinalSigma;
import io.github.cpsample.diffusion.HeunConfig;
import io.github.cpsample.diffusion.LmsConfig;
import io.github.cpsample.diffusion.PndmConfig;
import io.github.cpsample.diffusion.SampleClipping;
import io.github.cpsample.diffusion.SamplerConfig;
import io.github.cpsample.diffusion.SolverSteps;
import io.github.cpsample.diffusion.UniPcConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sampler of a request: the usual settings of each kind. */
final class SamplerPlan {
  private static final int ORDER = 2;

  private SamplerPlan() {}

  /** The sampler of a request to a denoiser with or without a learned variance. */
  static SamplerConfig of(SampleSettings settings, Optional<DdpmVariance> variance) {
    if (settings.scheduler().isPresent()) {
      SamplerConfig own = settings.scheduler().get().sampler(settings.steps());
      return own instanceof PndmConfig pndm
          ? pndm.withHistory(history(settings))
          : withEta(own, settings.eta());
    }
    SolverSteps levels = SolverSteps.of(settings.steps()).withSpacing(settings.spacing(), 0);
    SolverSteps above = levels.withEnd(FinalSigma.SIGMA_MIN);
    SampleClipping bound =
        settings.clipSample() ? SampleClipping.toRange(1) : SampleClipping.none();
    DpmAlgorithm ofImage = DpmAlgorithm.DPMSOLVER_PLUS_PLUS;
    return switch (settings.sampler()) {
      case DDIM -> ddim(settings);
      case DDPM -> ddpm(settings, variance.orElse(DdpmVariance.FIXED_SMALL));
      case DPMSOLVER_PP_2M -> multistep(levels, ORDER, ofImage, bound);
      case DPMSOLVER_PP_3M -> multistep(levels, ORDER + 1, ofImage, bound);
      case DPMSOLVER_PP_2S ->
          new DpmSinglestepConfig(levels, ORDER, ofImage, DpmSolverType.MIDPOINT, true, bound);
      case DPMSOLVER -> multistep(above, ORDER, DpmAlgorithm.DPMSOLVER, bound);
      case DEIS -> new DeisConfig(above, ORDER, true, bound);
      case UNIPC ->
          new UniPcConfig(levels, ORDER, true, UniPcConfig.Variant.BH2, true, Set.of(), bound);
      case EULER -> new EulerConfig(levels);
      case EULER_ANCESTRAL -> new EulerAncestralConfig(levels);
      case HEUN -> new HeunConfig(levels, bound);
      case LMS -> new LmsConfig(levels, LmsConfig.USUAL_ORDER);
      case PNDM, PNDM_DIFFUSERS ->
          new PndmConfig(settings.steps(), settings.spacing(), 0, true, false, history(settings));
    };
  }

  private static PndmConfig.History history(SampleSettings settings) {
    return settings.sampler() == SamplerKind.PNDM_DIFFUSERS
        ? PndmConfig.History.OUTPUT
        : PndmConfig.History.NOISE;
  }

  private static SamplerConfig withEta(SamplerConfig config, double eta) {
    return eta != 0 && config instanceof DdimConfig ddim ? ddim.withEta(eta) : config;
  }

  private static SamplerConfig multistep(
      SolverSteps levels, int order, DpmAlgorithm algorithm, SampleClipping bound) {
    return new DpmMultistepConfig(
        levels, order, algorithm, DpmSolverType.MIDPOINT, true, false, bound);
  }

  private static SamplerConfig ddpm(SampleSettings settings, DdpmVariance variance) {
    return new DdpmConfig(
        new DdpmTimesteps(settings.steps(), settings.spacing(), 0, List.of()),
        variance,
        settings.clipSample());
  }

  /**
   * Guided diffusion's clipping: epsilon follows the clipped image, so that guidance of strength 0
   * changes nothing.
   */
  private static SamplerConfig ddim(SampleSettings settings) {
    DdimClipping clipping =
        settings.clipSample() ? DdimClipping.SAMPLE_AND_EPSILON : DdimClipping.NONE;
    return new DdimConfig(settings.steps(), settings.eta(), settings.spacing(), 0, true, clipping);
  }
}
