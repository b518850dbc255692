package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntFunction;

/** What the fields of a scheduler_config.json mean for the solvers of differential equations. */
final class SchedulerSolvers {
  private SchedulerSolvers() {}

  static IntFunction<SamplerConfig> multistep(SchedulerSettings.Fields json) {
    SolverSteps levels = levels(json, true, SolverSteps.End.ZERO);
    SolverSteps bounded = levels.withLeastLambda(json.lowerBound("lambda_min_clipped"));
    int order = json.integer("solver_order", 2);
    DpmMultistepConfig.Algorithm algorithm = algorithm(json);
    DpmMultistepConfig.SolverType type = solverType(json);
    boolean lower = json.flag("lower_order_final", true);
    boolean single = json.flag("euler_at_final", false);
    learnedVariance(json);
    SampleClipping clipping = SchedulerSettings.clipping(json, false);
    return steps ->
        new DpmMultistepConfig(
            bounded.withSteps(steps), order, algorithm, type, lower, single, clipping);
  }

  static IntFunction<SamplerConfig> singlestep(SchedulerSettings.Fields json) {
    json.oneOf("timestep_spacing", "linspace", "linspace");
    SolverSteps levels = levels(json, true, SolverSteps.End.ZERO);
    SolverSteps bounded = levels.withLeastLambda(json.lowerBound("lambda_min_clipped"));
    int order = json.integer("solver_order", 2);
    DpmMultistepConfig.Algorithm algorithm = algorithm(json);
    DpmMultistepConfig.SolverType type = solverType(json);
    boolean lower = json.flag("lower_order_final", false);
    learnedVariance(json);
    SampleClipping clipping = SchedulerSettings.clipping(json, false);
    return steps ->
        new DpmSinglestepConfig(bounded.withSteps(steps), order, algorithm, type, lower, clipping);
  }

  static IntFunction<SamplerConfig> deis(SchedulerSettings.Fields json) {
    json.oneOf("algorithm_type", "deis", "deis");
    json.oneOf("solver_type", "logrho", "logrho");
    SolverSteps levels = levels(json, false, SolverSteps.End.SIGMA_MIN);
    int order = json.integer("solver_order", 2);
    boolean lower = json.flag("lower_order_final", true);
    SampleClipping clipping = SchedulerSettings.clipping(json, false);
    return steps -> new DeisConfig(levels.withSteps(steps), order, lower, clipping);
  }

  static IntFunction<SamplerConfig> uniPc(SchedulerSettings.Fields json) {
    SolverSteps levels = levels(json, true, SolverSteps.End.ZERO);
    int order = json.integer("solver_order", 2);
    boolean image = json.flag("predict_x0", true);
    boolean one = json.oneOf("solver_type", "bh2", "bh1", "bh2").equals("bh1");
    boolean lower = json.flag("lower_order_final", true);
    Set<Integer> uncorrected = new HashSet<>();
    json.integers("disable_corrector").forEach(step -> uncorrected.add(Math.toIntExact(step)));
    json.refuse("solver_p", "another predictor is not supported");
    SampleClipping clipping = SchedulerSettings.clipping(json, false);
    UniPcConfig.Variant variant = one ? UniPcConfig.Variant.BH1 : UniPcConfig.Variant.BH2;
    return steps ->
        new UniPcConfig(
            levels.withSteps(steps), order, image, variant, lower, uncorrected, clipping);
  }

  static IntFunction<SamplerConfig> euler(SchedulerSettings.Fields json) {
    json.oneOf("interpolation_type", "linear", "linear");
    json.oneOf("timestep_type", "discrete", "discrete");
    json.refuse("sigma_min", "the schedule's own range of noise levels is used");
    json.refuse("sigma_max", "the schedule's own range of noise levels is used");
    SolverSteps levels = levels(json, true, SolverSteps.End.ZERO);
    return steps -> new EulerConfig(levels.withSteps(steps));
  }

  static IntFunction<SamplerConfig> eulerAncestral(SchedulerSettings.Fields json) {
    SolverSteps levels = spaced(json);
    return steps -> new EulerAncestralConfig(levels.withSteps(steps));
  }

  static IntFunction<SamplerConfig> heun(SchedulerSettings.Fields json) {
    SolverSteps levels = levels(json, false, SolverSteps.End.ZERO);
    boolean clips = json.flag("clip_sample", false);
    double range = json.number("clip_sample_range", 1);
    SampleClipping clipping = clips ? SampleClipping.toRange(range) : SampleClipping.none();
    return steps -> new HeunConfig(levels.withSteps(steps), clipping);
  }

  static IntFunction<SamplerConfig> lms(SchedulerSettings.Fields json) {
    SolverSteps levels = levels(json, false, SolverSteps.End.ZERO);
    return steps -> new LmsConfig(levels.withSteps(steps), LmsConfig.USUAL_ORDER);
  }

  private static SolverSteps spaced(SchedulerSettings.Fields json) {
    return SolverSteps.of(1)
        .withSpacing(
            SchedulerSettings.spacing(json, TimestepSpacing.LINSPACE),
            json.integer("steps_offset", 0));
  }

  /** The noise levels; the field that names the end is one of some classes only. */
  private static SolverSteps levels(
      SchedulerSettings.Fields json, boolean choosesEnd, SolverSteps.End usual) {
    SolverSteps.End end =
        choosesEnd
            ? SolverSteps.End.ofJsonName(
                json.oneOf("final_sigmas_type", usual.jsonName(), "zero", "sigma_min"))
            : usual;
    return spaced(json).withSigmas(sigmas(json)).withEnd(end);
  }

  private static SolverSteps.SigmaSpacing sigmas(SchedulerSettings.Fields json) {
    json.refuse("use_beta_sigmas", "levels by a beta distribution are not supported");
    json.refuse("use_flow_sigmas", "flow matching is not supported");
    json.refuse("use_dynamic_shifting", "flow matching is not supported");
    boolean karras = json.flag("use_karras_sigmas", false);
    boolean exponential = json.flag("use_exponential_sigmas", false);
    boolean lu =
        json.className().equals("DPMSolverMultistepScheduler")
            && json.flag("use_lu_lambdas", false);
    Checks.argument(
        !((karras && exponential) || (karras && lu) || (exponential && lu)),
        "use_karras_sigmas, use_exponential_sigmas, use_lu_lambdas",
        "at most one of them true",
        karras + ", " + exponential + " and " + lu);
    if (karras) {
      return SolverSteps.SigmaSpacing.KARRAS;
    }
    if (exponential) {
      return SolverSteps.SigmaSpacing.EXPONENTIAL;
    }
    return lu ? SolverSteps.SigmaSpacing.LOG_LINEAR : SolverSteps.SigmaSpacing.TIMESTEPS;
  }

  private static DpmMultistepConfig.Algorithm algorithm(SchedulerSettings.Fields json) {
    return DpmMultistepConfig.Algorithm.ofJsonName(
        json.oneOf(
            "algorithm_type",
            "dpmsolver++",
            "dpmsolver++",
            "dpmsolver",
            "sde-dpmsolver++",
            "sde-dpmsolver"));
  }

  private static DpmMultistepConfig.SolverType solverType(SchedulerSettings.Fields json) {
    return DpmMultistepConfig.SolverType.ofJsonName(
        json.oneOf("solver_type", "midpoint", "midpoint", "heun"));
  }

  /** A learned variance is the denoiser's matter: these solvers do not use it. */
  private static void learnedVariance(SchedulerSettings.Fields json) {
    json.oneOf("variance_type", "none", "none", "learned", "learned_range");
  }
}
