package io.github.cpsample.diffusion;

/** What a solver computes with. */
enum SolverSpace {
  /** The predicted image x_0. */
  SAMPLE {
    @Override
    double read(GuidedOutput output, SamplerState state, int index, double bound, boolean guided) {
      return output.sample(state, index, bound, guided);
    }
  },
  /** The predicted noise epsilon, which is also the derivative of x by sigma in sigma space. */
  EPSILON {
    @Override
    double read(GuidedOutput output, SamplerState state, int index, double bound, boolean guided) {
      return output.epsilon(state, index, bound, guided);
    }
  };

  /** One value of the guided output. */
  abstract double read(
      GuidedOutput output, SamplerState state, int index, double bound, boolean guided);

  /** Remembers the guided output for an image as its newest prediction. */
  void remember(GuidedOutput output, SamplerState state, int row, boolean guided) {
    double bound = output.bound(state, row);
    int from = state.offset(row);
    int slot = state.remember(row);
    float[] past = state.past();
    for (int i = 0; i < state.rowSize(); i++) {
      past[slot + i] = (float) read(output, state, from + i, bound, guided);
    }
  }
}
