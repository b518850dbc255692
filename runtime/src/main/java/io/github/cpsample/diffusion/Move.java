package io.github.cpsample.diffusion;

import java.util.Arrays;

/**
 * A linear step: {@code x' = ofState x + sum_k ofPast[k] m_k + ofNoise z}, where m_0 is the newest
 * prediction and z standard normal.
 */
final class Move {
  /** Leaves x as it is. */
  static final Move NONE = new Move(1, 0, 0);

  private final double ofState;
  private final double ofNoise;
  private final double[] ofPast;

  Move(double ofState, double ofNoise, double... ofPast) {
    this.ofState = ofState;
    this.ofNoise = ofNoise;
    this.ofPast = ofPast;
  }

  boolean usesNoise() {
    return ofNoise > 0;
  }

  /** The same step with x in other scales before and after. */
  Move scaled(double before, double after) {
    double[] past = ofPast.clone();
    for (int k = 0; k < past.length; k++) {
      past[k] *= after;
    }
    return new Move(ofState * before * after, ofNoise * after, past);
  }

  /** The same step from the newest predictions alone: weights of older ones are left out. */
  Move truncated(int count) {
    return new Move(ofState, ofNoise, Arrays.copyOf(ofPast, count));
  }

  /** Writes x of a row; x enters from {@code base}, at an offset of its own. */
  void apply(SamplerState state, int row, float[] base, int baseFrom) {
    int from = state.offset(row);
    float[] past = state.past();
    int[] ages = new int[ofPast.length];
    for (int k = 0; k < ages.length; k++) {
      ages[k] = state.pastOffset(row, k);
    }
    for (int i = 0; i < state.rowSize(); i++) {
      double next = ofState * base[baseFrom + i];
      for (int k = 0; k < ages.length; k++) {
        next += ofPast[k] * past[ages[k] + i];
      }
      if (ofNoise > 0) {
        next += ofNoise * state.noise()[from + i];
      }
      state.x()[from + i] = (float) next;
    }
  }
}
