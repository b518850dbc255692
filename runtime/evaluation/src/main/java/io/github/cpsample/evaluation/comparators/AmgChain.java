package io.github.cpsample.evaluation.comparators;

/**
 * When AMG compares one image with the bank, and how far below the threshold it is then. Until the
 * first time that its similarity is below the trigger, nothing is pushed; from then on whatever is
 * below {@code lambda}. After some checks in a row that push nothing, before the trigger or after
 * it, checking rests for some steps, and counts anew. Belongs to one image.
 */
final class AmgChain {

  private final AmgSettings settings;
  private boolean triggered;
  private int idleChecks;
  private int resting;

  AmgChain(AmgSettings settings) {
    this.settings = settings;
  }

  /** Whether this step's image is compared with the bank; to be asked once per step. */
  boolean checks() {
    if (resting > 0) {
      resting--;
      return false;
    }
    return true;
  }

  /**
   * Judges a check.
   *
   * @param similarity nL2 of the image
   * @param level steps that are left after this one
   * @return {@code lambda - nL2}; 0 where nothing is pushed
   */
  double shortfall(double similarity, int level) {
    triggered |= similarity < settings.trigger();
    double shortfall = triggered ? Math.max(0, settings.lambda(level) - similarity) : 0;
    idleChecks = shortfall > 0 ? 0 : idleChecks + 1;
    if (idleChecks == settings.patience()) {
      idleChecks = 0;
      resting = settings.rest();
    }
    return shortfall;
  }
}
