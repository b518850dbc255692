package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What other settings would have cost and brought, on seeds of their own.
 *
 * @param source where the points come from, in words
 * @param points one per setting
 */
public record TradeOff(String source, List<Point> points) {

  /**
   * One setting.
   *
   * @param setting in words
   * @param bits of the classifier's code
   * @param alpha the gate's threshold; null where it has one for every noise level
   * @param scale strength of the push
   * @param firstTimestep the smallest guarded timestep
   * @param lastTimestep the largest guarded timestep
   * @param force name of the force
   * @param images sampled
   * @param replicas share of replicas by the fixed rule
   * @param frechetDistance to held-out images; null without an embedder
   * @param heldOutDistance mean root mean squared error to the nearest held-out image
   * @param stepsGuarded share of all steps
   * @param overhead time over that of unprotected images
   * @param chosen whether these are the model's settings
   */
  public record Point(
      String setting,
      int bits,
      Double alpha,
      double scale,
      int firstTimestep,
      int lastTimestep,
      String force,
      int images,
      Rate replicas,
      @Nullable Interval frechetDistance,
      double heldOutDistance,
      double stepsGuarded,
      double overhead,
      boolean chosen) {}
}
