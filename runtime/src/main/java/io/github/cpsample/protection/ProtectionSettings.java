package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How sampling is protected. Immutable.
 *
 * @param question what the classifier is asked, and when
 * @param threshold from which answer on a sample is guarded
 * @param push which way and how far a guarded sample is pushed
 * @param correction what is done with a guarded row
 */
public record ProtectionSettings(
    Question question, Threshold threshold, Push push, Correction correction) {

  private static final double STANDARD_ALPHA = 0.3;
  private static final double STANDARD_SCALE = 20;
  private static final double STANDARD_LAST = 0.6;
  private static final double STANDARD_PACE = 0.05;
  private static final double HANDOVER_PACE = 0.1;

  public ProtectionSettings {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(threshold, "threshold");
    Objects.requireNonNull(push, "push");
    Objects.requireNonNull(correction, "correction");
  }

  /**
   * What the classifier is asked, and when.
   *
   * @param asks what it is asked about
   * @param firstTimestep the smallest guarded timestep, at least 0
   * @param lastTimestep the largest guarded timestep, at least {@code firstTimestep}
   * @param askEvery once in how many timesteps it is asked, at least 1; 1 asks in every step, as
   *     the paper does
   */
  public record Question(Subject asks, int firstTimestep, int lastTimestep, int askEvery) {
    public Question {
      Objects.requireNonNull(asks, "asks");
      Checks.argument(
          firstTimestep >= 0 && lastTimestep >= firstTimestep,
          "guardedTimesteps",
          "0 <= first <= last",
          "[" + firstTimestep + ", " + lastTimestep + "]");
      Checks.atLeast("askEvery", askEvery, 1);
    }
  }

  /**
   * From which answer on a sample is guarded.
   *
   * @param gate decides which steps are guarded
   * @param alpha the gate's threshold where there are none per level, in (0, 1/2]: guard when the
   *     certainty exceeds {@code 1 - alpha}; 1/2 guards always
   * @param perLevel a threshold for every noise level, instead of alpha; empty for the paper's
   */
  public record Threshold(Gate gate, double alpha, Optional<Thresholds> perLevel) {
    public Threshold {
      Objects.requireNonNull(gate, "gate");
      Objects.requireNonNull(perLevel, "perLevel");
      requireAlpha(alpha);
    }
  }

  /**
   * How a guarded sample is pushed.
   *
   * @param force decides which way
   * @param scale the strength s, finite and at least 0; 0 pushes nothing
   */
  public record Push(Force force, double scale) {
    public Push {
      Objects.requireNonNull(force, "force");
      Checks.argument(
          scale >= 0 && scale < Double.POSITIVE_INFINITY,
          "scale",
          "a finite number of at least 0",
          scale);
    }
  }

  /**
   * What decides which steps are guarded.
   *
   * @return the threshold's gate
   */
  public Gate gate() {
    return threshold.gate();
  }

  /**
   * What decides which way a guarded sample is pushed.
   *
   * @return the push's force
   */
  public Force force() {
    return push.force();
  }

  /**
   * The gate's threshold where there are none per level.
   *
   * @return in (0, 1/2]
   */
  public double alpha() {
    return threshold.alpha();
  }

  /**
   * The strength s of the push.
   *
   * @return finite and at least 0
   */
  public double scale() {
    return push.scale();
  }

  /**
   * The smallest guarded timestep.
   *
   * @return at least 0
   */
  public int firstTimestep() {
    return question.firstTimestep();
  }

  /**
   * The largest guarded timestep.
   *
   * @return at least {@link #firstTimestep}
   */
  public int lastTimestep() {
    return question.lastTimestep();
  }

  /**
   * Once in how many timesteps the classifier is asked.
   *
   * @return at least 1
   */
  public int askEvery() {
    return question.askEvery();
  }

  /**
   * What the classifier is asked about.
   *
   * @return the question's subject
   */
  public Subject asks() {
    return question.asks();
  }

  /**
   * A threshold for every noise level.
   *
   * @return instead of alpha, if there are any
   */
  public Optional<Thresholds> thresholds() {
    return threshold.perLevel();
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
        new Question(Subject.X_T, firstTimestep, lastTimestep, 1),
        new Threshold(Gate.named(gate), alpha, Optional.empty()),
        new Push(Force.named(force), scale),
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
    return with(new Threshold(gate(), newAlpha, Optional.empty()));
  }

  /**
   * The same settings with a threshold for every noise level.
   *
   * @param newThresholds instead of alpha
   * @return a copy
   */
  public ProtectionSettings withThresholds(Thresholds newThresholds) {
    return with(new Threshold(gate(), alpha(), Optional.of(newThresholds)));
  }

  /**
   * The same settings with another strength.
   *
   * @param newScale finite and at least 0
   * @return a copy
   */
  public ProtectionSettings withScale(double newScale) {
    return with(new Push(force(), newScale));
  }

  /**
   * The same, asking more or less often.
   *
   * @param timesteps once in how many timesteps the classifier is asked, at least 1
   * @return a copy
   */
  public ProtectionSettings withAskEvery(int timesteps) {
    return with(new Question(asks(), firstTimestep(), lastTimestep(), timesteps));
  }

  /**
   * The same with another gate.
   *
   * @param newGate when a sample is guarded
   * @return a copy
   */
  public ProtectionSettings withGate(Gate newGate) {
    return with(new Threshold(newGate, alpha(), thresholds()));
  }

  /**
   * The same with another force.
   *
   * @param newForce which way a guarded sample is pushed
   * @return a copy
   */
  public ProtectionSettings withForce(Force newForce) {
    return with(new Push(newForce, scale()));
  }

  /**
   * The same with another range of timesteps.
   *
   * @param first the smallest, at least 0
   * @param last the largest, at least {@code first}
   * @return a copy
   */
  public ProtectionSettings withTimesteps(int first, int last) {
    return with(new Question(asks(), first, last, askEvery()));
  }

  /**
   * The same with another question.
   *
   * @param newAsks what the classifier is asked about
   * @return a copy
   */
  public ProtectionSettings withAsks(Subject newAsks) {
    return with(new Question(newAsks, firstTimestep(), lastTimestep(), askEvery()));
  }

  /**
   * The same with another correction.
   *
   * @param newCorrection what is done with a guarded row
   * @return a copy
   */
  public ProtectionSettings withCorrection(Correction newCorrection) {
    return new ProtectionSettings(question, threshold, push, newCorrection);
  }

  private ProtectionSettings with(Question other) {
    return new ProtectionSettings(other, threshold, push, correction);
  }

  private ProtectionSettings with(Threshold other) {
    return new ProtectionSettings(question, other, push, correction);
  }

  private ProtectionSettings with(Push other) {
    return new ProtectionSettings(question, threshold, other, correction);
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
        gate().label(),
        asks().label(),
        describeThreshold(),
        force().label(),
        scale(),
        correction.describe(),
        firstTimestep(),
        lastTimestep(),
        askEvery());
  }

  /**
   * The gate's threshold in words, for reports.
   *
   * @return the alpha, or what the thresholds per level were measured for
   */
  public String describeThreshold() {
    return thresholds()
        .map(it -> "thresholds for " + it.falseAlarms() + " false alarms")
        .orElse("alpha " + alpha());
  }

  /**
   * The gate's threshold at a timestep.
   *
   * @param timestep the original timestep, may be fractional
   * @return alpha, in (0, 1/2]
   */
  public double alphaAt(double timestep) {
    return thresholds().isPresent() ? thresholds().get().alphaAt(timestep) : alpha();
  }

  /**
   * The threshold of finished images.
   *
   * @return alpha, in (0, 1/2]
   */
  public double finishedAlpha() {
    return thresholds().map(Thresholds::finished).orElse(alpha());
  }

  /**
   * In how many views a finished image is looked at.
   *
   * @return one, where there are no thresholds
   */
  public Views finishedViews() {
    return thresholds().map(Thresholds::views).orElse(Views.ONE);
  }

  /**
   * Whether a timestep is guarded.
   *
   * @param timestep the original timestep, may be fractional
   * @return whether it lies in the guarded range
   */
  public boolean coversTimestep(double timestep) {
    return timestep >= firstTimestep() && timestep <= lastTimestep();
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
        && (askEvery() == 1
            || next < firstTimestep()
            || Math.floor(timestep / askEvery()) != Math.floor(next / askEvery()));
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
    force().cotangent(logits, cotangent, offset, bits);
    for (int k = offset; k < offset + bits; k++) {
      cotangent[k] = (float) (scale() * cotangent[k]);
    }
  }

  static void requireAlpha(double alpha) {
    Checks.argument(alpha > 0 && alpha <= 0.5, "alpha", "a number in (0, 1/2]", alpha);
  }
}
