package io.github.cpsample.diffusion;

/**
 * Moves of the singlestep DPM-Solver: derivatives are differences of the outputs within an
 * interval, and every move starts at the beginning of the interval (Lu et al. 2022, arXiv
 * 2211.01095, algorithm 1).
 */
final class DpmSinglestep {
  private final DpmAlgorithm algorithm;
  private final DpmSolverType type;

  DpmSinglestep(DpmAlgorithm algorithm, DpmSolverType type) {
    this.algorithm = algorithm;
    this.type = type;
  }

  /**
   * The move by the outputs so far.
   *
   * @param past the levels of the interval so far, newest first; the last one is its beginning
   */
  Move move(NoiseLevel[] past, NoiseLevel to) {
    NoiseLevel from = past[past.length - 1];
    if (from.sigma == to.sigma) {
      return Move.NONE;
    }
    DpmAlgorithm.Weights w = algorithm.weights(from, to);
    double h = to.lambda - from.lambda;
    if (past.length == 1 || to.sigma == 0 || past[past.length - 2].sigma == from.sigma) {
      double[] values = new double[past.length];
      values[past.length - 1] = w.value();
      return new Move(w.state(), w.noise(), values);
    }
    double r1 = (past[past.length - 2].lambda - from.lambda) / h;
    if (past.length == 2) {
      double slope = type.ofFirst(w) / r1;
      return new Move(w.state(), w.noise(), slope, w.value() - slope);
    }
    return third(past, h, r1, w);
  }

  private Move third(NoiseLevel[] past, double h, double r1, DpmAlgorithm.Weights w) {
    double r0 = (past[0].lambda - past[2].lambda) / h;
    double ofNewer = w.first() / r0;
    double ofOlder = 0;
    if (type == DpmSolverType.HEUN && r0 != r1) {
      ofNewer = (2 * w.second() - w.first() * r1) / (r0 - r1) / r0;
      ofOlder = (w.first() * r0 - 2 * w.second()) / (r0 - r1) / r1;
    }
    double ofFirst = w.value() - ofNewer - ofOlder;
    return new Move(w.state(), w.noise(), ofNewer, ofOlder, ofFirst);
  }
}
