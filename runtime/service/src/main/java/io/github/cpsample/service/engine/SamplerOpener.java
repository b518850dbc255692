package io.github.cpsample.service.engine;

import io.github.cpsample.sampling.ProtectedSampler;
import java.io.IOException;

/** Opens a model's networks, at the start and whenever the model is loaded anew. */
@FunctionalInterface
public interface SamplerOpener {
  /**
   * Opens the networks.
   *
   * @return a new sampler, which the caller closes
   * @throws IOException if the model cannot be read
   */
  ProtectedSampler open() throws IOException;
}
