package io.github.cpsample.onnx.autodiff;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value x standardised over its last axes, h = (x - mean) rate with rate = 1 / sqrt(var +
 * epsilon), and the adjoint of that: x: rate (g - mean(g) - h mean(g h)).
 */
final class Standardised {

  private final Emitter e;
  private final String x;
  private final long[] axes;
  private final @Nullable Supplier<String> mean;
  private final @Nullable Supplier<String> rate;

  /** Over the last axis of rows [N, C, L]. */
  Standardised(Emitter emitter, String rows) {
    this(emitter, rows, 2);
  }

  Standardised(Emitter emitter, String x, long... axes) {
    this(emitter, x, null, null, axes);
  }

  private Standardised(
      Emitter emitter,
      String x,
      @Nullable Supplier<String> mean,
      @Nullable Supplier<String> rate,
      long... axes) {
    this.e = emitter;
    this.x = x;
    this.axes = axes;
    this.mean = mean;
    this.rate = rate;
  }

  /** The same with mean and rate that are there already. */
  Standardised withMoments(Supplier<String> knownMean, Supplier<String> knownRate) {
    return new Standardised(e, x, knownMean, knownRate, axes);
  }

  private String centred() {
    return e.node("Sub", x, mean == null ? e.reduce("ReduceMean", x, true, axes) : mean.get());
  }

  private String rate(double epsilon) {
    if (rate != null) {
      return rate.get();
    }
    String centred = centred();
    String variance = e.reduce("ReduceMean", e.node("Mul", centred, centred), true, axes);
    String deviation = e.node("Sqrt", e.node("Add", variance, e.scalar(epsilon, x)));
    return e.node("Reciprocal", deviation);
  }

  /** h. */
  String values(double epsilon) {
    return e.node("Mul", centred(), rate(epsilon));
  }

  /** The cotangent of x from that of h. */
  String adjoint(String g, double epsilon) {
    String h = values(epsilon);
    String slope = e.reduce("ReduceMean", e.node("Mul", g, h), true, axes);
    String level = e.reduce("ReduceMean", g, true, axes);
    String rest = e.node("Sub", e.node("Sub", g, level), e.node("Mul", h, slope));
    return e.node("Mul", rest, rate(epsilon));
  }
}
