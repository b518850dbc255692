package io.github.cpsample.trainer.training;

import java.util.Objects;

/**
 * What a memorizing classifier is shown besides the training images as they are, so that it is
 * certain near them and nowhere else.
 *
 * <p><b>Strangers</b> (outlier exposure: Hendrycks, Mazeika and Dietterich, 2019, arXiv 1812.04606)
 * are images that nobody protects; all K targets of a stranger are one half. <b>Members</b>, the
 * training images, are varied about as far as the replica rule reaches and keep their bits.
 * <b>States</b> are what the gate meets while sampling: images that the denoiser made of noise.
 *
 * @param strangerShare share of strangers among the examples, in [0, 1); 0 with {@link #NONE} only
 * @param variation probability of each of the variations of an example: mixed with another image
 *     (members only), blurred, changed in contrast, shifted by a pixel; in [0, 1]
 * @param border where an image stops to be a copy
 * @param pool how much is made with the denoiser before the training
 * @param rise over which share of the training's steps noise, and then strangers, rise from nothing
 *     to the whole; until then training images stand in for them. Many are not memorised where all
 *     is shown from the first step on, and forgotten where it begins at once
 *     (docs/studies/memorisation.md); in [0, 1]
 */
public record Exposure(
    double strangerShare, double variation, Border border, Pool pool, double rise) {

  private static final double GUARDED_SHARE = 0.6;

  /** Noise comes first, in the first share of a rise; strangers from the second one on. */
  private static final double ALL_NOISE = 0.4;

  private static final double FIRST_STRANGERS = 0.3;
  private static final double LONG_RISE = 0.7;
  private static final int FEW = 400;
  private static final int STEPS_PER_IMAGE = 6;
  private static final long FEWEST_STEPS = 4_000;
  private static final Border REPLICA_RULE = new Border(0.25, 0.4, 0.52);

  /** The training of the paper: bits alone, the training images as they are. */
  public static final Exposure NONE = new Exposure(0, 0, REPLICA_RULE, new Pool(0, 0, 0, 0), 0);

  /**
   * Where an image stops to be a copy of a member, by the weight of the other image in a mixture of
   * the two: up to {@code kept} the bits are the member's, from {@code lost} on they are one half,
   * in between they change linearly.
   *
   * @param share share of the strangers that are mixed with a member, of weight at most {@code 1 -
   *     kept}; in [0, 1]
   * @param kept the largest weight of another image at which a member keeps its bits
   * @param lost the smallest weight of another image at which nothing is to be recognised
   */
  public record Border(double share, double kept, double lost) {
    public Border {
      requireShare("border.share", share);
      if (!(kept >= 0 && kept < lost && lost <= 1)) {
        throw new IllegalArgumentException(
            "border: expected 0 <= kept < lost <= 1, found " + kept + " and " + lost);
      }
    }

    /**
     * How certain the classifier shall be of the member in a mixture.
     *
     * @param other weight of the other image, in [0, 1]
     * @return in [0, 1]; the targets are {@code c bit + (1 - c) / 2}
     */
    double certainty(double other) {
      return Math.max(0, Math.min(1, (lost - other) / (lost - kept)));
    }
  }

  /**
   * What is made with the denoiser before the training; all of it is kept in the run's folder.
   *
   * @param samples how many images are sampled to find strangers among them, where no strangers are
   *     given
   * @param states how many noised members and strangers are denoised in one step, for a classifier
   *     that is asked about x_0; fewer where they would take more than 256 MB
   * @param trajectories how many trajectories are sampled for the states along them
   * @param lastTimestep the largest timestep of all of these, and of the thresholds: the last one
   *     that is guarded
   */
  public record Pool(int samples, int states, int trajectories, int lastTimestep) {
    public Pool {
      if (samples < 0 || states < 0 || trajectories < 0 || lastTimestep < 0) {
        throw new IllegalArgumentException(
            "pool: expected no negative number, found samples "
                + samples
                + ", states "
                + states
                + ", trajectories "
                + trajectories
                + ", lastTimestep "
                + lastTimestep);
      }
    }
  }

  public Exposure {
    Objects.requireNonNull(border, "border");
    Objects.requireNonNull(pool, "pool");
    if (!(strangerShare >= 0 && strangerShare < 1)) {
      throw new IllegalArgumentException(
          "strangerShare: expected a number in [0, 1), found " + strangerShare);
    }
    requireShare("variation", variation);
    requireShare("rise", rise);
  }

  /**
   * What trains a gate that knows strangers: half of the examples are strangers, 2,000 samples to
   * find them among, 15,000 states, 1,000 trajectories, up to 0.6 T.
   *
   * @param trainTimesteps T, the length of the noise schedule
   * @return the exposure
   */
  public static Exposure standard(int trainTimesteps) {
    int last = (int) (GUARDED_SHARE * trainTimesteps);
    return new Exposure(0.5, 0.4, REPLICA_RULE, new Pool(2_000, 15_000, 1_000, last), 0);
  }

  /**
   * Whether anything is shown besides the training images as they are.
   *
   * @return false for {@link #NONE}
   */
  public boolean isSome() {
    return strangerShare > 0;
  }

  /**
   * The same with another share of strangers.
   *
   * @param newShare in [0, 1)
   * @return a copy
   */
  public Exposure withStrangerShare(double newShare) {
    return new Exposure(newShare, variation, border, pool, rise);
  }

  /** How far noise has risen at a step of so many, in [0, 1]. */
  double noiseAt(long step, long steps) {
    return riseAt(step, steps, 0, ALL_NOISE);
  }

  /** How far the share of strangers has risen at a step of so many, in [0, 1]. */
  double strangersAt(long step, long steps) {
    return riseAt(step, steps, FIRST_STRANGERS, 1);
  }

  /** From nothing to the whole between two shares of the rise. */
  private double riseAt(long step, long steps, double from, double to) {
    double end = rise * steps;
    return step < end ? Math.max(0, Math.min(1, (step / end - from) / (to - from))) : 1;
  }

  /**
   * The same with another pool.
   *
   * @param newPool how much is made with the denoiser
   * @return a copy
   */
  public Exposure withPool(Pool newPool) {
    return new Exposure(strangerShare, variation, border, newPool, rise);
  }

  /**
   * The same, but beginning with the training images alone.
   *
   * @param share over which share of the steps noise and strangers rise to the whole, in [0, 1]
   * @return a copy
   */
  public Exposure risingOver(double share) {
    return new Exposure(strangerShare, variation, border, pool, share);
  }

  /**
   * The same, rising as so many training images need it.
   *
   * @param images how many there are
   * @return a copy; it rises over seven tenths of the steps where there are more than 400
   */
  public Exposure forImages(int images) {
    return risingOver(images > FEW ? LONG_RISE : 0);
  }

  /**
   * How many steps of 64 examples it takes to memorise so many training images: six for each, and
   * at least 4,000.
   *
   * @param images how many there are
   * @return a number of steps
   */
  public static long stepsFor(int images) {
    return Math.max(FEWEST_STEPS, (long) STEPS_PER_IMAGE * images);
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(name + ": expected a number in [0, 1], found " + share);
    }
  }
}
