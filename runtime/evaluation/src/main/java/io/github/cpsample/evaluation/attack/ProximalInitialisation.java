package io.github.cpsample.evaluation.attack;

import io.github.cpsample.base.Checks;

/**
 * PIA and PIAN (Kong et al. 2024, arXiv 2305.18355): the model's own noise {@code z = eps(x, 0)} in
 * the image serves as the noise, and the score is {@code |z - eps(sqrt(abar) x + sqrt(1 - abar) z,
 * t)|_p^p}, without the root. PIAN scales z of each image to the mean magnitude of a standard
 * normal number first, {@code z sqrt(2 / pi) / mean|z|}; a z of zeros stays. The published code
 * tries many t and reports the best; here t is fixed.
 */
public final class ProximalInitialisation implements MembershipAttack {

  /** A t within the range that the published code tries. */
  public static final int USUAL_TIMESTEP = 200;

  /** p of the published code. */
  public static final int USUAL_POWER = 4;

  private final SignalLevels levels;
  private final int timestep;
  private final int power;
  private final boolean normalised;

  private ProximalInitialisation(SignalLevels levels, int timestep, int power, boolean normalised) {
    this.levels = levels;
    this.timestep = levels.requireTimestep("timestep", timestep);
    Checks.atLeast("power", power, 1);
    this.power = power;
    this.normalised = normalised;
  }

  /**
   * PIA.
   *
   * @param levels of the model
   * @param timestep t
   * @param power p, at least 1
   * @return the attack
   * @throws IllegalArgumentException if a number is out of range
   */
  public static ProximalInitialisation pia(SignalLevels levels, int timestep, int power) {
    return new ProximalInitialisation(levels, timestep, power, false);
  }

  /**
   * PIAN.
   *
   * @param levels of the model
   * @param timestep t
   * @param power p, at least 1
   * @return the attack
   * @throws IllegalArgumentException if a number is out of range
   */
  public static ProximalInitialisation pian(SignalLevels levels, int timestep, int power) {
    return new ProximalInitialisation(levels, timestep, power, true);
  }

  @Override
  public String name() {
    return (normalised ? "PIAN" : "PIA") + " (t=" + timestep + ", p=" + power + ")";
  }

  @Override
  public int queries() {
    return 2;
  }

  @Override
  public double[] scores(NoisePredictor model, float[] images, int rows) {
    Batch batch = new Batch(model, images, rows);
    float[] initial = batch.epsilon(batch.images(), 0);
    if (normalised) {
      normalise(initial, batch);
    }
    float[] again = batch.epsilon(batch.noised(initial, levels.at(timestep)), timestep);
    return batch.sums(i -> Math.pow(Math.abs((double) initial[i] - again[i]), power));
  }

  private static void normalise(float[] values, Batch batch) {
    double[] magnitudes = batch.sums(i -> Math.abs(values[i]));
    int size = batch.size();
    for (int i = 0; i < values.length; i++) {
      double mean = magnitudes[i / size] / size;
      if (mean > 0) {
        values[i] = (float) (values[i] / mean * Math.sqrt(2 / Math.PI));
      }
    }
  }
}
