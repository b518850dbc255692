package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settings of every sampler, by a name for messages. */
final class Solvers {
  private Solvers() {}

  /** Deterministic ones, none of which bounds the predicted image. */
  static Map<String, SamplerConfig> deterministic(int steps) {
    Map<String, SamplerConfig> all = new LinkedHashMap<>();
    all.put("ddim", DdimConfig.of(steps, 0).withClipping(DdimConfig.Clipping.NONE));
    SolverSteps low = SolverSteps.of(steps).withEnd(SolverSteps.End.SIGMA_MIN);
    for (int order = 1; order <= 3; order++) {
      for (DpmMultistepConfig.SolverType type : DpmMultistepConfig.SolverType.values()) {
        for (DpmMultistepConfig.Algorithm algorithm :
            List.of(
                DpmMultistepConfig.Algorithm.DPMSOLVER,
                DpmMultistepConfig.Algorithm.DPMSOLVER_PLUS_PLUS)) {
          String name = algorithm.jsonName() + " " + order + " " + type.jsonName();
          all.put(name + " multistep", multistep(low, order, algorithm, type));
          all.put(
              name + " singlestep",
              new DpmSinglestepConfig(low, order, algorithm, type, false, SampleClipping.none()));
        }
      }
      all.put("deis " + order, DeisConfig.of(steps, order));
      for (UniPcConfig.Variant variant : UniPcConfig.Variant.values()) {
        for (boolean image : new boolean[] {true, false}) {
          all.put(
              "unipc " + order + " " + variant + " " + image,
              new UniPcConfig(low, order, image, variant, true, Set.of(), SampleClipping.none()));
        }
      }
    }
    all.put("dpmsolver++ to zero", DpmMultistepConfig.of(steps, 3));
    all.put("unipc to zero", UniPcConfig.of(steps, 3));
    all.put("euler", EulerConfig.of(steps));
    all.put("heun", HeunConfig.of(steps));
    all.put("lms", LmsConfig.of(steps));
    all.put("pndm", PndmConfig.of(steps));
    all.put(
        "pndm rk",
        new PndmConfig(steps, TimestepSpacing.LEADING, 0, false, true, PndmConfig.History.NOISE));
    return all;
  }

  /** All, the ones that add noise also. */
  static Map<String, SamplerConfig> all(int steps) {
    Map<String, SamplerConfig> all = deterministic(steps);
    all.put("ddim with noise", DdimConfig.of(steps, 0.7).withClipping(DdimConfig.Clipping.NONE));
    all.put(
        "ddpm",
        new DdpmConfig(DdpmConfig.Timesteps.of(steps), DdpmConfig.Variance.FIXED_SMALL, false));
    all.put("euler ancestral", EulerAncestralConfig.of(steps));
    SolverSteps low = SolverSteps.of(steps).withEnd(SolverSteps.End.SIGMA_MIN);
    all.put(
        "sde 3",
        multistep(
            low,
            3,
            DpmMultistepConfig.Algorithm.SDE_DPMSOLVER_PLUS_PLUS,
            DpmMultistepConfig.SolverType.MIDPOINT));
    all.put(
        "sde 2",
        multistep(
            low,
            2,
            DpmMultistepConfig.Algorithm.SDE_DPMSOLVER,
            DpmMultistepConfig.SolverType.HEUN));
    return all;
  }

  private static SamplerConfig multistep(
      SolverSteps levels,
      int order,
      DpmMultistepConfig.Algorithm algorithm,
      DpmMultistepConfig.SolverType type) {
    return new DpmMultistepConfig(
        levels, order, algorithm, type, true, false, SampleClipping.none());
  }

  static List<String> names(Map<String, SamplerConfig> configs) {
    return new ArrayList<>(configs.keySet());
  }
}
