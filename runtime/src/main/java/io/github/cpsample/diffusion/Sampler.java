package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.Combination.Term;
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
public record Sampler(String kind, List<SamplerStep> steps, Memory memory, double initialScale) {
  public Sampler {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(memory, "memory");
    Checks.argument(
        initialScale > 0 && initialScale <= 1, "initialScale", "a number in (0, 1]", initialScale);
    steps = List.copyOf(steps);
    Checks.argument(!steps.isEmpty(), "steps", "at least one", "none");
  }

  /**
   * A sampler whose memory is what its steps read.
   *
   * @param kind the sampler's name
   * @param steps the steps, first to last, at least one; copied
   * @param initialScale in (0, 1]
   */
  public Sampler(String kind, List<SamplerStep> steps, double initialScale) {
    this(kind, steps, Memory.of(steps), initialScale);
  }

  /**
   * A sampler that starts from standard normal noise.
   *
   * @param kind the sampler's name
   * @param steps the steps, first to last, at least one; copied
   */
  public Sampler(String kind, List<SamplerStep> steps) {
    this(kind, steps, 1);
  }

  /**
   * Begins a trajectory at the first step: x, standard normal noise, is scaled as the first step
   * expects it, and nothing is remembered.
   *
   * @param row the image
   * @throws IllegalArgumentException if the state was made for a sampler that remembers less
   */
  public void begin(SamplerState row) {
    row.requireRoom(memory);
    row.forget();
    if (initialScale != 1) {
      float[] x = row.x();
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (initialScale * x[i]);
      }
    }
  }

  /**
   * Begins a trajectory at any step, from an image: x, a clean image, is noised to the level of
   * that step, and nothing is remembered.
   *
   * @param step index of the step that comes next; one that a trajectory may begin at
   * @param row the image; its noise must hold fresh standard normal numbers
   * @throws IllegalArgumentException if the state was made for a sampler that remembers less
   */
  public void beginAt(int step, SamplerState row) {
    row.requireRoom(memory);
    row.forget();
    row.addNoise(steps.get(step).alphasCumprod());
  }

  /** The last step that a trajectory may begin at and that lies at a timestep or further. */
  int stepBefore(double timestep, int first) {
    for (int i = steps.size() - 1; i > first; i--) {
      if (steps.get(i).mayBegin() && steps.get(i).timestep() >= timestep) {
        return i;
      }
    }
    return first;
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
    Checks.argument(share > 0 && share <= 1, "share", "a number in (0, 1]", share);
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

  /**
   * What the steps of a sampler remember of each image.
   *
   * @param predictions how many of the last predictions, the newest among them; 0 where every step
   *     uses its own alone
   * @param keeps whether an image beside x is kept
   * @param variances whether steps read {@link SamplerState#variance}
   */
  public record Memory(int predictions, boolean keeps, boolean variances) {
    /** For samplers that remember nothing. */
    public static final Memory NONE = new Memory(0, false, false);

    public Memory {
      Checks.atLeast("predictions", predictions, 0);
    }

    /** What suits either. */
    Memory and(Memory other) {
      return new Memory(
          Math.max(predictions, other.predictions),
          keeps || other.keeps,
          variances || other.variances);
    }

    /** What some steps read of earlier ones. */
    static Memory of(List<SamplerStep> steps) {
      int reach = 0;
      boolean keeps = false;
      boolean variances = false;
      for (SamplerStep step : steps) {
        variances |= step.learnsVariance();
        for (SamplerStep.Update update : step.updates()) {
          for (Combination read : List.of(update.kept(), update.next())) {
            reach = Math.max(reach, read.reach());
            keeps |= read.of(Term.KEPT) != 0;
          }
        }
      }
      return new Memory(reach > 1 ? reach : 0, keeps, variances);
    }

    /**
     * Whether steps use what earlier steps remembered, so that x may not be replaced by something
     * that those did not lead to.
     *
     * @return false where every step uses its own prediction alone
     */
    public boolean spansSteps() {
      return predictions > 0 || keeps;
    }
  }
}
