package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.random.ImageNoise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One image on its way: where it stands in its own table of steps, its noise, what it remembers,
 * what is asked of it, and what the last step did to it. A row depends on no other row: any set of
 * them may share a call of the denoiser, join and leave. Belongs to one thread.
 */
final class Row {
  private final SampleJob job;
  private final int image;
  private final ImageNoise noise;
  private final SamplerState state;
  private final SeparateSteps.Query query;
  private final Optional<KnownRegion> known;
  private final int first;
  private final List<Double> certainties = new ArrayList<>();
  private int position;
  private int calls;
  private int guardedSteps;

  /** The furthest place from which the row was sent back to repeat a stretch, and how often. */
  private int front;

  private int returns;

  Row(SampleJob job, int image, ImageNoise noise, Optional<KnownRegion> known, int first) {
    this.job = job;
    this.image = image;
    this.noise = noise;
    this.known = known;
    this.first = first;
    this.position = first;
    this.state = new SamplerState(job.settings().image().size(), job.sampler().memory());
    this.query = new SeparateSteps.Query(state, job.conditions(), job.protection());
  }

  SampleJob job() {
    return job;
  }

  /** Which image of its request this is. */
  int image() {
    return image;
  }

  SamplerState state() {
    return state;
  }

  SeparateSteps.Query query() {
    return query;
  }

  /** The step that comes next, or, until {@link #settle}, that was taken last. */
  SamplerStep step() {
    return job.sampler().steps().get(position);
  }

  /** How many steps were taken. */
  int calls() {
    return calls;
  }

  int guardedSteps() {
    return guardedSteps;
  }

  /** The classifier's certainty in every step in which it was asked; empty unless traced. */
  List<Double> certainties() {
    return certainties;
  }

  boolean isDone() {
    return position == job.sampler().steps().size();
  }

  /** Takes x, the noise buffer and the known part to where the next step expects them. */
  void prepare() {
    query.at(step().timestep());
    known.ifPresent(it -> it.compose(state.x(), step().level(), noise.steps()));
    if (step().usesNoise()) {
      drawNoise();
    }
  }

  /** Records what the step did and moves to the next one, or back. */
  void settle() {
    calls++;
    if (query.guarded()) {
      guardedSteps++;
    }
    if (query.asked() && job.settings().traced()) {
      certainties.add(query.certainty());
    }
    position++;
    if (repeats()) {
      sendBack(position - job.resampling().jump());
    }
  }

  /** Whether the stretch behind has to be taken once more. */
  private boolean repeats() {
    Resampling resampling = job.resampling();
    if (position < front || !resampling.returnsAt(position, first, job.sampler().steps().size())) {
      return false;
    }
    returns = position == front ? returns + 1 : 1;
    front = position;
    return returns < resampling.times();
  }

  /** Noises the image back to where an earlier step expects it. */
  private void sendBack(int step) {
    drawNoise();
    job.sampler().sendBack(position, step, state);
    position = step;
  }

  private void drawNoise() {
    noise.steps().fill(state.noise(), 0, state.size());
  }
}
