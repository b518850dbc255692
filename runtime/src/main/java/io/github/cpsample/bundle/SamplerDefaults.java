package io.github.cpsample.bundle;

import io.github.cpsample.diffusion.DdimConfig;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.DdpmVariance;
import io.github.cpsample.diffusion.DpmAlgorithm;
import io.github.cpsample.diffusion.DpmMultistepConfig;
import io.github.cpsample.diffusion.DpmSinglestepConfig;
import io.github.cpsample.diffusion.SamplerConfig;
import io.github.cpsample.diffusion.TimestepSpacing;
import java.util.Optional;

/**
 * What a manifest says of a sampler whose settings are those of a scheduler_config.json; used where
 * a request names a sampler of another kind.
 *
 * @param kind the closest of {@link SamplerSpec#KINDS}
 * @param spacing how the steps are spread over the schedule
 * @param clips whether predicted images are clipped
 * @param learnedVariance what DDPM reads from the denoiser, if it does
 */
record SamplerDefaults(
    String kind, TimestepSpacing spacing, boolean clips, Optional<DdpmVariance> learnedVariance) {

  static SamplerDefaults of(SchedulerFields fields, SamplerConfig sampler) {
    boolean clipsUnlessTold = sampler instanceof DdimConfig || sampler instanceof DdpmConfig;
    return new SamplerDefaults(
        kind(sampler),
        TimestepSpacing.ofJsonName(
            fields.glance("timestep_spacing", TimestepSpacing.LEADING.jsonName())),
        Boolean.parseBoolean(fields.glance("clip_sample", Boolean.toString(clipsUnlessTold))),
        sampler instanceof DdpmConfig ddpm && ddpm.variance().isLearned()
            ? Optional.of(ddpm.variance())
            : Optional.empty());
  }

  private static String kind(SamplerConfig sampler) {
    if (sampler instanceof DpmSinglestepConfig) {
      return "dpmsolver++2s";
    }
    if (sampler instanceof DpmMultistepConfig multistep) {
      boolean ofImage = multistep.algorithm() == DpmAlgorithm.DPMSOLVER_PLUS_PLUS;
      return ofImage ? (multistep.order() == 3 ? "dpmsolver++3m" : "dpmsolver++2m") : "dpmsolver";
    }
    return sampler.kind();
  }
}
