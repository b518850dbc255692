package io.github.cpsample.diffusion;

/**
 * Moves of the multistep DPM-Solver: derivatives are differences of remembered outputs (Lu et al.
 * 2022, arXiv 2211.01095, algorithm 2 and appendix). With three outputs the second derivative
 * enters by half of its weight in Taylor's series, as the authors published it and diffusers has
 * it: such trajectories converge with order 2.
 */
final class DpmMultistep {
  private final DpmAlgorithm algorithm;
  private final DpmSolverType type;

  DpmMultistep(DpmAlgorithm algorithm, DpmSolverType type) {
    this.algorithm = algorithm;
    this.type = type;
  }

  /**
   * The moves from the newest level of a history for one remembered output, two, and so on.
   *
   * @param past the levels of the remembered outputs, newest first; their number is the order
   */
  Move[] moves(NoiseLevel[] past, NoiseLevel to) {
    Move[] moves = new Move[past.length];
    for (int order = 1; order <= past.length; order++) {
      moves[order - 1] = move(past, to, order);
    }
    return moves;
  }

  private Move move(NoiseLevel[] past, NoiseLevel to, int order) {
    if (past[0].sigma == to.sigma) {
      return Move.NONE;
    }
    DpmAlgorithm.Weights w = algorithm.weights(past[0], to);
    int usable = to.sigma == 0 ? 1 : distinct(past, order);
    double h = to.lambda - past[0].lambda;
    return switch (usable) {
      case 1 -> new Move(w.state(), w.noise(), w.value());
      case 2 -> {
        double slope = type.ofFirst(w) * h / (past[0].lambda - past[1].lambda);
        yield new Move(w.state(), w.noise(), w.value() + slope, -slope);
      }
      default -> third(past, h, w);
    };
  }

  private static Move third(NoiseLevel[] past, double h, DpmAlgorithm.Weights w) {
    double r0 = (past[0].lambda - past[1].lambda) / h;
    double r1 = (past[1].lambda - past[2].lambda) / h;
    double newer = (w.first() * (1 + r0 / (r0 + r1)) + w.second() / (r0 + r1)) / r0;
    double older = (-w.first() * r0 / (r0 + r1) - w.second() / (r0 + r1)) / r1;
    return new Move(w.state(), w.noise(), w.value() + newer, older - newer, -older);
  }

  /** How many of the newest levels differ from each other; differences need that. */
  private static int distinct(NoiseLevel[] past, int order) {
    int count = 1;
    while (count < order && past[count].sigma != past[count - 1].sigma) {
      count++;
    }
    return count;
  }
}
