package io.github.cpsample.evaluation.statistics;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well a score tells members of a training set from others. Immutable.
 *
 * <p>A threshold admits every score that is at least as member-like as it; equal scores are
 * admitted together. The area under the curve is {@code P(member above other) + P(tie)/2}.
 */
public final class RocCurve {

  /** Ascending, larger is more member-like. */
  private final double[] members;

  /** Ascending, larger is more member-like. */
  private final double[] others;

  private RocCurve(double[] members, double[] others) {
    this.members = members;
    this.others = others;
  }

  /**
   * For a score that is high for members, such as a certainty.
   *
   * @param members scores of members, at least one, none NaN; copied
   * @param others scores of non-members, at least one, none NaN; copied
   * @return the curve
   * @throws IllegalArgumentException if a set is empty or holds a NaN
   */
  public static RocCurve higherIsMember(double[] members, double[] others) {
    return new RocCurve(sorted("members", members, 1), sorted("others", others, 1));
  }

  /**
   * For a score that is low for members, such as a loss.
   *
   * @param members scores of members, at least one, none NaN; copied
   * @param others scores of non-members, at least one, none NaN; copied
   * @return the curve
   * @throws IllegalArgumentException if a set is empty or holds a NaN
   */
  public static RocCurve lowerIsMember(double[] members, double[] others) {
    return new RocCurve(sorted("members", members, -1), sorted("others", others, -1));
  }

  /**
   * The area under the curve.
   *
   * @return in {@code [0, 1]}, one half for a score that knows nothing
   */
  public double auc() {
    double wins = 0;
    int below = 0;
    int notAbove = 0;
    for (double member : members) {
      while (below < others.length && others[below] < member) {
        below++;
      }
      while (notAbove < others.length && others[notAbove] <= member) {
        notAbove++;
      }
      wins += 0.5 * below + 0.5 * notAbove;
    }
    return wins / ((double) members.length * others.length);
  }

  /**
   * The largest share of members admitted by any threshold that admits at most a share {@code
   * falsePositiveRate} of the others. Nothing is interpolated and the bound is never exceeded, so
   * that with fewer than {@code 1/falsePositiveRate} others no false positive at all is allowed.
   *
   * @param falsePositiveRate in {@code [0, 1]}
   * @return in {@code [0, 1]}
   * @throws IllegalArgumentException if the rate is out of range
   */
  public double truePositiveRateAt(double falsePositiveRate) {
    Checks.argument(
        falsePositiveRate >= 0 && falsePositiveRate <= 1,
        "falsePositiveRate",
        "a share in [0, 1]",
        falsePositiveRate);
    int admitted = 0;
    int next = members.length - 1;
    while (next >= 0) {
      double threshold = members[next];
      if ((double) countAtLeast(others, threshold) / others.length > falsePositiveRate) {
        break;
      }
      while (next >= 0 && members[next] == threshold) {
        next--;
      }
      admitted = members.length - 1 - next;
    }
    return (double) admitted / members.length;
  }

  /**
   * The share of members and others, taken together, that the best threshold tells rightly. It
   * depends on how many of each there are: a threshold that admits all or none gets the larger set
   * right.
   *
   * @return in {@code [0.5, 1]}
   */
  public double bestAccuracy() {
    double total = (double) members.length + others.length;
    double best = 0;
    for (RocPoint point : points()) {
      double right =
          point.truePositiveRate() * members.length
              + (1 - point.falsePositiveRate()) * others.length;
      best = Math.max(best, right / total);
    }
    return best;
  }

  /**
   * The mean of the shares of members and of others that the best threshold tells rightly, whatever
   * their numbers.
   *
   * @return in {@code [0.5, 1]}
   */
  public double bestBalancedAccuracy() {
    double best = 0;
    for (RocPoint point : points()) {
      best = Math.max(best, (point.truePositiveRate() + 1 - point.falsePositiveRate()) / 2);
    }
    return best;
  }

  /**
   * The curve: what every threshold at a score admits, from none to all.
   *
   * @return points from (0, 0) to (1, 1), both rates ascending; equal scores make one point
   */
  public List<RocPoint> points() {
    List<RocPoint> points = new ArrayList<>();
    points.add(new RocPoint(0, 0));
    int member = members.length;
    int other = others.length;
    while (member > 0 || other > 0) {
      double threshold =
          Math.max(
              member > 0 ? members[member - 1] : Double.NEGATIVE_INFINITY,
              other > 0 ? others[other - 1] : Double.NEGATIVE_INFINITY);
      while (member > 0 && members[member - 1] == threshold) {
        member--;
      }
      while (other > 0 && others[other - 1] == threshold) {
        other--;
      }
      points.add(
          new RocPoint(
              (double) (others.length - other) / others.length,
              (double) (members.length - member) / members.length));
    }
    return List.copyOf(points);
  }

  private static int countAtLeast(double[] ascending, double threshold) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < threshold) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return ascending.length - low;
  }

  private static double[] sorted(String name, double[] scores, int sign) {
    Checks.argument(scores.length > 0, name, "at least one score", "none");
    double[] result = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException(name + ": score " + i + " is NaN");
      }
      // + 0.0 turns -0.0, which sorts below 0.0, into 0.0
      result[i] = sign * scores[i] + 0.0;
    }
    Arrays.sort(result);
    return result;
  }
}
