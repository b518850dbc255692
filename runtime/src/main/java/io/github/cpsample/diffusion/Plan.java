package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All steps that an image may take: those of its trajectory, and those of a way that it takes
 * again, which may be fewer and larger. A place is an index into the first followed by the second;
 * the number of all steps is the place of an image that is finished. Immutable.
 *
 * @param trajectory what every image begins with
 * @param again what an image that was sent back goes on with, where it has steps of its own
 */
public record Plan(Sampler trajectory, Optional<Sampler> again) {
  public Plan {
    Objects.requireNonNull(trajectory, "trajectory");
    for (Sampler other : again.stream().toList()) {
      Checks.argument(
          other.kind().equals(trajectory.kind()),
          "again",
          "a sampler like the trajectory's, " + trajectory.kind(),
          other.kind());
    }
  }

  /**
   * A plan whose repeated ways have the trajectory's steps.
   *
   * @param trajectory the steps
   * @return the plan
   */
  public static Plan of(Sampler trajectory) {
    return new Plan(trajectory, Optional.empty());
  }

  /**
   * What an image that was sent back goes on with.
   *
   * @return the trajectory where there are no other steps
   */
  public Sampler repeated() {
    return again.orElse(trajectory);
  }

  /**
   * The steps of all places.
   *
   * @return the trajectory's, then the others if there are any
   */
  public List<SamplerStep> steps() {
    return Stream.concat(Stream.of(trajectory), again.stream())
        .flatMap(it -> it.steps().stream())
        .toList();
  }

  /**
   * What the steps remember of each image.
   *
   * @return the memory that suits all of them
   */
  public Sampler.Memory memory() {
    return trajectory.memory().and(repeated().memory());
  }

  /** The place of the first repeated step. */
  private int offset() {
    return again.isEmpty() ? 0 : trajectory.steps().size();
  }

  private Sampler at(int place) {
    return place < trajectory.steps().size() ? trajectory : repeated();
  }

  private int within(int place) {
    return place < trajectory.steps().size() ? place : place - offset();
  }

  /**
   * The place of an image that is finished.
   *
   * @return the number of all steps
   */
  public int end() {
    return offset() + repeated().steps().size();
  }

  /**
   * The step of a place.
   *
   * @param place of an image that is not finished
   * @return the step
   */
  public SamplerStep step(int place) {
    return at(place).steps().get(within(place));
  }

  /**
   * Where an image gets to by a step.
   *
   * @param place of an image that is not finished
   * @return the place of the next step, or the end
   */
  public int next(int place) {
    return left(place) == 1 ? end() : place + 1;
  }

  /**
   * How many steps are left.
   *
   * @param place any
   * @return 0 at the end
   */
  public int left(int place) {
    return place == end() ? 0 : at(place).steps().size() - within(place);
  }

  /**
   * The timestep of an image.
   *
   * @param place any
   * @return the step's; 0 at the end
   */
  public double timestepAt(int place) {
    return place == end() ? 0 : step(place).timestep();
  }

  /**
   * The timestep that follows a step's.
   *
   * @param place of an image that is not finished
   * @return the next step's timestep, or -1 after the last one
   */
  public double timestepAfter(int place) {
    return left(place) == 1 ? -1 : step(place + 1).timestep();
  }

  /**
   * The fraction of signal variance of an image.
   *
   * @param place any
   * @return abar; 1 at the end
   */
  public double alphasCumprodAt(int place) {
    return place == end() ? 1 : step(place).alphasCumprod();
  }

  /**
   * Where an image begins that makes a share of the trajectory's calls.
   *
   * @param share in (0, 1], see {@link Sampler#firstStep}
   * @return a place of the trajectory
   */
  public int first(double share) {
    return trajectory.firstStep(share);
  }

  /**
   * Where such an image begins anew: not further in the noise than it began.
   *
   * @param share in (0, 1]
   * @return a place of the repeated steps
   */
  public int firstAgain(double share) {
    int first = first(share);
    if (again.isEmpty()) {
      return first;
    }
    if (first == 0) {
      return offset();
    }
    double timestep = trajectory.steps().get(first).timestep();
    List<SamplerStep> steps = repeated().steps();
    int last = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).mayBegin()) {
        last = i;
        if (steps.get(i).timestep() <= timestep) {
          break;
        }
      }
    }
    return offset() + last;
  }

  /**
   * Begins a way at the first step of the trajectory or of the repeated ones, see {@link
   * Sampler#begin}.
   *
   * @param place of a first step
   * @param row the image
   */
  public void begin(int place, SamplerState row) {
    at(place).begin(row);
  }

  /**
   * Begins a way at any step, from an image, see {@link Sampler#beginAt}.
   *
   * @param place where a trajectory may begin
   * @param row the image; its noise must hold fresh standard normal numbers
   */
  public void beginAt(int place, SamplerState row) {
    at(place).beginAt(within(place), row);
  }

  /**
   * Where an image is sent back to: the last repeated step at which a trajectory may begin and that
   * lies at least so many timesteps further in the noise, or the first one; a step of the
   * trajectory where the repeated ones do not reach as far as the image is.
   *
   * @param place behind where an image of that share begins
   * @param back timesteps, positive
   * @param share in (0, 1]
   * @return a place of no less noise
   */
  public int back(int place, double back, double share) {
    double timestep = timestepAt(place) + back;
    int target = offset() + repeated().stepBefore(timestep, firstAgain(share) - offset());
    return alphasCumprodAt(target) <= alphasCumprodAt(place)
        ? target
        : trajectory.stepBefore(timestep, first(share));
  }

  /**
   * Where a finished image is sent back to, to take the second half of its way again.
   *
   * @param share in (0, 1]
   * @return a place of more noise
   */
  public int middle(double share) {
    int half = (first(share) + trajectory.steps().size()) / 2;
    return back(end(), Math.max(1, trajectory.steps().get(half).timestep()), share);
  }

  /**
   * Sends an image back: x is noised to the level of a step, {@code x = sqrt(abar / abar') x +
   * sqrt(1 - abar / abar') z}, and nothing is remembered.
   *
   * @param place where it is, of abar'
   * @param target of no less noise, where a trajectory may begin
   * @param row the image; its noise must hold fresh standard normal numbers
   */
  public void sendBack(int place, int target, SamplerState row) {
    row.addNoise(alphasCumprodAt(target) / alphasCumprodAt(place));
    row.forget();
  }
}
