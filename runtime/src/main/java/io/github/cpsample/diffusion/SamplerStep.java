package io.github.cpsample.diffusion;

import io.github.cpsample.diffusion.Combination.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One step of a sampler as data: one call of the denoiser at one noise level, and the factors of
 * the update that follows,
 *
 * <pre>
 * x_0  = bound(sample)          of state and prediction
 * m    = remembered             of state, prediction, x_0 and guidance
 * x'   = next                   of all of these, fresh noise, what is kept, and older m
 * kept = kept                   of the same
 * </pre>
 *
 * each a {@link Combination}. A method that calls the denoiser several times per interval is a
 * sequence of such steps; a multistep method reads older m. The Java sampler and the writers of
 * graphs read the same steps. Immutable.
 */
public final class SamplerStep {
  private final NoiseLevel level;
  private final SampleClipping clipping;
  private final Combination sample;
  private final List<Optional<Update>> free;
  private final List<Optional<Update>> guided;
  private final Optional<LearnedVariance> variance;
  private final boolean usesNoise;

  /**
   * The factors of one update.
   *
   * @param remembered what is remembered as m, of age 0 in the others
   * @param kept what is kept for later steps
   * @param next the next x
   */
  public record Update(Combination remembered, Combination kept, Combination next) {
    public Update {
      Objects.requireNonNull(remembered, "remembered");
      Objects.requireNonNull(kept, "kept");
      Objects.requireNonNull(next, "next");
    }
  }

  /**
   * A variance that the denoiser gives for each value: {@code x'} is moved by variance times
   * guidance, and noised with it.
   *
   * @param kind how the output is read
   * @param small the posterior variance
   * @param large the variance of the forward step
   * @param addsNoise whether fresh noise is added
   */
  record LearnedVariance(DdpmConfig.Variance kind, double small, double large, boolean addsNoise) {
    private double at(SamplerState row, int index, boolean guided) {
      double variance = kind.learned(row.variance()[index], small, large);
      double drift = guided ? variance * row.guidance()[index] : 0;
      return addsNoise ? drift + Math.sqrt(variance) * row.noise()[index] : drift;
    }
  }

  /** What an update is for rows that are guided or not. */
  @FunctionalInterface
  interface UpdateOf {
    /** The update; null where too little is remembered. */
    @Nullable Update of(boolean guided);
  }

  private SamplerStep(
      DenoiserOutput output, Optional<LearnedVariance> variance, List<UpdateOf> byRemembered) {
    this.level = output.level();
    this.clipping = output.clipping();
    this.sample = output.unbounded();
    this.variance = variance;
    this.free = byRemembered.stream().map(it -> Optional.ofNullable(it.of(false))).toList();
    this.guided = byRemembered.stream().map(it -> Optional.ofNullable(it.of(true))).toList();
    this.usesNoise =
        variance.map(LearnedVariance::addsNoise).orElse(false)
            || updates().stream().anyMatch(update -> update.next().of(Term.NOISE) != 0);
  }

  /** The next x of rows that are guided or not. */
  @FunctionalInterface
  interface NextOf {
    Combination of(boolean guided);
  }

  /** A step that neither remembers nor keeps anything. */
  static SamplerStep plain(DenoiserOutput output, NextOf next) {
    return learned(output, Optional.empty(), next);
  }

  /** A plain step whose variance the denoiser gives, if it does. */
  static SamplerStep learned(
      DenoiserOutput output, Optional<LearnedVariance> variance, NextOf next) {
    return new SamplerStep(
        output,
        variance,
        List.of(guided -> new Update(Combination.ZERO, Combination.STATE, next.of(guided))));
  }

  /**
   * A move of a solver: from a base, by what is remembered.
   *
   * @param base what x' is reached from, and what is kept
   * @param move in whose state is the base
   */
  record Move(Combination base, Combination move) {
    static Move ofState(Combination move) {
      return new Move(Combination.STATE, move);
    }
  }

  /**
   * A step of a solver.
   *
   * @param remembered what it remembers
   * @param moves the moves for one remembered prediction, this step's, for two, and so on; the last
   *     one for more also; null where the step cannot be taken with so few
   */
  static SamplerStep solver(DenoiserOutput output, NextOf remembered, List<Move> moves) {
    List<UpdateOf> updates = new ArrayList<>();
    for (Move it : moves) {
      updates.add(
          guided ->
              it == null
                  ? null
                  : new Update(remembered.of(guided), it.base(), it.move().from(it.base())));
    }
    return new SamplerStep(output, Optional.empty(), updates);
  }

  /** A step of a linear multistep method, which moves from x. */
  static SamplerStep multistep(DenoiserOutput output, NextOf remembered, Combination... moves) {
    return solver(output, remembered, Arrays.stream(moves).map(Move::ofState).toList());
  }

  /**
   * The noise level of the x that enters this step.
   *
   * @return with the timestep that denoiser and classifier receive
   */
  public NoiseLevel level() {
    return level;
  }

  /**
   * The original training timestep that denoiser and classifier receive.
   *
   * @return in [0, T - 1], may be fractional
   */
  public double timestep() {
    return level.timestep();
  }

  /**
   * The fraction of signal variance of the x that enters this step.
   *
   * @return abar, in [0, 1]
   */
  public double alphasCumprod() {
    return level.alphasCumprod();
  }

  /**
   * The predicted image x_0 before it is bounded.
   *
   * @return of state and prediction
   */
  public Combination sample() {
    return sample;
  }

  /**
   * How the predicted image is bounded.
   *
   * @return of no effect where no update reads the bounded image
   */
  public SampleClipping clipping() {
    return clipping;
  }

  /**
   * Whether the denoiser gives the variance of this step.
   *
   * @return then the updates lack the terms of guidance and noise
   */
  public boolean learnsVariance() {
    return variance.isPresent();
  }

  /**
   * Whether {@link #advance} reads the noise buffer, which then must hold fresh standard normal
   * numbers.
   *
   * @return false where the step is deterministic
   */
  public boolean usesNoise() {
    return usesNoise;
  }

  /**
   * Whether a trajectory may begin at this step, with nothing remembered.
   *
   * @return false inside of an interval for which the denoiser is called several times
   */
  public boolean mayBegin() {
    return free.get(0).isPresent();
  }

  /**
   * The factors of the update.
   *
   * @param steps how many steps the row has taken since it began or was sent back, at least 0
   * @param isGuided whether the row is guided
   * @return the update
   * @throws IllegalStateException if the row has taken too few
   */
  public Update update(int steps, boolean isGuided) {
    List<Optional<Update>> updates = isGuided ? guided : free;
    return updates
        .get(Math.min(steps, updates.size() - 1))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "step at timestep "
                        + timestep()
                        + ": expected steps before it to have been taken, found "
                        + steps
                        + "; begin at a step whose mayBegin() is true"));
  }

  /**
   * For how many numbers of steps taken the factors differ: those of more are those of one less
   * than this.
   *
   * @return at least 1
   */
  public int histories() {
    return free.size();
  }

  /**
   * Whether the step may be taken by a row that has taken so many steps.
   *
   * @param steps at least 0
   * @return whether {@link #update} has factors for it
   */
  public boolean follows(int steps) {
    return free.get(Math.min(steps, free.size() - 1)).isPresent();
  }

  /**
   * All updates, of rows that are guided and that are not.
   *
   * @return at least two
   */
  public List<Update> updates() {
    List<Update> all = new ArrayList<>();
    free.forEach(it -> it.ifPresent(all::add));
    guided.forEach(it -> it.ifPresent(all::add));
    return all;
  }

  /**
   * Replaces an image's x by the next one.
   *
   * @param row the image; x and what is remembered of it are modified, nothing else
   * @param isGuided whether its guidance buffer is applied
   * @throws IllegalStateException if the image has taken too few steps for this one
   */
  public void advance(SamplerState row, boolean isGuided) {
    Update update = update(row.stepsTaken(), isGuided);
    Sum next = new Sum(update.next(), row);
    Sum remembered = new Sum(update.remembered(), row);
    Sum kept = new Sum(update.kept(), row);
    Sum image = new Sum(sample, row);
    boolean bounds = next.ofSample != 0 || remembered.ofSample != 0;
    double bound = bounds ? bound(image, row.size()) : 0;
    float[] x = row.x();
    float[] newest = row.roomForNewest();
    float[] keep = row.kept();
    boolean remembers = newest.length > 0 || next.ofNewest != 0;
    for (int i = 0; i < x.length; i++) {
      double x0 = bounds ? clipping.apply(image.at(i, 0, 0), bound) : 0;
      double m = remembers ? remembered.at(i, x0, 0) : 0;
      double moved = next.at(i, x0, m);
      if (variance.isPresent()) {
        moved += variance.get().at(row, i, isGuided);
      }
      if (newest.length > 0) {
        newest[i] = (float) m;
      }
      if (keep.length > 0) {
        keep[i] = (float) kept.at(i, x0, m);
      }
      x[i] = (float) moved;
    }
    row.stepTaken();
  }

  /** The bound of one image's values. */
  private double bound(Sum image, int size) {
    if (!clipping.needsImage()) {
      return clipping.range();
    }
    double[] magnitudes = new double[size];
    for (int i = 0; i < size; i++) {
      magnitudes[i] = Math.abs(image.at(i, 0, 0));
    }
    return clipping.bound(magnitudes);
  }

  /** A combination of the values of a row. */
  private static final class Sum {
    private final double ofState;
    private final double ofPrediction;
    private final double ofSample;
    private final double ofGuidance;
    private final double ofNoise;
    private final double ofKept;
    private final double ofNewest;
    private final double[] ofPast;
    private final float[][] past;
    private final float[] x;
    private final float[] prediction;
    private final float[] guidance;
    private final float[] noise;
    private final float[] kept;

    Sum(Combination factors, SamplerState row) {
      this.ofState = factors.of(Term.STATE);
      this.ofPrediction = factors.of(Term.PREDICTION);
      this.ofSample = factors.of(Term.SAMPLE);
      this.ofGuidance = factors.of(Term.GUIDANCE);
      this.ofNoise = factors.of(Term.NOISE);
      this.ofKept = factors.of(Term.KEPT);
      this.ofNewest = factors.ofRemembered(0);
      this.ofPast = new double[Math.max(0, factors.reach() - 1)];
      this.past = new float[ofPast.length][];
      for (int age = 1; age <= ofPast.length; age++) {
        ofPast[age - 1] = factors.ofRemembered(age);
        past[age - 1] = row.remembered(age);
      }
      this.x = row.x();
      this.prediction = row.prediction();
      this.guidance = row.guidance();
      this.noise = row.noise();
      this.kept = row.kept();
    }

    /** The sum at an index; terms whose factor is 0 are not read where they may not be filled. */
    double at(int i, double x0, double m) {
      double sum = ofState * x[i] + ofPrediction * prediction[i] + ofSample * x0 + ofNewest * m;
      if (ofGuidance != 0) {
        sum += ofGuidance * guidance[i];
      }
      if (ofNoise != 0) {
        sum += ofNoise * noise[i];
      }
      if (ofKept != 0) {
        sum += ofKept * kept[i];
      }
      for (int k = 0; k < ofPast.length; k++) {
        sum += ofPast[k] * past[k][i];
      }
      return sum;
    }
  }
}
