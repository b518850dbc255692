package io.github.cpsample.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Logits and input gradient of the shipped classifier: the derived graph on ONNX Runtime against
 * autograd in DJL PyTorch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class GradientBenchmark {

  /** Rows of the batch. */
  @Param({"1", "4", "16", "64"})
  public int batch;

  private ClassifierSides sides;

  /** JMH makes the state. */
  public GradientBenchmark() {}

  /** Opens both engines and checks that they agree. */
  @Setup(Level.Trial)
  public void open() {
    sides = new ClassifierSides(batch);
  }

  /** Frees both. */
  @TearDown(Level.Trial)
  public void close() {
    sides.close();
  }

  /** The classifier on ONNX Runtime. */
  @Benchmark
  public void forwardOnnxRuntime() {
    sides.onnx().forward();
  }

  /** The classifier in PyTorch. */
  @Benchmark
  public void forwardPyTorch() {
    sides.torch().forward();
  }

  /** The derived graph on ONNX Runtime: logits and gradient. */
  @Benchmark
  public void gradientOnnxRuntime() {
    sides.onnx().gradient();
  }

  /** PyTorch with autograd: logits and gradient. */
  @Benchmark
  public void gradientPyTorch() {
    sides.torch().gradient();
  }
}
