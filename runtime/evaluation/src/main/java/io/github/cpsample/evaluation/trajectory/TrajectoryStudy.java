package io.github.cpsample.evaluation.trajectory;

import io.github.cpsample.evaluation.comparators.BatchProgress;
import io.github.cpsample.evaluation.figures.GuardFigures.Spread;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.ObservedStep;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the force, and how steep the classifier is, along the trajectories of some seeds. Keeps
 * numbers only. Not thread-safe.
 *
 * <p><b>Relative force</b>: the guard takes {@code sqrt(1 - abar) g} from the predicted noise; its
 * length over that of the noise, for every step in which it moved an image. Ways back are no moves.
 *
 * <p><b>Lipschitz constant.</b> With L such that no logit changes by more than L times the
 * Euclidean distance of two images at the same timestep, certainty becomes distance: two images
 * between whose logits lies D are at least D / L apart, in the scale of what the classifier is
 * asked about, u: x_t, or the image that the denoiser sees in it. L is estimated from below, by the
 * largest that is seen for an image of
 *
 * <ul>
 *   <li>{@code max_k |z_k(u) - z_k(u')| / |u - u'|}, u' being that of the unprotected twin at the
 *       same timestep, from the first guarded step on, where the guard asks; also where the image
 *       is there for a second time, since any two images at one timestep will do;
 *   <li>{@code |grad| = |g| / s} in steps with a push, times {@code sqrt(abar)} where it is that of
 *       the denoiser's image: g is s times a combination of the logits' gradients whose weights are
 *       at most 1 together ({@link io.github.cpsample.protection.Force#cotangent}), so this exceeds
 *       no gradient's length.
 * </ul>
 *
 * <p>States of one trajectory at different timesteps are not compared: the classifier knows the
 * timestep, and what changes with it is not steepness. An estimate from below proves no distance;
 * it says how small the distance is that could be proved at best.
 */
public final class TrajectoryStudy {

  private final Twins twins;
  private final ProtectionSettings protection;

  /**
   * A study of one model.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its steps and how it is protected
   * @param batchSize how many images are made together at most, at least 1
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public TrajectoryStudy(
      ProtectedSampler sampler, UnaryOperator<SampleRequest> request, int batchSize) {
    this.twins = new Twins(sampler, request, batchSize);
    this.protection = sampler.settings(request.apply(SampleRequest.of(1))).guarding().protection();
  }

  /**
   * Samples both sides of some seeds.
   *
   * @param firstSeed the first seed
   * @param count how many, at least 1
   * @param progress is told of every step, and may cancel
   * @return the figures
   */
  public TrajectoryFigures run(long firstSeed, int count, Progress progress) {
    BatchProgress batches = new BatchProgress(progress, 2 * twins.batches(count));
    Seen seen = new Seen(firstSeed, count);
    twins.run(firstSeed, count, batches, seen::add);
    return new TrajectoryFigures(
        count,
        spread(seen.forces.build().toArray()),
        spread(Arrays.stream(seen.steepest).filter(it -> it > 0).toArray()));
  }

  /** The numbers so far. */
  private final class Seen {
    private final long firstSeed;
    private final DoubleStream.Builder forces = DoubleStream.builder();
    private final double[] steepest;
    private final boolean[] guarded;

    Seen(long firstSeed, int count) {
      this.firstSeed = firstSeed;
      this.steepest = new double[count];
      this.guarded = new boolean[count];
    }

    void add(ObservedStep step, List<Twins.Twin> others) {
      for (int row = 0; row < step.rows(); row++) {
        int image = Math.toIntExact(step.seed(row) - firstSeed);
        if (step.asked(row) && guarded[image]) {
          steepen(image, quotient(step.subject(row), step.logits(row), others.get(row)));
        }
        if (step.moved(row)) {
          double guidance = length(step.guidance(row));
          double push = Math.sqrt(1 - step.alphasCumprod(row)) * guidance;
          forces.add(push / length(step.epsilon(row)));
          steepen(image, gradient(guidance, step.alphasCumprod(row)));
        }
        guarded[image] |= step.guarded(row);
      }
    }

    private void steepen(int image, double slope) {
      steepest[image] = Math.max(steepest[image], slope);
    }
  }

  /** The length of the gradient of what was asked about; 0 where the guidance is none. */
  private double gradient(double guidance, double alphasCumprod) {
    if (protection.correction().kind().move() != Move.PUSH || protection.scale() == 0) {
      return 0;
    }
    double ofState = guidance / protection.scale();
    return protection.asks() == Subject.X_0 ? Math.sqrt(alphasCumprod) * ofState : ofState;
  }

  private static double quotient(float[] subject, float[] logits, Twins.Twin twin) {
    double most = 0;
    for (int k = 0; k < logits.length; k++) {
      most = Math.max(most, Math.abs((double) logits[k] - twin.logits[k]));
    }
    double squares = 0;
    for (int i = 0; i < subject.length; i++) {
      double difference = (double) subject[i] - twin.subject[i];
      squares += difference * difference;
    }
    return squares == 0 ? 0 : most / Math.sqrt(squares);
  }

  private static double length(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static @Nullable Spread spread(double[] values) {
    return values.length == 0 ? null : Spread.of(values);
  }
}
