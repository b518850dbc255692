package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.WelchTest;
import org.jspecify.annotations.Nullable;

/**
 * Can somebody tell that an image was trained on?
 *
 * @param attack its name and settings
 * @param source who proposed it, or what it follows from
 * @param attacker what the attacker has to hold, in words
 * @param access the same as one of {@code nothing} (a control), {@code images-out}, {@code
 *     images-in}, {@code reports}, {@code traces}, {@code predictions}, {@code bundle}
 * @param withoutProtection against the model as it is; null where the attack needs the guard
 * @param withProtection against the protected predictions or images, or the guard itself
 * @param aucLost by how much the area is smaller with protection, resampled by images; null where
 *     there is no area without. Beware: a small area may tell as much as a large one
 * @param directedAucLost the same between attackers who first find out on the images in even places
 *     which way round the scores tell, compared on those in odd places; null as before
 * @param residualTest the test of the authors of CPSample; null for other attacks
 */
public record MembershipFigures(
    String attack,
    String source,
    String attacker,
    String access,
    @Nullable AttackFigures withoutProtection,
    AttackFigures withProtection,
    @Nullable Interval aucLost,
    @Nullable Interval directedAucLost,
    @Nullable ResidualTest residualTest) {

  /**
   * Whether mean residuals of batches of held-out images are larger than those of batches of
   * training images (Kazdan et al., ICLR 2025). A p near 0 gives training images away; so does one
   * near 1, to whoever turns the test round.
   *
   * @param batchSize images per batch
   * @param withoutProtection of the residuals of the model as it is
   * @param withProtection of the protected residuals
   */
  public record ResidualTest(
      int batchSize, @Nullable Outcome withoutProtection, @Nullable Outcome withProtection) {}

  /**
   * The outcome of the test.
   *
   * @param statistic t
   * @param upperNormalP by the normal distribution, as the authors give it
   * @param upperStudentP by Student's distribution, more careful where there are few batches
   */
  public record Outcome(double statistic, double upperNormalP, double upperStudentP) {

    /**
     * From a test of batch means.
     *
     * @param test others against members
     * @return its outcome
     */
    public static Outcome of(WelchTest test) {
      return new Outcome(test.t(), test.upperNormalP(), test.upperStudentP());
    }
  }
}
