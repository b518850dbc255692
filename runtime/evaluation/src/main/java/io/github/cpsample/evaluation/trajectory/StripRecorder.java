package io.github.cpsample.evaluation.trajectory;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.comparators.BatchProgress;
import io.github.cpsample.evaluation.figures.TrajectoryStrip;
import io.github.cpsample.evaluation.figures.TrajectoryStrip.Frame;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.ObservedStep;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Follows single seeds with and without protection at moments that are spread evenly over the steps
 * that the protected image took, the first and the last among them. Where it was sent back, a later
 * moment has a larger timestep; the unprotected image is then shown again as it was there. Holds
 * certainties, which tell training images from others: for whoever the training images belong to.
 * Not thread-safe.
 */
public final class StripRecorder {

  /** How many moments a strip usually has. */
  public static final int USUAL_FRAMES = 8;

  private final Twins twins;
  private final ImageShape shape;
  private final boolean pixels;
  private final int frames;

  /**
   * A recorder of one model.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its steps and how it is protected
   * @param frames how many moments, at least 2; all steps where there are fewer
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public StripRecorder(ProtectedSampler sampler, UnaryOperator<SampleRequest> request, int frames) {
    Checks.atLeast("frames", frames, 2);
    SampleSettings settings = sampler.settings(request.apply(SampleRequest.of(1)));
    this.twins = new Twins(sampler, request, 1);
    this.shape = settings.images().shape();
    this.pixels = sampler.manifest().pipeline().latent().isEmpty();
    this.frames = frames;
  }

  /**
   * Samples one seed twice.
   *
   * @param seed the seed
   * @param progress is told of every step, and may cancel
   * @return the strip
   */
  public RecordedStrip record(long seed, Progress progress) {
    List<Moment> all = new ArrayList<>();
    twins.run(
        seed,
        1,
        new BatchProgress(progress, 2 * twins.batches(1)),
        (step, others) -> all.add(new Moment(step, others.get(0))));
    int[] places = places(all.size());
    List<Moment> shown = Arrays.stream(places).mapToObj(all::get).toList();
    return new RecordedStrip(
        new TrajectoryStrip(seed, frames(all, places)),
        pixels ? shown.stream().map(moment -> image(moment.unprotectedSample)).toList() : List.of(),
        pixels ? shown.stream().map(moment -> image(moment.protectedSample)).toList() : List.of());
  }

  /** Which steps are shown. */
  private int[] places(int steps) {
    int count = Math.min(frames, steps);
    return IntStream.range(0, count)
        .map(i -> Math.round(i * (steps - 1) / Math.max(1f, count - 1f)))
        .toArray();
  }

  private static List<Frame> frames(List<Moment> all, int[] places) {
    List<Frame> shown = new ArrayList<>();
    int before = 0;
    for (int place : places) {
      Moment moment = all.get(place);
      int end = place == all.size() - 1 ? all.size() : place;
      boolean guarded = all.subList(before, end).stream().anyMatch(passed -> passed.guarded);
      shown.add(
          new Frame(
              moment.timestep, moment.unprotectedCertainty, moment.protectedCertainty, guarded));
      before = place;
    }
    return shown;
  }

  private FloatImage image(float[] values) {
    float[] bounded = values.clone();
    for (int i = 0; i < bounded.length; i++) {
      bounded[i] = Math.max(-1, Math.min(1, bounded[i]));
    }
    return FloatImage.copyOf(shape, bounded, 0);
  }

  /** Both sides of one step. */
  private static final class Moment {
    private final double timestep;
    private final double unprotectedCertainty;
    private final @Nullable Double protectedCertainty;
    private final boolean guarded;
    private final float[] unprotectedSample;
    private final float[] protectedSample;

    Moment(ObservedStep step, Twins.Twin twin) {
      this.timestep = step.timestep(0);
      this.unprotectedCertainty = twin.certainty;
      this.protectedCertainty = certainty(step, twin);
      this.guarded = step.guarded(0);
      this.unprotectedSample = twin.sample;
      this.protectedSample = step.sample(0);
    }

    /** Before the first correction both are the same, so that the twin's answer is known. */
    private static @Nullable Double certainty(ObservedStep step, Twins.Twin twin) {
      if (step.asked(0)) {
        return step.certainty(0);
      }
      return Arrays.equals(step.before(0), twin.x) ? (Double) twin.certainty : null;
    }
  }
}
