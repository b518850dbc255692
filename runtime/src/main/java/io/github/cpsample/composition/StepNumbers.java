package io.github.cpsample.composition;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * The numbers of one step of a sampler, in the form that DDIM, DDPM and their kind have:
 *
 * <pre>
 * x_0 = clip(stateToSample x + predictionToSample output)
 * x'  = ofSample x_0 + ofState x + ofPrediction output + ofGuidance g + ofNoise z
 * </pre>
 *
 * They are read off the step itself by advancing images of one value, so that the graph and {@link
 * SamplerStep#advance} cannot drift apart; a step of another form is refused.
 *
 * @param stateToSample of x in the predicted image
 * @param predictionToSample of the denoiser's output in the predicted image
 * @param ofSample of the clipped predicted image; 0 without clipping
 * @param ofState of x
 * @param ofPrediction of the denoiser's output
 * @param ofGuidance of g; 0 for a step that is not guided
 * @param ofNoise of the fresh noise
 */
record StepNumbers(
    double stateToSample,
    double predictionToSample,
    double ofSample,
    double ofState,
    double ofPrediction,
    double ofGuidance,
    double ofNoise) {

  private static final double TOLERANCE = 1e-5;
  private static final int CHECKS = 16;

  /**
   * Reads a step's numbers off.
   *
   * @param step the step
   * @param type what the denoiser predicts
   * @param clip the predicted image is clipped to [-clip, clip]; empty for no clipping
   * @param guided whether the step is guided
   * @throws IllegalArgumentException if the step has another form
   */
  static StepNumbers of(
      SamplerStep step, PredictionType type, OptionalDouble clip, boolean guided) {
    Probe probe = new Probe(step, guided);
    double ofState = type.toSample(1, 0, step.alphasCumprod());
    double ofOutput = type.toSample(0, 1, step.alphasCumprod());
    double guidance = guided ? probe.advance(0, 0, 1, 0) : 0;
    double noise = step.usesNoise() ? probe.advance(0, 0, 0, 1) : 0;
    StepNumbers numbers =
        clip.isEmpty()
            ? new StepNumbers(
                ofState,
                ofOutput,
                0,
                probe.advance(1, 0, 0, 0),
                probe.advance(0, 1, 0, 0),
                guidance,
                noise)
            : clipped(probe, ofState, ofOutput, clip.getAsDouble(), guidance, noise);
    numbers.require(probe, step, clip);
    return numbers;
  }

  /** Beyond the clip only the direct terms change, and the image is what is left. */
  private static StepNumbers clipped(
      Probe probe, double ofState, double ofOutput, double clip, double guidance, double noise) {
    float output = (float) (2 * clip / ofOutput);
    double once = probe.advance(0, output, 0, 0);
    double direct = (probe.advance(0, 2 * output, 0, 0) - once) / output;
    double state;
    if (ofState == 0) {
      state = probe.advance(1, 0, 0, 0);
    } else {
      float x = (float) (2 * clip / ofState);
      state = (probe.advance(2 * x, 0, 0, 0) - probe.advance(x, 0, 0, 0)) / x;
    }
    double sample = (once - direct * output) / clip;
    return new StepNumbers(ofState, ofOutput, sample, state, direct, guidance, noise);
  }

  /** One step on values of any kind, as the step would do it. */
  private double next(double x, double output, double guidance, double noise, OptionalDouble clip) {
    double sample = stateToSample * x + predictionToSample * output;
    if (clip.isPresent()) {
      sample = Math.max(-clip.getAsDouble(), Math.min(clip.getAsDouble(), sample));
    }
    return ofSample * sample
        + ofState * x
        + ofPrediction * output
        + ofGuidance * guidance
        + ofNoise * noise;
  }

  private void require(Probe probe, SamplerStep step, OptionalDouble clip) {
    Random random = new Random(CHECKS);
    double unclipped =
        clip.orElse(1) / (4 * (Math.abs(stateToSample) + Math.abs(predictionToSample)));
    for (int i = 0; i < CHECKS; i++) {
      double size = i % 2 == 0 ? 1 : unclipped;
      float x = (float) (size * random.nextGaussian());
      float output = (float) (size * random.nextGaussian());
      float g = (float) random.nextGaussian();
      float z = (float) random.nextGaussian();
      double expected = probe.advance(x, output, g, z);
      double found = next(x, output, g, z, clip);
      if (!(Math.abs(expected - found) <= TOLERANCE * (1 + Math.abs(expected)))) {
        throw new IllegalArgumentException(
            "sampler: expected steps that are linear in image, prediction, guidance and noise, with"
                + " the predicted image "
                + (clip.isPresent() ? "clipped to " + clip.getAsDouble() : "not clipped")
                + "; found another step at timestep "
                + step.timestep());
      }
    }
  }

  /** Advances an image of one value. */
  private record Probe(SamplerStep step, boolean guided) {

    double advance(float x, float output, float guidance, float noise) {
      SamplerState state = new SamplerState(1, 1);
      state.x()[0] = x;
      state.prediction()[0] = output;
      state.guidance()[0] = guidance;
      state.noise()[0] = noise;
      step.advance(state, 0, guided);
      return state.x()[0];
    }
  }
}
