package io.github.cpsample.composition;

import io.github.cpsample.composition.StepTable.Term;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Value;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the update of a sampler's step, whose numbers are values of the graph. */
final class UpdateNodes {

  private final Nodes nodes;
  private final Set<Term> used;
  private final Operands operands;
  private final Map<Term, Value> factors;

  /**
   * What a step works with.
   *
   * @param numbers the step's row of a {@link StepTable}, float64 [2,7]
   * @param clip bound of the predicted image, float64 scalar; null without clipping
   * @param x images, [N,C,H,W]
   * @param prediction the denoiser's output, [N,C,H,W]
   * @param guidance g, [N,C,H,W]; 0 for rows that are not guarded
   * @param guarded which rows are guarded, bool [N]
   * @param noise fresh noise, [N,C,H,W]; null where no step uses any
   */
  record Operands(
      Value numbers,
      Value clip,
      Value x,
      Value prediction,
      Value guidance,
      Value guarded,
      Value noise) {}

  private UpdateNodes(Nodes nodes, Set<Term> used, Operands operands) {
    this.nodes = nodes;
    this.used = used;
    this.operands = operands;
    this.factors = factors();
  }

  /**
   * The next x, float; computed in float64, as the sampler's own step does.
   *
   * @param used the terms that may be other than 0
   */
  static Value write(Nodes nodes, Set<Term> used, Operands operands) {
    return nodes.cast(new UpdateNodes(nodes, used, operands).next(), ElementType.FLOAT);
  }

  private Value next() {
    Value x = wide(operands.x());
    Value prediction = wide(operands.prediction());
    Value sum = null;
    if (operands.clip() != null) {
      Value sample = plus(null, Term.STATE_TO_SAMPLE, x);
      sample = plus(sample, Term.PREDICTION_TO_SAMPLE, prediction);
      sum = plus(null, Term.SAMPLE, clipped(sample));
    }
    sum = plus(sum, Term.STATE, x);
    sum = plus(sum, Term.PREDICTION, prediction);
    sum = plus(sum, Term.GUIDANCE, wide(operands.guidance()));
    return operands.noise() == null ? sum : plus(sum, Term.NOISE, wide(operands.noise()));
  }

  /** The numbers of every row, each [N,1,1,1]. */
  private Map<Term, Value> factors() {
    int count = Term.values().length;
    Value free = nodes.op("Gather", operands.numbers(), nodes.index(0));
    Value guided = nodes.op("Gather", operands.numbers(), nodes.index(1));
    Value rows = nodes.op("Unsqueeze", operands.guarded(), nodes.indices(1));
    Value chosen = nodes.op("Where", rows, guided, free);
    List<Value> columns =
        nodes
            .graph()
            .nodes(
                "Split",
                List.of(
                    nodes.op("Reshape", chosen, nodes.indices(-1, count, 1, 1)),
                    nodes.indices(
                        Collections.nCopies(count, 1L).stream().mapToLong(n -> n).toArray())),
                count,
                Attribute.integer("axis", 1));
    Iterator<Value> column = columns.iterator();
    Map<Term, Value> factors = new EnumMap<>(Term.class);
    for (Term term : Term.values()) {
      factors.put(term, column.next());
    }
    return factors;
  }

  /** Not Clip, which may turn what is not a number into one. */
  private Value clipped(Value sample) {
    Value most = operands.clip();
    Value least = nodes.op("Neg", most);
    Value below = nodes.op("Where", nodes.op("Greater", sample, most), most, sample);
    return nodes.op("Where", nodes.op("Less", below, least), least, below);
  }

  private Value wide(Value value) {
    return nodes.cast(value, ElementType.DOUBLE);
  }

  private Value plus(Value sum, Term term, Value operand) {
    if (!used.contains(term)) {
      return sum;
    }
    Value product = nodes.op("Mul", factors.get(term), operand);
    return sum == null ? product : nodes.op("Add", sum, product);
  }
}
