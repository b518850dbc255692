package io.github.cpsample.composition;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.onnx.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The numbers of a sampler's steps, for a graph: {@link #WIDTH} of each step, those of images that
 * are not guided before those of guided ones, each in the order of {@link Term}. Immutable.
 */
public final class StepTable {

  /** How many numbers a step has. */
  public static final int WIDTH = 2 * Term.values().length;

  private final double[] numbers;
  private final int steps;

  /** What a number is the factor of. */
  enum Term {
    /** Of x in the predicted image. */
    STATE_TO_SAMPLE,
    /** Of the prediction in the predicted image. */
    PREDICTION_TO_SAMPLE,
    /** Of the clipped predicted image. */
    SAMPLE,
    /** Of x. */
    STATE,
    /** Of the prediction. */
    PREDICTION,
    /** Of the guidance. */
    GUIDANCE,
    /** Of the noise. */
    NOISE
  }

  private StepTable(double[] numbers, int steps) {
    this.numbers = numbers;
    this.steps = steps;
  }

  /**
   * Reads the numbers off the steps.
   *
   * @param steps the steps
   * @param type what the denoiser predicts
   * @param clip the predicted image is clipped to [-clip, clip]; empty for no clipping
   * @return the table
   * @throws IllegalArgumentException if a step is not linear in image, prediction, guidance and
   *     noise but for the clipping
   */
  public static StepTable of(List<SamplerStep> steps, PredictionType type, OptionalDouble clip) {
    double[] numbers = new double[steps.size() * WIDTH];
    for (int i = 0; i < steps.size(); i++) {
      put(StepNumbers.of(steps.get(i), type, clip, false), clip, numbers, i * WIDTH);
      put(StepNumbers.of(steps.get(i), type, clip, true), clip, numbers, i * WIDTH + WIDTH / 2);
    }
    return new StepTable(numbers, steps.size());
  }

  /**
   * The numbers of a step.
   *
   * @param step index of the step
   * @return a new array of {@link #WIDTH} numbers
   */
  public double[] numbers(int step) {
    return Arrays.copyOfRange(numbers, step * WIDTH, (step + 1) * WIDTH);
  }

  /** All numbers, [steps,2,7]. */
  Tensor toTensor() {
    return Tensor.of(numbers.clone(), steps, 2, WIDTH / 2);
  }

  /** The terms that are not 0 at every step. */
  Set<Term> used() {
    Set<Term> used = EnumSet.noneOf(Term.class);
    int column = 0;
    for (Term term : Term.values()) {
      for (int i = column; i < numbers.length; i += WIDTH / 2) {
        if (numbers[i] != 0) {
          used.add(term);
        }
      }
      column++;
    }
    return used;
  }

  private static void put(StepNumbers step, OptionalDouble clip, double[] numbers, int from) {
    double[] values = {
      clip.isPresent() ? step.stateToSample() : 0,
      clip.isPresent() ? step.predictionToSample() : 0,
      step.ofSample(),
      step.ofState(),
      step.ofPrediction(),
      step.ofGuidance(),
      step.ofNoise()
    };
    System.arraycopy(values, 0, numbers, from, values.length);
  }
}
