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

/** A batch of images by DDIM with the shipped model, from noise to image. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
public class TrajectoryBenchmark {

  /** Images of the batch. */
  @Param({"1", "4", "16", "64"})
  public int batch;

  /** Steps of the sampler. */
  @Param("50")
  public int steps;

  private TrajectorySides sides;

  /** JMH makes the state. */
  public TrajectoryBenchmark() {}

  /** Opens every side and checks that they agree. */
  @Setup(Level.Trial)
  public void open() {
    sides = new TrajectorySides(batch, steps);
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    sides.close();
  }

  /**
   * Without protection.
   *
   * @return the images
   */
  @Benchmark
  public float[] unprotected() {
    return sides.unprotected().sample();
  }

  /**
   * With the model's settings.
   *
   * @return the images
   */
  @Benchmark
  public float[] standard() {
    return sides.standard().sample();
  }

  /**
   * With alpha = 1/2, which guards always.
   *
   * @return the images
   */
  @Benchmark
  public float[] alwaysGuarded() {
    return sides.always().sample();
  }

  /**
   * Both passes of the classifier on every sample at every step.
   *
   * @return the images
   */
  @Benchmark
  public float[] straightforward() {
    return sides.straightforward().sample();
  }

  /**
   * The protected loop in DJL PyTorch.
   *
   * @return the images
   */
  @Benchmark
  public float[] pyTorch() {
    return sides.torch().sample();
  }
}
