package io.github.cpsample.inference;

import io.github.cpsample.base.Checks;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What images are asked to show, besides their class. Immutable: every method with a parameter
 * returns a changed copy.
 *
 * @param prompt what a text-conditioned model shall show
 * @param negativePrompt what it shall not show; empty for the empty text
 * @param guidanceScale the weight w of classifier-free guidance; empty for the model's default
 * @param guidanceRescale how far guided predictions are brought back to the spread of the
 *     conditional ones, in [0, 1]
 * @param nullClass the class that stands for none in a class-conditional model; empty for what the
 *     model's manifest says
 */
public record Conditioning(
    Optional<String> prompt,
    Optional<String> negativePrompt,
    OptionalDouble guidanceScale,
    double guidanceRescale,
    OptionalInt nullClass) {
  /** Nothing in particular. */
  public static final Conditioning NONE =
      new Conditioning(
          Optional.empty(), Optional.empty(), OptionalDouble.empty(), 0, OptionalInt.empty());

  public Conditioning {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(negativePrompt, "negativePrompt");
    Guidance.requireInRange(guidanceScale.orElse(1), guidanceRescale);
    if (nullClass.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "nullClass: expected a number of at least 0, found " + nullClass.getAsInt());
    }
  }

  /**
   * Changes the prompt.
   *
   * @param text any text, possibly empty
   * @return a changed copy
   */
  public Conditioning withPrompt(String text) {
    return new Conditioning(
        Optional.of(text), negativePrompt, guidanceScale, guidanceRescale, nullClass);
  }

  /**
   * Changes the negative prompt.
   *
   * @param text any text
   * @return a changed copy
   */
  public Conditioning withNegativePrompt(String text) {
    return new Conditioning(prompt, Optional.of(text), guidanceScale, guidanceRescale, nullClass);
  }

  /**
   * Changes the weight of the condition.
   *
   * @param scale w, at least 0; 1 or less is the conditional prediction alone
   * @return a changed copy
   */
  public Conditioning withGuidanceScale(double scale) {
    return new Conditioning(
        prompt, negativePrompt, OptionalDouble.of(scale), guidanceRescale, nullClass);
  }

  /**
   * Changes how far guided predictions are brought back to the spread of the conditional ones.
   *
   * @param rescale in [0, 1]
   * @return a changed copy
   */
  public Conditioning withGuidanceRescale(double rescale) {
    return new Conditioning(prompt, negativePrompt, guidanceScale, rescale, nullClass);
  }

  /**
   * Changes which class stands for none.
   *
   * @param label at least 0
   * @return a changed copy
   */
  public Conditioning withNullClass(int label) {
    return new Conditioning(
        prompt, negativePrompt, guidanceScale, guidanceRescale, OptionalInt.of(label));
  }

  /**
   * The strength of the condition.
   *
   * @return scale and rescale; 1 where no scale is set
   */
  public Guidance guidance() {
    return new Guidance(guidanceScale.orElse(1), guidanceRescale);
  }

  /**
   * The strength of a condition. Immutable.
   *
   * @param scale w; 1 or less is the conditional prediction alone
   * @param rescale how far the guided prediction is brought back to the spread of the conditional
   *     one, in [0, 1]
   */
  public record Guidance(double scale, double rescale) {
    /** The conditional prediction alone. */
    public static final Guidance NONE = new Guidance(1, 0);

    public Guidance {
      requireInRange(scale, rescale);
    }

    static void requireInRange(double scale, double rescale) {
      Checks.argument(
          Double.isFinite(scale) && scale >= 0, "guidanceScale", "a number of at least 0", scale);
      Checks.argument(
          rescale >= 0 && rescale <= 1, "guidanceRescale", "a number in [0, 1]", rescale);
    }

    /**
     * Whether the unconditional prediction is needed.
     *
     * @return true for a scale above 1
     */
    public boolean active() {
      return scale > 1;
    }
  }
}
