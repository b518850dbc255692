package io.github.cpsample.diffusion;

/**
 * How image and noise are mixed at one noise level, {@code x = signal x_0 + spread epsilon}; with
 * the reciprocals, since loops over pixels multiply faster than they divide.
 *
 * @param signal sqrt(abar)
 * @param spread sqrt(1 - abar)
 * @param perSignal 1 / signal
 * @param perSpread 1 / spread
 */
record Mixing(double signal, double spread, double perSignal, double perSpread) {

  static Mixing at(double abar) {
    double signal = Math.sqrt(abar);
    double spread = Math.sqrt(1 - abar);
    return new Mixing(signal, spread, 1 / signal, 1 / spread);
  }
}
