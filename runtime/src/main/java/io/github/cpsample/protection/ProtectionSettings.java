package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How sampling is protected. Immutable.
 *
 * @param gate decides which steps are guarded
 * @param force decides which way a guarded sample is pushed
 * @param alpha the gate's threshold where there are no {@code thresholds}, in (0, 1/2]: guard when
 *     the certainty exceeds {@code 1 - alpha}; 1/2 guards always
 * @param scale the strength s of the push, finite and at least 0; 0 pushes nothing
 * @param firstTimestep the smallest guarded timestep, at least 0
 * @param lastTimestep the largest guarded timestep, at least {@code firstTimestep}
 * @param askEvery once in how many timesteps the classifier is asked, at least 1; 1 asks in every
 *     step, as the paper does
 * @param asks what the classifier is asked about
 * @param thresholds a threshold for every noise level, instead of alpha; empty for the paper's
 * @param correction what is done with a guarded row
 */
public record ProtectionSettings(
    Gate gate,
    Force force,
    double alpha,
    double scale,
    int firstTimestep,
    int lastTimestep,
    int askEvery,
    Subject asks,
    Optional<Thresholds> thresholds,
    Correction correction) {

  private static final double STANDARD_ALPHA = 0.3;
  private static final double STANDARD_SCALE = 20;
  private static final double STANDARD_LAST = 0.6;
  private static final double STANDARD_PACE = 0.05;
  private static final double HANDOVER_PACE = 0.1;

  public ProtectionSettings {
    Objects.requireNonNull(gate, "gate");
    Objects.requireNonNull(force, "force");
    Objects.requireNonNull(asks, "asks");
    Objects.requireNonNull(thresholds, "thresholds");
    Objects.requireNonNull(correction, "correction");
    requireAlpha(alpha);
    Checks.argument(
        scale >= 0 && scale < Double.POSITIVE_INFINITY,
        "scale",
        "a finite number of at least 0",
        scale);
    Checks.argument(
        firstTimestep >= 0 && lastTimestep >= firstTimestep,
        "guardedTimesteps",
        "0 <= first <= last",
        "[" + firstTimestep + ", " + lastTimestep + "]");
    Checks.atLeast("askEvery", askEvery, 1);
  }

  /**
   * The paper's protection by the names of its gate and force: asks about x_t, with one threshold,
   * and pushes.
   *
   * @param gate {@code paper} or {@code code}
   * @param force {@code opposite-label} or {@code own-label}
   * @param alpha in (0, 1/2]
   * @param scale finite and at least 0
   * @param firstTimestep the smallest guarded timestep
   * @param lastTimestep the largest guarded timestep
   * @return the settings
   * @throws IllegalArgumentException if a name is unknown or a number out of range
   */
  public static ProtectionSettings of(
      String gate, String force, double alpha, double scale, int firstTimestep, int lastTimestep) {
    return new ProtectionSettings(
        Gate.named(gate),
        Force.named(force),
        alpha,
        scale,
        firstTimestep,
        lastTimestep,
        1,
        Subject.X_T,
        Optional.empty(),
        Correction.PAPER);
  }

  /**
   * The protection of a model whose classifier knows strangers, unless somebody says otherwise. The
   * alpha holds until thresholds are measured.
   *
   * @param trainTimesteps of the noise schedule, at least 1
   * @param asks what the classifier was trained to be asked about
   * @return the gate {@code code} over the first 0.6 of the noise schedule, asked once in a
   *     twentieth of it, with {@link Correction#standard(int)}
   */
  public static ProtectionSettings standard(int trainTimesteps, Subject asks) {
    return usual(trainTimesteps, asks, STANDARD_PACE)
        .withCorrection(Correction.standard(trainTimesteps));
  }

  /**
   * The same where the model has a fallback denoiser: asked half as often, since a late answer
   * costs little there.
   *
   * @param trainTimesteps of the noise schedule, at least 1
   * @param asks what the classifier was trained to be asked about
   * @return the gate {@code code} over the first 0.6 of the noise schedule, asked once in a tenth
   *     of it, with {@link Correction#handover(int)}
   */
  public static ProtectionSettings handover(int trainTimesteps, Subject asks) {
    return usual(trainTimesteps, asks, HANDOVER_PACE)
        .withCorrection(Correction.handover(trainTimesteps));
  }

  private static ProtectionSettings usual(int trainTimesteps, Subject asks, double pace) {
    int last = (int) Math.round(STANDARD_LAST * trainTimesteps);
    return of("code", "opposite-label", STANDARD_ALPHA, STANDARD_SCALE, 0, last)
        .withAskEvery(Math.max(1, (int) Math.round(pace * trainTimesteps)))
        .withAsks(asks);
  }

  /**
   * The same settings with one threshold for all noise levels.
   *
   * @param newAlpha in (0, 1/2]
   * @return a copy without thresholds per level
   */
  public ProtectionSettings withAlpha(double newAlpha) {
    return new ProtectionSettings(
        gate,
        force,
        newAlpha,
        scale,
        firstTimestep,
        lastTimestep,
        askEvery,
        asks,
        Optional.empty(),
        correction);
  }

  /**
   * The same settings with a threshold for every noise level.
   *
   * @param newThresholds instead of alpha
   * @return a copy
   */
  public ProtectionSettings withThresholds(Thresholds newThresholds) {
    return new ProtectionSettings(
        gate,
        force,
        alpha,
        scale,
        firstTimestep,
        lastTimestep,
        askEvery,
        asks,
        Optional.of(newThresholds),
        correction);
  }

  /**
   * The same settings with another strength.
   *
   * @param newScale finite and at least 0
   * @return a copy
   */
  public ProtectionSettings withScale(double newScale) {
    return new ProtectionSettings(
        gate,
        force,
        alpha,
        newScale,
        firstTimestep,
        lastTimestep,
        askEvery,
        asks,
        thresholds,
        correction);
  }

  /**
   * The same, asking more or less often.
   *
   * @param timesteps once in how many timesteps the classifier is asked, at least 1
   * @return a copy
   */
  public ProtectionSettings withAskEvery(int timesteps) {
    return new ProtectionSettings(
        gate,
        force,
        alpha,
        scale,
        firstTimestep,
        lastTimestep,
        timesteps,
        asks,
        thresholds,
        correction);
  }

  /**
   * The same with another gate.
   *
   * @param newGate when a sample is guarded
   * @return a copy
   */
  public ProtectionSettings withGate(Gate newGate) {
    return new ProtectionSettings(
        newGate,
        force,
        alpha,
        scale,
        firstTimestep,
        lastTimestep,
        askEvery,
        asks,
        thresholds,
        correction);
  }

  /**
   * The same with another force.
   *
   * @param newForce which way a guarded sample is pushed
   * @return a copy
   */
  public ProtectionSettings withForce(Force newForce) {
    return new ProtectionSettings(
        gate,
        newForce,
        alpha,
        scale,
        firstTimestep,
        lastTimestep,
        askEvery,
        asks,
        thresholds,
        correction);
  }

  /**
   * The same with another range of timesteps.
   *
   * @param first the smallest, at least 0
   * @param last the largest, at least {@code first}
   * @return a copy
   */
  public ProtectionSettings withTimesteps(int first, int last) {
    return new ProtectionSettings(
        gate, force, alpha, scale, first, last, askEvery, asks, thresholds, correction);
  }

  /**
   * The same with another question.
   *
   * @param newAsks what the classifier is asked about
   * @return a copy
   */
  public ProtectionSettings withAsks(Subject newAsks) {
    return new ProtectionSettings(
        gate,
        force,
        alpha,
        scale,
        firstTimestep,
        lastTimestep,
        askEvery,
        newAsks,
        thresholds,
        correction);
  }

  /**
   * The same with another correction.
   *
   * @param newCorrection what is done with a guarded row
   * @return a copy
   */
  public ProtectionSettings withCorrection(Correction newCorrection) {
    return new ProtectionSettings(
        gate,
        force,
        alpha,
        scale,
        firstTimestep,
        lastTimestep,
        askEvery,
        asks,
        thresholds,
        newCorrection);
  }

  /**
   * The settings in words, for reports.
   *
   * @return one line
   */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "gate %s on %s, %s, force %s, scale %s, %s, timesteps %d to %d, asked once in %d",
        gate.label(),
        asks.label(),
        describeThreshold(),
        force.label(),
        scale,
        correction.describe(),
        firstTimestep,
        lastTimestep,
        askEvery);
  }

  /**
   * The gate's threshold in words, for reports.
   *
   * @return the alpha, or what the thresholds per level were measured for
   */
  public String describeThreshold() {
    return thresholds
        .map(it -> "thresholds for " + it.falseAlarms() + " false alarms")
        .orElse("alpha " + alpha);
  }

  /**
   * The gate's threshold at a timestep.
   *
   * @param timestep the original timestep, may be fractional
   * @return alpha, in (0, 1/2]
   */
  public double alphaAt(double timestep) {
    return thresholds.isPresent() ? thresholds.get().alphaAt(timestep) : alpha;
  }

  /**
   * The threshold of finished images.
   *
   * @return alpha, in (0, 1/2]
   */
  public double finishedAlpha() {
    return thresholds.map(Thresholds::finished).orElse(alpha);
  }

  /**
   * In how many views a finished image is looked at.
   *
   * @return one, where there are no thresholds
   */
  public Views finishedViews() {
    return thresholds.map(Thresholds::views).orElse(Views.ONE);
  }

  /**
   * Whether a timestep is guarded.
   *
   * @param timestep the original timestep, may be fractional
   * @return whether it lies in the guarded range
   */
  public boolean coversTimestep(double timestep) {
    return timestep >= firstTimestep && timestep <= lastTimestep;
  }

  /**
   * Whether the classifier has to be asked in a step: in the last step of every {@code askEvery}
   * timesteps, and in the last guarded step of all.
   *
   * @param timestep the step's original timestep, may be fractional
   * @param next the next step's, below it; negative after the last step
   * @return whether it has to be asked
   */
  public boolean asksIn(double timestep, double next) {
    return coversTimestep(timestep)
        && (askEvery == 1
            || next < firstTimestep
            || Math.floor(timestep / askEvery) != Math.floor(next / askEvery));
  }

  /**
   * Writes the scaled cotangent of one row: the vector-Jacobian product of the classifier with it
   * is the guidance {@code g = s grad_x log p} that the samplers take.
   *
   * @param logits rows of K logits; not modified
   * @param cotangent receives K values at the same offset
   * @param offset where the row starts, in both arrays
   * @param bits the number K of bits
   */
  public void cotangent(float[] logits, float[] cotangent, int offset, int bits) {
    force.cotangent(logits, cotangent, offset, bits);
    for (int k = offset; k < offset + bits; k++) {
      cotangent[k] = (float) (scale * cotangent[k]);
    }
  }

  static void requireAlpha(double alpha) {
    Checks.argument(alpha > 0 && alpha <= 0.5, "alpha", "a number in (0, 1/2]", alpha);
  }
}
