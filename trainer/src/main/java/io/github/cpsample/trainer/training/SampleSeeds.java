package io.github.cpsample.trainer.training;

/** Seeds of what a training samples itself, far from those that people choose. */
final class SampleSeeds {

  static final long STRANGERS = 1L << 40;
  static final long TRAJECTORIES = 1L << 41;

  private SampleSeeds() {}
}
