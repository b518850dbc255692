package io.github.cpsample.composition;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Writes the update of a sampler's steps, whose numbers are tables that the step indexes. */
final class UpdateNodes {

  private final List<StepNumbers> free;
  private final List<StepNumbers> guided;
  private final OptionalDouble clip;

  UpdateNodes(List<SamplerStep> steps, PredictionType type, OptionalDouble clip) {
    this.free = steps.stream().map(step -> StepNumbers.of(step, type, clip, false)).toList();
    this.guided = steps.stream().map(step -> StepNumbers.of(step, type, clip, true)).toList();
    this.clip = clip;
  }

  /**
   * What a step works with.
   *
   * @param step index of the step, int64 scalar
   * @param x images, [N,C,H,W]
   * @param prediction the denoiser's output, [N,C,H,W]
   * @param guidance g, [N,C,H,W]; 0 for rows that are not guarded
   * @param guarded which rows are guarded, bool [N]
   * @param noise fresh noise, [N,C,H,W]; null where no step uses any
   */
  record Operands(
      Value step, Value x, Value prediction, Value guidance, Value guarded, Value noise) {}

  /** The next x, float. */
  Value write(Nodes nodes, Operands operands) {
    Writer writer = new Writer(nodes, operands);
    Value next = writer.next(guided);
    if (!sameWithoutGuidance()) {
      Value rows = nodes.op("Reshape", operands.guarded(), nodes.indices(-1, 1, 1, 1));
      next = nodes.op("Where", rows, next, writer.next(free));
    }
    return nodes.cast(next, ElementType.FLOAT);
  }

  private boolean sameWithoutGuidance() {
    for (int i = 0; i < free.size(); i++) {
      StepNumbers a = free.get(i);
      StepNumbers b = guided.get(i);
      if (a.ofSample() != b.ofSample()
          || a.ofState() != b.ofState()
          || a.ofPrediction() != b.ofPrediction()) {
        return false;
      }
    }
    return true;
  }

  /** In float64, as the sampler's own step. */
  private final class Writer {
    private final Nodes nodes;
    private final Operands operands;
    private final Value x;
    private final Value prediction;

    Writer(Nodes nodes, Operands operands) {
      this.nodes = nodes;
      this.operands = operands;
      this.x = wide(operands.x());
      this.prediction = wide(operands.prediction());
    }

    Value next(List<StepNumbers> steps) {
      Value sum = null;
      if (clip.isPresent()) {
        Value sample = plus(null, steps, StepNumbers::stateToSample, x);
        sample = plus(sample, steps, StepNumbers::predictionToSample, prediction);
        sum = plus(sum, steps, StepNumbers::ofSample, clipped(sample, clip.getAsDouble()));
      }
      sum = plus(sum, steps, StepNumbers::ofState, x);
      sum = plus(sum, steps, StepNumbers::ofPrediction, prediction);
      sum = plus(sum, steps, StepNumbers::ofGuidance, wide(operands.guidance()));
      return operands.noise() == null
          ? sum
          : plus(sum, steps, StepNumbers::ofNoise, wide(operands.noise()));
    }

    /** Not Clip, which may turn what is not a number into one. */
    private Value clipped(Value sample, double range) {
      Value most = nodes.number(range);
      Value least = nodes.number(-range);
      Value below = nodes.op("Where", nodes.op("Greater", sample, most), most, sample);
      return nodes.op("Where", nodes.op("Less", below, least), least, below);
    }

    private Value wide(Value value) {
      return nodes.cast(value, ElementType.DOUBLE);
    }

    /** Adds a term, unless its factor is 0 at every step. */
    private Value plus(
        Value sum, List<StepNumbers> steps, ToDoubleFunction<StepNumbers> number, Value operand) {
      double[] column = steps.stream().mapToDouble(number).toArray();
      boolean absent = steps.stream().mapToDouble(number).allMatch(value -> value == 0);
      if (absent) {
        return sum;
      }
      Value table = nodes.graph().constant(Tensor.of(column, column.length));
      Value term = nodes.op("Mul", nodes.op("Gather", table, operands.step()), operand);
      return sum == null ? term : nodes.op("Add", sum, term);
    }
  }
}
