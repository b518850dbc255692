package io.github.cpsample.benchmarks;

import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;

/** How both engines are set up: the processor, two threads, every optimisation. */
final class TwoCores {

  static final int THREADS = 2;

  static final SessionSettings SETTINGS =
      new SessionSettings(THREADS, SessionSettings.Optimization.ALL);

  private TwoCores() {}

  static InferenceSession open(String name, byte[] model) {
    return InferenceSession.open(name, model, ResolvedDevice.of(Device.cpu()), SETTINGS);
  }
}
