package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The gate's threshold at every noise level, found on images that are not protected so that at most
 * a stated share of them is guarded at any level. Between levels the smaller alpha of both holds,
 * since tails of certainties are jumpy and nothing was measured there; outside the nearest level's.
 * Immutable.
 *
 * @param falseAlarms the share of strangers that may be guarded at any one level, in (0, 1)
 * @param levels at least one, by rising timestep; copied
 * @param finished the alpha at which a finished image is recognised, in (0, 1/2)
 * @param views in how many views a finished image is looked at
 */
public record Thresholds(double falseAlarms, List<Level> levels, double finished, Views views) {

  /**
   * The threshold of one level.
   *
   * @param timestep at least 0
   * @param alpha guard when the certainty exceeds {@code 1 - alpha}; in (0, 1/2)
   */
  public record Level(double timestep, double alpha) {
    public Level {
      Checks.argument(
          timestep >= 0 && timestep < Double.POSITIVE_INFINITY,
          "thresholds",
          "timesteps of at least 0",
          timestep);
      Checks.argument(alpha > 0 && alpha < 0.5, "thresholds", "every alpha in (0, 1/2)", alpha);
    }
  }

  public Thresholds {
    Checks.argument(
        falseAlarms > 0 && falseAlarms < 1, "thresholds", "falseAlarms in (0, 1)", falseAlarms);
    levels = List.copyOf(levels);
    Checks.argument(!levels.isEmpty(), "thresholds", "at least one level", "none");
    for (int i = 1; i < levels.size(); i++) {
      if (!(levels.get(i).timestep() > levels.get(i - 1).timestep())) {
        throw new IllegalArgumentException(
            "thresholds: expected levels by rising timestep, found "
                + levels.get(i - 1).timestep()
                + " before "
                + levels.get(i).timestep());
      }
    }
    Checks.argument(finished > 0 && finished < 0.5, "thresholds", "finished in (0, 1/2)", finished);
    Objects.requireNonNull(views, "views");
  }

  /**
   * Thresholds by which finished images are looked at once.
   *
   * @param falseAlarms in (0, 1)
   * @param levels at least one, by rising timestep
   * @param finished the alpha at which a finished image is recognised, in (0, 1/2)
   */
  public Thresholds(double falseAlarms, List<Level> levels, double finished) {
    this(falseAlarms, levels, finished, Views.ONE);
  }

  /**
   * Thresholds whose lowest level's is also that of finished images.
   *
   * @param falseAlarms in (0, 1)
   * @param levels at least one, by rising timestep
   */
  public Thresholds(double falseAlarms, List<Level> levels) {
    this(falseAlarms, levels, levels.isEmpty() ? 0 : levels.get(0).alpha());
  }

  /**
   * The last noise level with a threshold of its own.
   *
   * @return its timestep
   */
  public double lastTimestep() {
    return levels.get(levels.size() - 1).timestep();
  }

  /**
   * The threshold at a timestep.
   *
   * @param timestep at least 0, may be fractional
   * @return alpha, in (0, 1/2)
   */
  public double alphaAt(double timestep) {
    Optional<Level> above = levels.stream().filter(it -> it.timestep() >= timestep).findFirst();
    if (above.isEmpty()) {
      return levels.get(levels.size() - 1).alpha();
    }
    Level high = above.get();
    int index = levels.indexOf(high);
    return index == 0 || high.timestep() == timestep
        ? high.alpha()
        : Math.min(levels.get(index - 1).alpha(), high.alpha());
  }
}
