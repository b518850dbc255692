package io.github.cpsample.guard;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.protection.Certainty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;

/**
 * Asks the memorising classifier whether it recognises finished images: every image is noised to
 * several low noise levels, {@code x_t = sqrt(abar_t) x + sqrt(1 - abar_t) z}, with the same few
 * seeded draws of {@code z} for all images, and the mean logarithms of the certainty at the levels
 * are compared, by their geometric mean, with a limit. Needs no training images, and finds what
 * their index cannot see, as far as the classifier generalises: small changes such as shifts.
 *
 * <p><b>This is a membership test of the training set</b>, which is what the classifier was trained
 * to be. Whoever may ask it about images of their choice can find out which were trained on; so may
 * whoever holds the bundle. Keep both with the party that holds the training images.
 *
 * <p>Thread-safe. Holds native memory until it is closed.
 */
public final class CertaintyCheck implements ImageCheck, AutoCloseable {

  /** Draws of noise per level unless another number is asked for. */
  public static final int DRAWS = 8;

  private static final String REASON = "the classifier recognises it";

  private final ClassifierProbe classifier;
  private final List<Manifest.MemorisationPoint> levels;
  private volatile Limit limit;

  private CertaintyCheck(ClassifierProbe classifier, List<Manifest.MemorisationPoint> levels) {
    this.classifier = classifier;
    this.levels = levels;
    this.limit = uncalibrated();
  }

  /**
   * Whether a model can be checked so: its classifier sees images, and its memorisation curve names
   * a level at which it tells training images from others.
   *
   * @param manifest the model
   * @return whether {@link #open} takes it
   */
  public static boolean fits(Manifest manifest) {
    return manifest.pipeline().latent().isEmpty() && !GuardLevels.find(manifest).isEmpty();
  }

  /**
   * Opens a model's classifier. The limit is a guess from the model's memorisation curve until
   * {@link #calibrate} is called, and then nothing is known about false alarms.
   *
   * @param bundle the model; may be closed afterwards
   * @param device where the classifier runs
   * @param draws how often every image is noised per level, at least 1
   * @param seed draw {@code i} is that of {@code seed + i}
   * @return the check, which the caller closes
   * @throws IllegalArgumentException if the classifier sees latents, or the model's curve names no
   *     level at which the classifier tells training images from others
   * @throws io.github.cpsample.inference.InferenceException if ONNX Runtime refuses the classifier
   */
  public static CertaintyCheck open(
      ModelBundle bundle, ResolvedDevice device, int draws, long seed) {
    Manifest manifest = bundle.manifest();
    if (manifest.pipeline().latent().isPresent()) {
      throw new IllegalArgumentException(
          "model "
              + manifest.name()
              + ": expected a classifier of images, found one of latents; check with an index"
              + " alone");
    }
    List<Manifest.MemorisationPoint> levels = GuardLevels.of(manifest);
    return new CertaintyCheck(ClassifierProbe.open(bundle, device, draws, seed), levels);
  }

  /**
   * Sets the limit with images that were not trained on.
   *
   * @param heldOut images of the kind that is checked, each asked for once; at least {@code 1 /
   *     falseAlarms - 1}
   * @param falseAlarms the share of such images that may be recognised by mistake, in (0, 1)
   * @return the limit, in use from now on
   * @throws IllegalArgumentException if there are too few images or one has another shape
   */
  public Limit calibrate(Iterable<FloatImage> heldOut, double falseAlarms) {
    double[] scores =
        StreamSupport.stream(heldOut.spliterator(), false)
            .mapToDouble(image -> score(levels(image)))
            .toArray();
    limit = Limit.of(scores, falseAlarms);
    return limit;
  }

  /**
   * The limit in use.
   *
   * @return the limit
   */
  public Limit limit() {
    return limit;
  }

  /**
   * The noise levels asked.
   *
   * @return timesteps in ascending order
   */
  public List<Integer> timesteps() {
    return levels.stream().map(Manifest.MemorisationPoint::t).toList();
  }

  @Override
  public List<GuardVerdict> check(List<FloatImage> images) {
    Limit current = limit;
    List<GuardVerdict> verdicts = new ArrayList<>(images.size());
    for (FloatImage image : images) {
      List<Double> found = levels(image);
      double score = score(found);
      boolean recognised = current.recognises(score);
      verdicts.add(
          new GuardVerdict(
              recognised ? List.of(REASON) : List.of(),
              Optional.empty(),
              Optional.of(new GuardVerdict.Recognition(found, score, recognised))));
    }
    return verdicts;
  }

  /** Frees the classifier. Closing twice does nothing. */
  @Override
  public void close() {
    classifier.close();
  }

  /**
   * Half way, in orders of magnitude, between the mean uncertainty {@code u = 1 - c} about training
   * images and about others, at every level; {@code log c} is about {@code -u}.
   */
  private Limit uncalibrated() {
    List<Double> between = new ArrayList<>();
    for (Manifest.MemorisationPoint level : levels) {
      double ofOthers =
          level.others().map(Manifest.MemorisationPoint.HeldOut::certainty).orElse(0.5);
      between.add(-Math.sqrt((1 - level.trainCertainty()) * (1 - ofOthers)));
    }
    return new Limit(score(between), OptionalDouble.empty(), 0);
  }

  private List<Double> levels(FloatImage image) {
    float[] logits = classifier.logits(image, timesteps());
    int bits = classifier.bits();
    int draws = classifier.draws();
    List<Double> means = new ArrayList<>(levels.size());
    for (int level = 0; level < levels.size(); level++) {
      double sum = 0;
      for (int draw = 0; draw < draws; draw++) {
        sum += Certainty.log(logits, (level * draws + draw) * bits, bits);
      }
      means.add(sum / draws);
    }
    return means;
  }

  /**
   * The geometric mean, so that a level at which a training image is known a thousand times better
   * than any other image is not drowned by a noisier level at which it is known ten times better.
   */
  private static double score(List<Double> levels) {
    double sum = 0;
    for (double level : levels) {
      sum += Math.log(Math.max(Double.MIN_NORMAL, -level));
    }
    return -Math.exp(sum / levels.size());
  }

  /**
   * From which score on an image counts as recognised.
   *
   * @param score the limit, in [-log 2, 0]
   * @param falseAlarms the share of images that were not trained on that reaches it at most, on
   *     average over sets of held-out images; empty if nothing was measured
   * @param heldOut how many held-out images it was measured with
   */
  public record Limit(double score, OptionalDouble falseAlarms, int heldOut) {

    /**
     * The limit from the scores of held-out images. With {@code n} of them, the {@code k}-th
     * highest score is the limit, {@code k} the largest whole number up to {@code rate * (n + 1)};
     * an image is recognised if it scores <em>higher</em>. A further image of the same kind ranks
     * equally likely at each of the {@code n + 1} places, so it is recognised with a probability of
     * at most {@code k / (n + 1)} (Vovk, Gammerman and Shafer, <i>Algorithmic Learning in a Random
     * World</i>, 2005, conformal prediction).
     *
     * @param heldOut scores of images that were not trained on
     * @param rate the false alarms allowed, in (0, 1)
     * @return the limit
     * @throws IllegalArgumentException if there are fewer than {@code 1 / rate - 1} images
     */
    static Limit of(double[] heldOut, double rate) {
      Checks.argument(rate > 0 && rate < 1, "false alarms", "a share in (0, 1)", rate);
      int place = (int) Math.floor(rate * (heldOut.length + 1) + 1e-9);
      Checks.argument(
          place >= 1,
          "held-out images",
          "at least " + (int) Math.ceil(1 / rate - 1 - 1e-9) + " for a false alarm rate of " + rate,
          heldOut.length);
      double[] sorted = heldOut.clone();
      Arrays.sort(sorted);
      double score = sorted[sorted.length - place];
      return new Limit(score, OptionalDouble.of(place / (heldOut.length + 1.0)), heldOut.length);
    }

    /** Whether a score is beyond the limit. */
    boolean recognises(double found) {
      return found > score;
    }
  }

  /** At which noise levels a classifier is asked about finished images. */
  static final class GuardLevels {

    /** A level is used if its area under the ROC curve is as near to the best one. */
    private static final double NEAR_THE_BEST = 0.01;

    private static final double LEAST_AREA = 0.6;
    private static final double LEAST_ACCURACY = 0.99;
    private static final int MOST = 4;

    private GuardLevels() {}

    /**
     * The lowest levels, four at most, at which certainty separates training images from others
     * about as well as it does anywhere; where the curve was measured without other images, those
     * at which the classifier knows its training images.
     *
     * @return timesteps in ascending order, at least one
     * @throws IllegalArgumentException if there is none
     */
    static List<Manifest.MemorisationPoint> of(Manifest manifest) {
      List<Manifest.MemorisationPoint> levels = find(manifest);
      if (levels.isEmpty()) {
        throw new IllegalArgumentException(
            "model "
                + manifest.name()
                + ": expected a memorisation curve with a noise level at which the classifier tells"
                + " its training images from others, found none; check with an index instead");
      }
      return levels;
    }

    /** The same; empty if there is none. */
    static List<Manifest.MemorisationPoint> find(Manifest manifest) {
      double best = manifest.memorisation().stream().mapToDouble(GuardLevels::area).max().orElse(0);
      return manifest.memorisation().stream()
          .filter(
              point ->
                  best > 0
                      ? area(point) >= Math.max(LEAST_AREA, best - NEAR_THE_BEST)
                      : point.trainAccuracy() >= LEAST_ACCURACY)
          .sorted(Comparator.comparingInt(Manifest.MemorisationPoint::t))
          .limit(MOST)
          .toList();
    }

    private static double area(Manifest.MemorisationPoint point) {
      return point.others().map(Manifest.MemorisationPoint.HeldOut::auc).orElse(0.0);
    }
  }
}
