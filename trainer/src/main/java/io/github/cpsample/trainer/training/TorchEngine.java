package io.github.cpsample.trainer.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.cpsample.base.Checks;

/**
 * The DJL PyTorch engine, prepared so that it calls nobody: usage tracking is off, and natives come
 * from the class path or not at all.
 */
public final class TorchEngine {

  static {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  private TorchEngine() {}

  /**
   * Sets how many threads an operator of libtorch may have, in the whole process.
   *
   * @param threads at least 1
   * @return how many it had before
   */
  public static int setThreads(int threads) {
    Checks.atLeast("threads", threads, 1);
    newManager().close();
    int before = JniUtils.getNumThreads();
    JniUtils.setNumThreads(threads);
    return before;
  }

  /**
   * A new top-level manager.
   *
   * @return owns what is created in it; the caller closes it
   */
  static NDManager newManager() {
    return Engine.getEngine("PyTorch").newBaseManager();
  }
}
