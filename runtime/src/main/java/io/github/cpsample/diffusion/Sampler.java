package io.github.cpsample.diffusion;

import java.util.List;
import java.util.Objects;

/**
 * The plan of a whole trajectory: its steps in order. Immutable and safe to share between threads.
 *
 * @param kind the sampler's name, for example {@code ddim}
 * @param steps the steps, first to last, at least one; copied
 * @param memory what the steps remember of each image; the {@link SamplerState} is made with it
 * @param initialScale standard normal noise times this is the x that enters the first step; in (0,
 *     1]
 */
public record Sampler(
    String kind, List<SamplerStep> steps, SamplerMemory memory, double initialScale) {
  /**
   * Checks that there are steps.
   *
   * @param kind the sampler's name
   * @param steps the steps, first to last, at least one; copied
   * @param memory what the steps remember of each image
   * @param initialScale in (0, 1]
   */
  public Sampler {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(memory, "memory");
    if (!(initialScale > 0 && initialScale <= 1)) {
      throw new IllegalArgumentException(
          "initialScale: expected a number in (0, 1], found " + initialScale);
    }
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("steps: expected at least one, found none");
    }
  }

  /**
   * A sampler that remembers nothing and starts from standard normal noise.
   *
   * @param kind the sampler's name
   * @param steps the steps, first to last, at least one; copied
   */
  public Sampler(String kind, List<SamplerStep> steps) {
    this(kind, steps, SamplerMemory.NONE, 1);
  }

  /**
   * Begins a trajectory at the first step: x of the row, standard normal noise, is scaled as the
   * first step expects it, and nothing is remembered. A trajectory that begins at a later step
   * needs {@link SamplerState#addNoise} and {@link SamplerState#forget} instead.
   *
   * @param state the buffers
   * @param row the image, in [0, N)
   * @throws IllegalArgumentException if the state was made for a sampler that remembers less
   */
  public void begin(SamplerState state, int row) {
    state.requireRoom(memory);
    state.forget(row);
    if (initialScale != 1) {
      int from = state.offset(row);
      for (int i = from; i < from + state.rowSize(); i++) {
        state.x()[i] = (float) (initialScale * state.x()[i]);
      }
    }
  }
}
