package io.github.cpsample.diffusion;

/** Schedules that several tests use. */
final class Schedules {
  private Schedules() {}

  /** The schedule of Ho, Jain and Abbeel (2020). */
  static NoiseSchedule linear() {
    return NoiseScheduleConfig.linear(1000, 1e-4, 0.02).create();
  }
}
