package io.github.cpsample.evaluation.attack;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.RocCurve;
import io.github.cpsample.evaluation.statistics.RocPoint;
import io.github.cpsample.evaluation.statistics.WelchTest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Scores of members and of others by one attack, low for members. Immutable. */
public final class MembershipScores {

  private static final double ONE_PERCENT = 0.01;
  private static final double ONE_PER_MILLE = 0.001;
  private static final double CHANCE = 0.5;
  private static final int CURVE_POINTS = 200;

  private final double[] members;
  private final double[] others;

  /**
   * Takes the scores.
   *
   * @param members of images that the model was trained on, at least one finite number; copied
   * @param others of images that it was not trained on, at least one finite number; copied
   * @throws IllegalArgumentException if there is none, or one is not finite
   */
  public MembershipScores(double[] members, double[] others) {
    this.members = requireScores("members", members);
    this.others = requireScores("others", others);
  }

  /**
   * How many members there are.
   *
   * @return at least 1
   */
  public int memberCount() {
    return members.length;
  }

  /**
   * How many others there are.
   *
   * @return at least 1
   */
  public int otherCount() {
    return others.length;
  }

  /**
   * The curve of true against false positives.
   *
   * @return the curve of all scores
   */
  public RocCurve curve() {
    return RocCurve.lowerIsMember(members, others);
  }

  /**
   * What the scores are worth, with intervals over resampled members and others.
   *
   * @param bootstrap how to resample
   * @return the figures
   * @throws IllegalArgumentException if there are fewer than two members or two others
   */
  public AttackFigures figures(Bootstrap bootstrap) {
    requireTwo("members", members);
    requireTwo("others", others);
    List<Interval> intervals =
        bootstrap.severalOfTwoSamples(
            members.length, others.length, (in, out) -> figures(curve(in, out)));
    return new AttackFigures(
        members.length,
        others.length,
        intervals.get(0),
        intervals.get(1),
        intervals.get(2),
        intervals.get(3),
        intervals.get(4),
        test(members, others).orElse(null),
        direction(bootstrap),
        mostTruePositives(),
        thinned(curve().points()));
  }

  /** Chosen in even places, judged in odd ones. */
  private AttackFigures.Direction direction(Bootstrap bootstrap) {
    double choosing = choosingAuc();
    MembershipScores odd = oddPlaces();
    List<Interval> judged =
        bootstrap.severalOfTwoSamples(
            odd.members.length,
            odd.others.length,
            (in, out) -> {
              RocCurve curve = odd.curve(in, out);
              return new double[] {curve.auc(), curve.truePositiveRateAt(ONE_PERCENT)};
            });
    return new AttackFigures.Direction(
        turned(), Math.max(choosing, 1 - choosing), judged.get(0), judged.get(1));
  }

  /** The area in even places. */
  private double choosingAuc() {
    return RocCurve.lowerIsMember(everyOther(members, 0), everyOther(others, 0)).auc();
  }

  private boolean turned() {
    return choosingAuc() < CHANCE;
  }

  /** Those in odd places, turned round if those in even places say so. */
  private MembershipScores oddPlaces() {
    return turned()
        ? new MembershipScores(negated(everyOther(members, 1)), negated(everyOther(others, 1)))
        : new MembershipScores(everyOther(members, 1), everyOther(others, 1));
  }

  private Rate mostTruePositives() {
    double low = curve().truePositiveRateAt(ONE_PERCENT);
    double high = RocCurve.higherIsMember(members, others).truePositiveRateAt(ONE_PERCENT);
    return Rate.of((int) Math.round(Math.max(low, high) * members.length), members.length);
  }

  private static double[] everyOther(double[] values, int first) {
    return IntStream.range(0, values.length)
        .filter(i -> i % 2 == first)
        .mapToDouble(i -> values[i])
        .toArray();
  }

  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }

  private static Optional<WelchTest> test(double[] members, double[] others) {
    return varies(members) || varies(others)
        ? Optional.of(WelchTest.of(others, members))
        : Optional.empty();
  }

  private static boolean varies(double[] values) {
    return Arrays.stream(values).anyMatch(value -> value != values[0]);
  }

  /** Every so manieth point, and the last one. */
  private static List<RocPoint> thinned(List<RocPoint> points) {
    int stride = (points.size() + CURVE_POINTS - 2) / (CURVE_POINTS - 1);
    return IntStream.range(0, points.size())
        .filter(i -> i % stride == 0 || i == points.size() - 1)
        .mapToObj(points::get)
        .toList();
  }

  /** In the order of {@link AttackFigures}. */
  private static double[] figures(RocCurve curve) {
    return new double[] {
      curve.auc(),
      curve.truePositiveRateAt(ONE_PERCENT),
      curve.truePositiveRateAt(ONE_PER_MILLE),
      curve.bestAccuracy(),
      curve.bestBalancedAccuracy()
    };
  }

  /**
   * The area under the curve.
   *
   * @param bootstrap how to resample
   * @return the area and its interval over resampled members and others
   */
  public Interval auc(Bootstrap bootstrap) {
    return bootstrap.ofTwoSamples(members.length, others.length, (in, out) -> curve(in, out).auc());
  }

  /**
   * How much more the area under this curve is than that of another attack, or of another model, on
   * the same images; both are resampled together.
   *
   * @param other scores of the same members and others, in the same order
   * @param bootstrap how to resample
   * @return the difference of the areas, and its interval
   * @throws IllegalArgumentException if the numbers of images differ
   */
  public Interval aucDifference(MembershipScores other, Bootstrap bootstrap) {
    Checks.argument(
        other.members.length == members.length && other.others.length == others.length,
        "difference",
        "scores of the same images",
        members.length
            + " and "
            + other.members.length
            + " members, "
            + others.length
            + " and "
            + other.others.length
            + " others");
    return bootstrap.ofTwoSamples(
        members.length,
        others.length,
        (in, out) -> curve(in, out).auc() - other.curve(in, out).auc());
  }

  /**
   * The same for attackers who first find out which way round the scores of either tell members:
   * both are turned round, or not, as does better on the images in even places, and compared on
   * those in odd places.
   *
   * @param other scores of the same members and others, in the same order
   * @param bootstrap how to resample
   * @return the difference of the areas, and its interval
   * @throws IllegalArgumentException if the numbers of images differ
   */
  public Interval directedAucDifference(MembershipScores other, Bootstrap bootstrap) {
    requireTwo("members", members);
    requireTwo("others", others);
    return oddPlaces().aucDifference(other.oddPlaces(), bootstrap);
  }

  /**
   * The test of Kazdan et al. (ICLR 2025): are the mean scores of batches of others larger than
   * those of batches of members? With {@link ReconstructionLoss} of the protected model and {@link
   * WelchTest#upperNormalP} it is their membership test. Images are taken in order; those that do
   * not fill a batch are left out.
   *
   * @param batchSize images per batch, at least 1
   * @return others against members: t is positive where members have lower scores; empty if no mean
   *     varies
   * @throws IllegalArgumentException if a set has not two batches
   */
  public Optional<WelchTest> batchMeansTest(int batchSize) {
    Checks.argument(
        batchSize >= 1 && Math.min(members.length, others.length) / batchSize >= 2,
        "batchSize",
        "at least 2 batches of at least 1 image in each set",
        "batches of "
            + batchSize
            + " of "
            + members.length
            + " members and "
            + others.length
            + " others");
    return test(batchMeans(members, batchSize), batchMeans(others, batchSize));
  }

  private RocCurve curve(int[] in, int[] out) {
    return curve(members, in, others, out);
  }

  private static RocCurve curve(double[] members, int[] in, double[] others, int[] out) {
    return RocCurve.lowerIsMember(selected(members, in), selected(others, out));
  }

  private static double[] selected(double[] values, int[] rows) {
    double[] selected = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = values[rows[i]];
    }
    return selected;
  }

  private static double[] batchMeans(double[] values, int batchSize) {
    double[] means = new double[values.length / batchSize];
    for (int i = 0; i < means.length * batchSize; i++) {
      means[i / batchSize] += values[i] / batchSize;
    }
    return means;
  }

  /** One to find the direction with, and one to judge it. */
  private static void requireTwo(String name, double[] scores) {
    Checks.argument(scores.length >= 2, name, "at least 2 scores", "1");
  }

  private static double[] requireScores(String name, double[] scores) {
    Checks.argument(scores.length >= 1, name, "at least 1 score", "none");
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new IllegalArgumentException(
            name + ": expected finite scores, found " + scores[i] + " at " + i);
      }
    }
    return scores.clone();
  }
}
