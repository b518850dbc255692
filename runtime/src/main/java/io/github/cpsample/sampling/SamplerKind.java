package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.TimestepSpacing;
import java.util.Arrays;
import java.util.List;

/** The samplers that a request may choose. */
public enum SamplerKind {
  /**
   * Denoising diffusion implicit models: any number of steps, deterministic unless eta is above 0.
   */
  DDIM("ddim"),
  /** Ancestral sampling. */
  DDPM("ddpm"),
  /** DPM-Solver++, multistep, of order 2. */
  DPMSOLVER_PP_2M("dpmsolver++2m"),
  /** DPM-Solver++, multistep, combining three predictions. */
  DPMSOLVER_PP_3M("dpmsolver++3m"),
  /** DPM-Solver++, singlestep, of order 2; linspace spacing. */
  DPMSOLVER_PP_2S("dpmsolver++2s"),
  /** DPM-Solver, multistep, of order 2; ends at the least noise level, not at none. */
  DPMSOLVER("dpmsolver"),
  /** Diffusion exponential integrator; ends at the least noise level, not at none. */
  DEIS("deis"),
  /** Unified predictor and corrector. */
  UNIPC("unipc"),
  /** Euler's method in sigma space; predicted images are not clipped. */
  EULER("euler"),
  /** Euler's method with fresh noise in every step; predicted images are not clipped. */
  EULER_ANCESTRAL("euler-ancestral"),
  /** Heun's method: twice the calls of the denoiser, less one. */
  HEUN("heun"),
  /** A linear multistep method in sigma space; predicted images are not clipped. */
  LMS("lms"),
  /** Pseudo numerical methods, one call more than steps; predicted images are not clipped. */
  PNDM("pndm"),
  /**
   * PNDM as the diffusers library computes it for denoisers of v and of the image: outputs of
   * several levels are combined as they are. The same as {@link #PNDM} for denoisers of noise.
   */
  PNDM_DIFFUSERS("pndm-diffusers");

  private final String label;

  SamplerKind(String label) {
    this.label = label;
  }

  /**
   * The sampler's name.
   *
   * @return as in manifests and on the command line
   */
  public String label() {
    return label;
  }

  /**
   * The names of all samplers.
   *
   * @return as in manifests and on the command line
   */
  public static List<String> labels() {
    return Arrays.stream(values()).map(SamplerKind::label).toList();
  }

  /** Whether predicted images can be clipped. */
  boolean clips() {
    return !List.of(EULER, EULER_ANCESTRAL, LMS, PNDM, PNDM_DIFFUSERS).contains(this);
  }

  /** The spacing that takes the place of a model's. */
  TimestepSpacing spacing(TimestepSpacing ofModel) {
    return this == DPMSOLVER_PP_2S ? TimestepSpacing.LINSPACE : ofModel;
  }

  /**
   * A sampler by name.
   *
   * @param label as in manifests and on the command line
   * @return the sampler
   * @throws IllegalArgumentException if there is none of that name
   */
  public static SamplerKind named(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sampler: expected one of " + labels() + ", found '" + label + "'"));
  }
}
