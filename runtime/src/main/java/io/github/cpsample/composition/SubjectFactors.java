package io.github.cpsample.composition;

import io.github.cpsample.diffusion.Combination;
import io.github.cpsample.diffusion.Combination.Term;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.protection.Subject;

/**
 * What the classifier is asked about, as numbers of a graph: the factors of x_t and of the
 * prediction, how the sum is bounded, and by what its gradient becomes one with respect to x_t.
 */
public final class SubjectFactors {

  /** How many numbers there are. */
  public static final int WIDTH = 4;

  private SubjectFactors() {}

  /**
   * Writes the numbers of one level.
   *
   * @param asks what the classifier is asked about
   * @param prediction what the denoiser predicts
   * @param bounded whether a predicted image is clipped to [-1, 1]
   * @param level of x_t
   * @param numbers receives {@link #WIDTH} numbers
   * @param from where they go
   */
  public static void put(
      Subject asks,
      PredictionType prediction,
      boolean bounded,
      NoiseLevel level,
      double[] numbers,
      int from) {
    if (asks == Subject.X_T) {
      putState(numbers, from);
      return;
    }
    Combination factors = prediction.sample(level);
    numbers[from] = factors.of(Term.STATE);
    numbers[from + 1] = factors.of(Term.PREDICTION);
    numbers[from + 2] = bounded ? 1 : Double.POSITIVE_INFINITY;
    numbers[from + 3] = level.stateInSample();
  }

  /**
   * Writes numbers by which x_t itself is asked about.
   *
   * @param numbers receives {@link #WIDTH} numbers
   * @param from where they go
   */
  public static void putState(double[] numbers, int from) {
    numbers[from] = 1;
    numbers[from + 1] = 0;
    numbers[from + 2] = Double.POSITIVE_INFINITY;
    numbers[from + 3] = 1;
  }
}
