package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

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

  private static final int ORDER = 2;

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

  /**
   * Whether predicted images can be clipped.
   *
   * @return true if so
   */
  public boolean clips() {
    return !List.of(EULER, EULER_ANCESTRAL, LMS, PNDM, PNDM_DIFFUSERS).contains(this);
  }

  /**
   * The spacing that takes the place of a model's.
   *
   * @param ofModel the model's
   * @return the one that this sampler has
   */
  public TimestepSpacing spacing(TimestepSpacing ofModel) {
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
    return Checks.named("sampler", values(), SamplerKind::label, label);
  }

  /**
   * The usual settings of this sampler.
   *
   * @param steps number of steps, at least 1
   * @param eta share of fresh noise in a DDIM step; without effect on other samplers
   * @param spacing which timesteps are visited
   * @param clip whether the predicted clean image is clipped to [-1, 1], where it can be
   * @param variance of a DDPM step; without effect on other samplers
   * @return the settings
   * @throws IllegalArgumentException if the sampler cannot have this number of steps
   */
  public SamplerConfig usual(
      int steps, double eta, TimestepSpacing spacing, boolean clip, DdpmConfig.Variance variance) {
    SolverSteps levels = SolverSteps.of(steps).withSpacing(spacing, 0);
    SolverSteps above = levels.withEnd(SolverSteps.End.SIGMA_MIN);
    SampleClipping bound = clip ? SampleClipping.toRange(1) : SampleClipping.none();
    DpmMultistepConfig.Algorithm ofImage = DpmMultistepConfig.Algorithm.DPMSOLVER_PLUS_PLUS;
    return switch (this) {
      case DDIM -> new DdimConfig(steps, eta, spacing, 0, true, clipping(clip));
      case DDPM ->
          new DdpmConfig(new DdpmConfig.Timesteps(steps, spacing, 0, List.of()), variance, clip);
      case DPMSOLVER_PP_2M -> multistep(levels, ORDER, ofImage, bound);
      case DPMSOLVER_PP_3M -> multistep(levels, ORDER + 1, ofImage, bound);
      case DPMSOLVER_PP_2S ->
          new DpmSinglestepConfig(
              levels, ORDER, ofImage, DpmMultistepConfig.SolverType.MIDPOINT, true, bound);
      case DPMSOLVER -> multistep(above, ORDER, DpmMultistepConfig.Algorithm.DPMSOLVER, bound);
      case DEIS -> new DeisConfig(above, ORDER, true, bound);
      case UNIPC ->
          new UniPcConfig(levels, ORDER, true, UniPcConfig.Variant.BH2, true, Set.of(), bound);
      case EULER -> new EulerConfig(levels);
      case EULER_ANCESTRAL -> new EulerAncestralConfig(levels);
      case HEUN -> new HeunConfig(levels, bound);
      case LMS -> new LmsConfig(levels, LmsConfig.USUAL_ORDER);
      case PNDM, PNDM_DIFFUSERS -> new PndmConfig(steps, spacing, 0, true, false, history());
    };
  }

  /**
   * A model's own settings of this sampler, with what a request may change.
   *
   * @param own the model's settings
   * @param eta share of fresh noise in a DDIM step; 0 leaves the model's
   * @return the settings
   */
  public SamplerConfig adapted(SamplerConfig own, double eta) {
    if (own instanceof PndmConfig pndm) {
      return pndm.withHistory(history());
    }
    return eta != 0 && own instanceof DdimConfig ddim ? ddim.withEta(eta) : own;
  }

  private PndmConfig.History history() {
    return this == PNDM_DIFFUSERS ? PndmConfig.History.OUTPUT : PndmConfig.History.NOISE;
  }

  /**
   * Guided diffusion's clipping: epsilon follows the clipped image, so that guidance of strength 0
   * changes nothing.
   */
  private static DdimConfig.Clipping clipping(boolean clip) {
    return clip ? DdimConfig.Clipping.SAMPLE_AND_EPSILON : DdimConfig.Clipping.NONE;
  }

  private static SamplerConfig multistep(
      SolverSteps levels, int order, DpmMultistepConfig.Algorithm algorithm, SampleClipping bound) {
    return new DpmMultistepConfig(
        levels, order, algorithm, DpmMultistepConfig.SolverType.MIDPOINT, true, false, bound);
  }
}
