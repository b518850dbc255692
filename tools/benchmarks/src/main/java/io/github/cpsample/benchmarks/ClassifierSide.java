package io.github.cpsample.benchmarks;

/** The classifier in one engine, on a batch that was handed over before. Holds native memory. */
interface ClassifierSide extends AutoCloseable {

  /** Computes the logits and leaves them in the engine's memory. */
  void forward();

  /** Computes logits and input gradient and leaves them in the engine's memory. */
  void gradient();

  /** The logits [N,K], computed anew and copied. */
  float[] logits();

  /** The input gradient [N,C,H,W], computed anew and copied. */
  float[] inputGradient();

  @Override
  void close();
}
