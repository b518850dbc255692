package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Batch normalisation in inference form, y = scale (x - mean) r + bias with r = 1 / sqrt(variance +
 * epsilon) per channel.
 *
 * <p>x: g scale r. With G the sum of g and H the sum of g (x - mean) over all but channels: scale:
 * H r; bias: G; mean: -G scale r; variance: -H scale r^3 / 2.
 */
final class BatchNormalizationRule implements AdjointRule {

  private static final int SCALE = 1;
  private static final int BIAS = 2;
  private static final int MEAN = 3;
  private static final int VARIANCE = 4;

  private static final AdjointRule TRAINING = new DecomposedRule(BatchNormalizationRule::training);

  @Override
  public boolean takesAllOutputs() {
    return true;
  }

  /** Moments of the batch itself; further outputs: those given and those of the batch, averaged. */
  private static List<String> training(Emitter e, NodeAdjoint n) {
    int rank = n.rank(0);
    long[] others = LongStream.range(0, rank).filter(i -> i != 1).toArray();
    String mean = e.reduce("ReduceMean", n.in(0), true, others);
    String centred = e.sub(n.in(0), mean);
    String variance = e.reduce("ReduceMean", e.mul(centred, centred), true, others);
    String raised = e.add(variance, e.scalar(epsilon(n), variance));
    String standardised = e.div(centred, e.sqrt(raised));
    String scaled = e.mul(standardised, NormalizationRules.perChannel(e, n.in(SCALE), rank));
    return List.of(
        e.add(scaled, NormalizationRules.perChannel(e, n.in(BIAS), rank)),
        averaged(n, MEAN, mean),
        averaged(n, VARIANCE, variance));
  }

  private static String averaged(NodeAdjoint n, int given, String found) {
    Emitter e = n.emit();
    double momentum = n.node().decimal("momentum", 0.9f);
    String flat = e.reshape(found, -1);
    String part = e.scale(flat, 1 - momentum, flat);
    String same = e.type(flat) == e.type(n.in(given)) ? part : e.cast(part, e.type(n.in(given)));
    return e.add(e.scale(n.in(given), momentum, n.in(given)), same);
  }

  @Override
  public void apply(NodeAdjoint n) {
    if (n.node().integer("training_mode", 0) != 0) {
      TRAINING.apply(n);
      return;
    }
    if (n.hasFurtherCotangents()) {
      throw n.refuse("only its first output has a derivative, but another is used");
    }
    if (n.node().integer("spatial", 1) == 0) {
      throw n.refuse("expected parameters per channel, found spatial 0");
    }
    if (n.cotangent() == null) {
      return;
    }
    Emitter e = n.emit();
    n.give(0, () -> e.mul(n.cotangent(), factors(n)));
    n.give(SCALE, () -> e.mul(centredSum(n), rate(n)));
    n.give(BIAS, () -> sum(n, n.cotangent()));
    n.give(
        MEAN,
        () -> {
          String slope = e.mul(n.in(SCALE), rate(n));
          return e.neg(e.mul(sum(n, n.cotangent()), slope));
        });
    n.give(
        VARIANCE,
        () -> {
          String square = e.mul(rate(n), rate(n));
          String cube = e.mul(square, rate(n));
          String slope = e.mul(e.scale(n.in(SCALE), -0.5, n.in(SCALE)), cube);
          return e.mul(centredSum(n), slope);
        });
  }

  private static double epsilon(NodeAdjoint n) {
    return n.node().decimal("epsilon", 1e-5f);
  }

  private static String rate(NodeAdjoint n) {
    Emitter e = n.emit();
    String raised = e.add(n.in(VARIANCE), e.scalar(epsilon(n), n.in(VARIANCE)));
    return e.node("Reciprocal", e.sqrt(raised));
  }

  private static String sum(NodeAdjoint n, String value) {
    long[] others = LongStream.range(0, n.rank(0)).filter(i -> i != 1).toArray();
    return n.emit().reduce("ReduceSum", value, false, others);
  }

  private static String centredSum(NodeAdjoint n) {
    Emitter e = n.emit();
    String mean = NormalizationRules.perChannel(e, n.in(MEAN), n.rank(0));
    return sum(n, e.mul(n.cotangent(), e.sub(n.in(0), mean)));
  }

  /** scale r, folded into a constant where it is one. */
  private static String factors(NodeAdjoint n) {
    Emitter e = n.emit();
    Optional<Tensor> scale = e.constantValue(n.in(SCALE)).filter(Constants::isReal);
    Optional<Tensor> variance = e.constantValue(n.in(VARIANCE)).filter(Constants::isReal);
    if (scale.isPresent() && variance.isPresent()) {
      double[] factors = scale.get().doubles();
      double[] variances = variance.get().doubles();
      for (int i = 0; i < factors.length; i++) {
        factors[i] /= Math.sqrt(variances[i] + epsilon(n));
      }
      long[] sizes = new long[Math.max(1, n.rank(0) - 1)];
      Arrays.fill(sizes, 1);
      sizes[0] = factors.length;
      return e.constant(Constants.like(scale.get(), factors, sizes));
    }
    return NormalizationRules.perChannel(e, e.mul(n.in(SCALE), rate(n)), n.rank(0));
  }
}
