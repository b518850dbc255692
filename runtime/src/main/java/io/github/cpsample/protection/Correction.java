package io.github.cpsample.protection;

import java.util.Arrays;

/**
 * What is done with a row that the gate guards: how it is moved, and whether it is then noised back
 * and denoised again.
 *
 * <p>A push alone leaves marks, and where the gate is precise the denoiser pulls the sample back.
 * Noising it back lets the denoiser heal what the push broke (after Lugmayr et al., 2022, arXiv
 * 2201.09865, and Bansal et al., 2023, arXiv 2302.07121): after its k-th guarded step a row is sent
 * back {@code k * back} timesteps, at most {@code returns} times. A row that is recognised as a
 * finished image is redone from the middle of its trajectory, then from noise, at most {@code
 * redos} times.
 *
 * @param kind the family
 * @param back timesteps of the first way back, at least 1; of no effect for kinds that do not
 *     {@link Kind#goesBack() go back}
 * @param returns how often a row is sent back at most, at least 0
 * @param redos how often a row that is recognised at the end is redone, at least 0; 0 does not look
 *     at finished images
 * @param stride a row that was sent back or redone takes steps that are so many times larger, at
 *     least 1; see {@link #stepsAgain}
 */
public record Correction(Kind kind, int back, int returns, int redos, int stride) {

  /** The family of corrections. */
  public enum Kind {
    /** Along the force, by the scale s: the paper's. */
    PUSH("push", Move.PUSH, false),
    /** The smallest move that leaves the certain region (DeepFool, arXiv 1511.04599). */
    EXIT("exit", Move.EXIT, false),
    /** A push, then a way back. */
    HEAL("heal", Move.PUSH, true),
    /** An exit, then a way back. */
    HEAL_EXIT("heal-exit", Move.EXIT, true),
    /** A way back alone: needs no gradient. */
    RESTART("restart", Move.NONE, true),
    /**
     * A way back, from where the model's fallback denoiser goes on, which has never seen the
     * training images: needs no gradient. Sampling of what copies by a model that cannot copy is
     * the idea of near access-freeness (Vyas, Kakade and Barak, 2023, arXiv 2302.10870); here the
     * gate says when.
     */
    HANDOVER("handover", Move.NONE, true);

    private final String label;
    private final Move move;
    private final boolean goesBack;

    Kind(String label, Move move, boolean goesBack) {
      this.label = label;
      this.move = move;
      this.goesBack = goesBack;
    }

    /**
     * The name used in manifests and on command lines.
     *
     * @return for example {@code heal}
     */
    public String label() {
      return label;
    }

    /**
     * How a guarded row is moved.
     *
     * @return the move
     */
    public Move move() {
      return move;
    }

    /**
     * Whether a guarded row is noised back.
     *
     * @return whether it is
     */
    public boolean goesBack() {
      return goesBack;
    }

    /**
     * Whether a row that was sent back or redone goes on with the model's fallback denoiser.
     *
     * @return whether it does
     */
    public boolean handsOver() {
      return this == HANDOVER;
    }

    /**
     * Finds a kind by its name.
     *
     * @param name as on the command line
     * @return the kind
     * @throws IllegalArgumentException if there is no such kind
     */
    public static Kind named(String name) {
      return Arrays.stream(values())
          .filter(kind -> kind.label.equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "correction: expected push, exit, heal, heal-exit, restart or handover, found"
                          + " "
                          + name));
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** How a guarded row is moved. */
  public enum Move {
    /** Not at all. */
    NONE,
    /** By s times the gradient of the force. */
    PUSH,
    /** As little as takes it out of the certain region. */
    EXIT
  }

  /** The paper's: a push, and no look at finished images. */
  public static final Correction PAPER = new Correction(Kind.PUSH, 1, 0, 0, 1);

  private static final double USUAL_BACK = 0.1;
  private static final double HANDOVER_BACK = 0.4;
  private static final int HANDOVER_STRIDE = 2;
  private static final int FEWEST_AGAIN = 20;
  private static final int USUAL_RETURNS = 8;
  private static final int USUAL_REDOS = 3;

  /**
   * What is done unless somebody says otherwise, where the classifier knows strangers: a way back
   * of a tenth of the noise schedule, at most 8 times, and at most 3 repetitions.
   *
   * @param trainTimesteps of the noise schedule, at least 1
   * @return a correction of the kind {@link Kind#RESTART}
   */
  public static Correction standard(int trainTimesteps) {
    return usual(Kind.RESTART, USUAL_BACK * trainTimesteps, 1);
  }

  /**
   * What is done unless somebody says otherwise, where the model has a fallback denoiser: a way
   * back of four tenths of the noise schedule, far enough that little of what was recognised is
   * left, in steps twice as large.
   *
   * @param trainTimesteps of the noise schedule, at least 1
   * @return a correction of the kind {@link Kind#HANDOVER}
   */
  public static Correction handover(int trainTimesteps) {
    return usual(Kind.HANDOVER, HANDOVER_BACK * trainTimesteps, HANDOVER_STRIDE);
  }

  private static Correction usual(Kind kind, double back, int stride) {
    int timesteps = Math.max(1, (int) Math.round(back));
    return new Correction(kind, timesteps, USUAL_RETURNS, USUAL_REDOS, stride);
  }

  public Correction {
    if (kind == null) {
      throw new IllegalArgumentException("correction: expected a kind, found none");
    }
    if (back < 1 || returns < 0 || redos < 0 || stride < 1) {
      throw new IllegalArgumentException(
          "correction: expected back of at least 1, returns and redos of at least 0, stride of at"
              + " least 1, found "
              + back
              + ", "
              + returns
              + ", "
              + redos
              + " and "
              + stride);
    }
  }

  /**
   * A correction whose repeated ways have the steps of the trajectory.
   *
   * @param kind the family
   * @param back timesteps of the first way back, at least 1
   * @param returns how often a row is sent back at most, at least 0
   * @param redos how often a row that is recognised at the end is redone, at least 0
   */
  public Correction(Kind kind, int back, int returns, int redos) {
    this(kind, back, returns, redos, 1);
  }

  /**
   * Whether a row may take a step more than once.
   *
   * @return false where it is neither sent back nor redone
   */
  public boolean repeats() {
    return (kind.goesBack() && returns > 0) || redos > 0;
  }

  /**
   * How many steps the whole trajectory would have whose steps a row takes that was sent back: the
   * stride-th part, but no fewer than 20, below which pictures suffer.
   *
   * @param steps of the trajectory, at least 1
   * @return at most {@code steps}; that many where no row takes a step twice
   */
  public int stepsAgain(int steps) {
    return !repeats()
        ? steps
        : Math.max((steps + stride - 1) / stride, Math.min(steps, FEWEST_AGAIN));
  }

  /**
   * The same of another kind.
   *
   * @param newKind the family
   * @return a copy
   */
  public Correction withKind(Kind newKind) {
    return new Correction(newKind, back, returns, redos, stride);
  }

  /**
   * The same with another way back.
   *
   * @param newBack timesteps of the first way back, at least 1
   * @param newReturns how often a row is sent back at most, at least 0
   * @return a copy
   */
  public Correction withReturns(int newBack, int newReturns) {
    return new Correction(kind, newBack, newReturns, redos, stride);
  }

  /**
   * The same with another number of repetitions.
   *
   * @param newRedos how often a row that is recognised at the end is redone, at least 0
   * @return a copy
   */
  public Correction withRedos(int newRedos) {
    return new Correction(kind, back, returns, newRedos, stride);
  }

  /**
   * The same with other steps on repeated ways.
   *
   * @param newStride how many times larger they are, at least 1
   * @return a copy
   */
  public Correction withStride(int newStride) {
    return new Correction(kind, back, returns, redos, newStride);
  }

  /**
   * The correction in words, for reports.
   *
   * @return one line
   */
  public String describe() {
    String way =
        kind.goesBack() ? " back " + back + " timesteps, at most " + returns + " times" : "";
    String again = redos > 0 ? ", at most " + redos + " redos" : "";
    return kind.label()
        + way
        + again
        + (stride > 1 ? ", in steps " + stride + " times as large" : "");
  }
}
