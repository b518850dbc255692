package io.github.cpsample.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/** DJL's PyTorch engine on as many threads as ONNX Runtime gets; it calls nobody. */
final class TorchEngine {

  static {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(TwoCores.THREADS));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
  }

  private TorchEngine() {}

  static NDManager newManager() {
    return Engine.getEngine("PyTorch").newBaseManager();
  }
}
