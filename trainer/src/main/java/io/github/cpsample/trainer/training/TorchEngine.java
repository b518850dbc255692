package io.github.cpsample.trainer.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/**
 * The DJL PyTorch engine, prepared so that it calls nobody: usage tracking is off, and natives come
 * from the class path or not at all.
 */
final class TorchEngine {

  static {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  private TorchEngine() {}

  /**
   * A new top-level manager.
   *
   * @return owns what is created in it; the caller closes it
   */
  static NDManager newManager() {
    return Engine.getEngine("PyTorch").newBaseManager();
  }
}
