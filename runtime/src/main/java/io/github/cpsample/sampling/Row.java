package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One image on its way: where it stands in its own plan, its noise, what it remembers, what is
 * asked of it, and what the last step did to it. A row depends on no other row: any set of them may
 * share a call of the denoiser, join and leave. Belongs to one thread.
 */
final class Row {
  private final SampleJob job;
  private final int image;
  private final RandomMode.ImageNoise noise;
  private final SamplerState state;
  private final Query query;
  private final Optional<Inpainting.KnownRegion> known;
  private final int first;
  private final List<Double> certainties = new ArrayList<>();
  private final Optional<Correction> correction;
  private int position;
  private int calls;
  private int guardedSteps;

  /** How often the row was noised back, and how often since it began or was redone. */
  private int corrected;

  private int correctedNow;
  private int redone;
  private boolean recognised;
  private boolean finished;

  /** The furthest place from which the row was sent back to repeat a stretch, and how often. */
  private int front;

  private int returns;

  Row(
      SampleJob job,
      int image,
      RandomMode.ImageNoise noise,
      Optional<Inpainting.KnownRegion> known,
      int first) {
    this.job = job;
    this.image = image;
    this.noise = noise;
    this.known = known;
    this.first = first;
    this.position = first;
    this.state = new SamplerState(job.settings().images().shape().size(), job.plan().memory());
    this.query = new Query(state, job.conditions(), job.protection());
    this.correction = job.protection().map(ProtectionSettings::correction);
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

  Query query() {
    return query;
  }

  /** The step that comes next, or, until {@link #settle}, that was taken last. */
  SamplerStep step() {
    return job.plan().step(position);
  }

  /** The place of {@link #step} in the plan. */
  int position() {
    return position;
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

  /** How often the row was sent back by its correction. */
  int corrected() {
    return corrected;
  }

  /** How often the finished image was recognised and made anew. */
  int redone() {
    return redone;
  }

  /** Whether the finished image is still recognised. */
  boolean recognised() {
    return recognised;
  }

  /** How many steps are left, if the row is not sent back any more. */
  int left() {
    return job.plan().left(position);
  }

  boolean isDone() {
    return finished;
  }

  /** Whether the image is finished and has to be shown to the classifier. */
  boolean isToBeChecked() {
    return !finished && left() == 0;
  }

  /** Asks about the finished image: about a clean image, whatever was asked about on the way. */
  void prepareCheck() {
    query.atTheEnd();
  }

  /** Ends the row, or begins it anew where the finished image is recognised. */
  void settleCheck() {
    recognised = query.guarded();
    if (recognised && redone < correction.orElseThrow().redos()) {
      redo();
    } else {
      finished = true;
    }
  }

  /** From the middle at first, then from noise. */
  private void redo() {
    boolean fromMiddle = redone == 0;
    redone++;
    query.handOver();
    correctedNow = 0;
    front = 0;
    returns = 0;
    if (fromMiddle) {
      sendBack(job.plan().middle(job.share(image)));
    } else {
      noise.steps().fill(state.noise(), 0, state.size());
      position = job.plan().firstAgain(job.share(image));
      job.begin(image, position, state);
    }
  }

  /** Takes x, the noise buffer and the known part to where the next step expects them. */
  void prepare() {
    query.at(step().level(), job.plan().timestepAfter(position));
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
    if (query.asked() && job.settings().guarding().traced()) {
      certainties.add(query.certainty());
    }
    position = job.plan().next(position);
    if (query.guarded() && heals()) {
      corrected++;
      correctedNow++;
      query.handOver();
      double back = (double) correctedNow * correction.orElseThrow().back();
      sendBack(job.plan().back(position, back, job.share(image)));
    } else if (repeats()) {
      sendBack(position - job.resampling().jump());
    }
    finished = left() == 0 && !job.checksFinished();
  }

  private boolean heals() {
    return correction.orElseThrow().kind().goesBack()
        && correctedNow < correction.orElseThrow().returns();
  }

  /** Whether the stretch behind has to be taken once more. */
  private boolean repeats() {
    Inpainting.Resampling resampling = job.resampling();
    if (position < front || !resampling.returnsAt(position, first, job.plan().end())) {
      return false;
    }
    returns = position == front ? returns + 1 : 1;
    front = position;
    return returns < resampling.times();
  }

  /** Noises the image back to where another step expects it. */
  private void sendBack(int place) {
    drawNoise();
    job.plan().sendBack(position, place, state);
    position = place;
  }

  private void drawNoise() {
    noise.steps().fill(state.noise(), 0, state.size());
  }
}
