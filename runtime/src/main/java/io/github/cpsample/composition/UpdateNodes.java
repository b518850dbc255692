package io.github.cpsample.composition;

import io.github.cpsample.base.Checks;
import io.github.cpsample.composition.StepTable.Factor;
import io.github.cpsample.composition.StepTable.Target;
import io.github.cpsample.diffusion.Combination.Term;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the update of a sampler's step, {@link io.github.cpsample.diffusion.SamplerStep#advance},
 * whose factors are values of the graph, in float64.
 */
final class UpdateNodes {

  private final Nodes nodes;
  private final StepTable.Layout layout;
  private final List<Value> columns;
  private final Map<Term, Value> terms = new EnumMap<>(Term.class);
  private final List<Value> remembered = new ArrayList<>();

  /**
   * What a step works with.
   *
   * @param numbers the factors of each row or of all, float64 [N,2,W] or [1,2,W]
   * @param x images, [N,C,H,W]
   * @param prediction the denoiser's output, [N,C,H,W]
   * @param guidance g, [N,C,H,W]; 0 for rows that are not guarded
   * @param guarded which rows are guarded, bool [N]
   * @param noise fresh noise, [N,C,H,W]; null where no step uses any
   * @param kept what earlier steps kept, [N,C,H,W]; null where nothing is
   * @param past what earlier steps remembered, newest first, each [N,C,H,W]
   */
  record Operands(
      Value numbers,
      Value x,
      Value prediction,
      Value guidance,
      Value guarded,
      @Nullable Value noise,
      @Nullable Value kept,
      List<Value> past) {}

  /**
   * What a step gets, each float [N,C,H,W].
   *
   * @param next the next x
   * @param remembered what it remembers; null where later steps do not read it
   * @param kept what it keeps; null where nothing is kept
   */
  record Result(Value next, @Nullable Value remembered, @Nullable Value kept) {}

  private UpdateNodes(Nodes nodes, StepTable.Layout layout, Operands operands) {
    this.nodes = nodes;
    this.layout = layout;
    this.columns = columns(operands);
    put(Term.STATE, operands.x());
    put(Term.PREDICTION, operands.prediction());
    put(Term.GUIDANCE, operands.guidance());
    put(Term.NOISE, operands.noise());
    put(Term.KEPT, operands.kept());
    if (layout.bounds()) {
      terms.put(Term.SAMPLE, nodes.bounded(sum(Target.SAMPLE), columns.get(columns.size() - 1)));
    }
    remembered.add(sumIfAny(Target.REMEMBERED));
    operands.past().forEach(value -> remembered.add(nodes.wide(value)));
  }

  static Result write(Nodes nodes, StepTable.Layout layout, Operands operands) {
    UpdateNodes update = new UpdateNodes(nodes, layout, operands);
    return new Result(
        nodes.narrow(update.sum(Target.NEXT)),
        layout.remembers() ? nodes.narrow(update.remembered.get(0)) : null,
        layout.memory().keeps() ? nodes.narrow(update.sum(Target.KEPT)) : null);
  }

  private void put(Term term, @Nullable Value value) {
    if (value != null && layout.factors().stream().anyMatch(factor -> factor.term() == term)) {
      terms.put(term, nodes.wide(value));
    }
  }

  /** The sum of a target's terms. */
  private Value sum(Target target) {
    return Objects.requireNonNull(sumIfAny(target), target.name());
  }

  /** Null where it has none. */
  private @Nullable Value sumIfAny(Target target) {
    Value sum = null;
    for (int i = 0; i < layout.factors().size(); i++) {
      Factor factor = layout.factors().get(i);
      if (factor.target() == target) {
        Value operand =
            factor.term() == null
                ? remembered.get(factor.age())
                : Checks.entry(terms, factor.term());
        Value product = nodes.mul(columns.get(i), operand);
        sum = sum == null ? product : nodes.add(sum, product);
      }
    }
    return sum;
  }

  /** The numbers of every row, each [N,1,1,1]; those of rows that are guarded differ. */
  private List<Value> columns(Operands operands) {
    int count = layout.width() / 2;
    Value free = nodes.at(operands.numbers(), 1, 0);
    Value guided = nodes.at(operands.numbers(), 1, 1);
    Value rows = nodes.unsqueeze(operands.guarded(), 1);
    Value chosen = nodes.where(rows, guided, free);
    long[] ones = Collections.nCopies(count, 1L).stream().mapToLong(n -> n).toArray();
    return nodes.split(nodes.reshape(chosen, -1, count, 1, 1), 1, ones);
  }
}
