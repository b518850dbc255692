package io.github.cpsample.sampling;

/** How a step of a trajectory is computed. The images are the same up to rounding. */
public enum StepPath {
  /**
   * The one that is faster on the device: separate runs on the CPU; on a GPU one graph where that
   * can be had.
   */
  FASTEST,
  /** As one graph; a request for which that cannot be had is refused. */
  ONE_GRAPH,
  /**
   * As separate runs of denoiser, classifier and gradient, with gate, force and update in Java: the
   * plain way, for every sampler, gate and force, against which the graph is verified.
   */
  SEPARATE
}
