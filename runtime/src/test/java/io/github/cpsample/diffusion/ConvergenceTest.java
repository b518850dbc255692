package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Normally distributed images of deviation c have a known score, {@code -x / (abar c^2 + 1 -
 * abar)}, and the flow of the probability takes x from one level to another in proportion to the
 * deviation of x_t there. Solvers come closer to it as their order says when steps double.
 */
class ConvergenceTest {
  private static final double DEVIATION = 0.5;
  private static final int T = 9600;

  /** Whole timesteps are dense here, so that rounding them does not hide the order. */
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(T, 1e-5, 0.002);

  @ParameterizedTest
  @CsvSource({
    "ddim, 1",
    "euler, 1",
    "heun, 2",
    "lms 2, 2",
    "lms 4, 3",
    "pndm, 2",
    "dpmsolver++ 1, 1",
    "dpmsolver++ 2, 2",
    "dpmsolver++ 3, 2",
    "dpmsolver++ 2 heun, 2",
    "dpmsolver 1, 1",
    "dpmsolver 2, 2",
    "dpmsolver 3, 2",
    "single 2, 2",
    "single 3, 3",
    "single 3 heun, 3",
    "single dpmsolver 2, 2",
    "deis 1, 1",
    "deis 2, 2",
    "deis 3, 3",
    "unipc 1, 2",
    "unipc 2, 3",
    "unipc 2 bh1, 3",
    "unipc 2 noise, 3"
  })
  void errorsShrinkWithTheOrder(String name, int order) {
    double coarse = error(config(name, 24), name);
    double fine = error(config(name, 48), name);
    double finest = error(config(name, 96), name);
    double first = Math.log(coarse / fine) / Math.log(2);
    double second = Math.log(fine / finest) / Math.log(2);
    assertTrue(
        Math.max(first, second) > order - 0.4,
        name + ": errors " + coarse + ", " + fine + ", " + finest + ", order " + second);
  }

  private static SamplerConfig config(String name, int steps) {
    SolverSteps levels =
        SolverSteps.of(steps)
            .withSigmas(SolverSteps.SigmaSpacing.LOG_LINEAR)
            .withEnd(SolverSteps.End.SIGMA_MIN);
    SampleClipping none = SampleClipping.none();
    String[] parts = name.split(" ", -1);
    int order = parts.length > 1 && parts[1].length() == 1 ? parts[1].charAt(0) - '0' : 2;
    DpmMultistepConfig.SolverType type =
        name.endsWith("heun")
            ? DpmMultistepConfig.SolverType.HEUN
            : DpmMultistepConfig.SolverType.MIDPOINT;
    DpmMultistepConfig.Algorithm algorithm =
        parts[0].equals("dpmsolver") || name.contains("single dpmsolver")
            ? DpmMultistepConfig.Algorithm.DPMSOLVER
            : DpmMultistepConfig.Algorithm.DPMSOLVER_PLUS_PLUS;
    return switch (parts[0]) {
      case "ddim" ->
          DdimConfig.of(steps, 0).withClipping(DdimConfig.Clipping.NONE).withSetAlphaToOne(false);
      case "euler" -> new EulerConfig(levels);
      case "heun" -> new HeunConfig(levels, none);
      case "lms" -> new LmsConfig(levels, order);
      case "pndm" ->
          new PndmConfig(
              steps,
              TimestepSpacing.LEADING,
              0,
              !name.endsWith("rk"),
              false,
              PndmConfig.History.NOISE);
      case "single" -> new DpmSinglestepConfig(levels, order, algorithm, type, false, none);
      case "deis" -> new DeisConfig(levels, order, false, none);
      case "unipc" -> {
        UniPcConfig.Variant variant =
            name.endsWith("bh1") ? UniPcConfig.Variant.BH1 : UniPcConfig.Variant.BH2;
        boolean image = !name.endsWith("noise");
        yield new UniPcConfig(levels, order, image, variant, false, Set.of(), none);
      }
      default -> new DpmMultistepConfig(levels, order, algorithm, type, false, false, none);
    };
  }

  /**
   * The relative distance of the end of a trajectory from where the flow takes its start.
   *
   * <p>Multistep methods begin with steps of lower order, whose error would hide theirs: they are
   * put on the flow until their history is full. PNDM divides time, in which the noise is no smooth
   * function at the end: it is measured before.
   */
  private static double error(SamplerConfig config, String name) {
    Sampler sampler = config.create(SCHEDULE, PredictionType.EPSILON);
    boolean pndm = sampler.kind().equals(PndmConfig.KIND);
    boolean multistep =
        Set.of(DpmMultistepConfig.KIND, DeisConfig.KIND, LmsConfig.KIND).contains(sampler.kind());
    SamplerState state = new SamplerState(1, sampler.memory());
    double first = sampler.steps().get(0).alphasCumprod();
    double last = SCHEDULE.alphasCumprod(pndm ? T / 4 : 0);
    state.x()[0] = 1;
    int taken = 0;
    for (SamplerStep step : sampler.steps()) {
      double abar = step.alphasCumprod();
      if (pndm && abar == last) {
        break;
      }
      if (multistep && taken++ < 4) {
        state.x()[0] = (float) flow(first, abar);
      }
      state.prediction()[0] = (float) (Math.sqrt(1 - abar) * state.x()[0] / variance(abar));
      step.advance(state, false);
      assertTrue(Float.isFinite(state.x()[0]), name);
    }
    double expected = flow(first, last);
    if (Set.of(EulerConfig.KIND, HeunConfig.KIND, LmsConfig.KIND).contains(sampler.kind())) {
      expected /= Math.sqrt(last);
    }
    return Math.abs(state.x()[0] / expected - 1);
  }

  /** Where the flow takes 1. */
  private static double flow(double abar, double nextAbar) {
    return Math.sqrt(variance(nextAbar) / variance(abar));
  }

  /** The variance of x_t. */
  private static double variance(double abar) {
    return abar * DEVIATION * DEVIATION + 1 - abar;
  }
}
