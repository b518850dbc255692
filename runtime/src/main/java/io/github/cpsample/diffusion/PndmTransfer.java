package io.github.cpsample.diffusion;

/**
 * PNDM's transfer of x from level abar to abar' by a noise, the deterministic move of DDIM (Liu et
 * al. 2022, arXiv 2202.09778, equation 11): {@code x' = ofState x + ofNoise epsilon}.
 */
record PndmTransfer(double ofState, double ofNoise) {
  static PndmTransfer between(double abar, double nextAbar) {
    double ofState = Math.sqrt(nextAbar / abar);
    return new PndmTransfer(ofState, Math.sqrt(1 - nextAbar) - ofState * Math.sqrt(1 - abar));
  }

  /** The move by a combination of remembered noises. */
  Move by(double... weights) {
    double[] scaled = new double[weights.length];
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] = ofNoise * weights[k];
    }
    return new Move(ofState, 0, scaled);
  }
}
