package io.github.cpsample.diffusion;

/** The noise levels of a trajectory, from the noisiest to the end, where no denoiser is called. */
final class Timeline {
  private final NoiseLevel[] levels;

  Timeline(NoiseLevel[] visited, double end) {
    this.levels = new NoiseLevel[visited.length + 1];
    System.arraycopy(visited, 0, levels, 0, visited.length);
    levels[visited.length] = NoiseLevel.ofSigma(0, (float) end);
  }

  /** The number of levels at which the denoiser is called. */
  int steps() {
    return levels.length - 1;
  }

  /** A level; at index {@link #steps} the end. */
  NoiseLevel at(int index) {
    return levels[index];
  }

  boolean isLast(int index) {
    return index == steps() - 1;
  }

  /** The greatest noise level. */
  double greatest() {
    double greatest = 0;
    for (NoiseLevel level : levels) {
      greatest = Math.max(greatest, level.sigma());
    }
    return greatest;
  }

  /** Level {@code index} and those before it, newest first, at most a number of them. */
  NoiseLevel[] history(int index, int count) {
    NoiseLevel[] past = new NoiseLevel[Math.min(count, index + 1)];
    for (int age = 0; age < past.length; age++) {
      past[age] = levels[index - age];
    }
    return past;
  }
}
