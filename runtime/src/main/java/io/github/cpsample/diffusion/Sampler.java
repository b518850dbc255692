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
   * first step expects it, and nothing is remembered.
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

  /**
   * Begins a trajectory at any step, from an image: x of the row, a clean image, is noised to the
   * level of that step, and nothing is remembered.
   *
   * @param state the buffers; noise of the row must hold fresh standard normal numbers
   * @param row the image, in [0, N)
   * @param step index of the step that comes next; one that a trajectory may begin at
   * @throws IllegalArgumentException if the state was made for a sampler that remembers less
   */
  public void beginAt(int step, SamplerState state, int row) {
    state.requireRoom(memory);
    state.forget(row);
    state.addNoise(row, steps.get(step).alphasCumprod());
  }

  /**
   * Where a trajectory begins that makes a share of the denoiser's calls: before the last {@code
   * round(share * calls)} of them, at least one, or the next place where it may begin, or, if there
   * is none, the last one before.
   *
   * @param share in (0, 1]
   * @return index of a step; 0 for a share of 1
   * @throws IllegalArgumentException if the share is not in (0, 1]
   */
  public int firstStep(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share: expected a number in (0, 1], found " + share);
    }
    int calls = (int) Math.max(1, Math.round(share * steps.size()));
    int wanted = steps.size() - calls;
    for (int i = wanted; i < steps.size(); i++) {
      if (steps.get(i).mayBegin()) {
        return i;
      }
    }
    int before = wanted;
    while (!steps.get(before).mayBegin()) {
      before--;
    }
    return before;
  }
}
