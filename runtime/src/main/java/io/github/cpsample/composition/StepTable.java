package io.github.cpsample.composition;

import io.github.cpsample.diffusion.Combination;
import io.github.cpsample.diffusion.Combination.Term;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.diffusion.SampleClipping;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The factors of a plan's steps as numbers of a graph: a column for every factor that is not 0 in
 * all steps, and one for the bound of the predicted image where it is read. Immutable.
 */
public final class StepTable {
  private final Plan plan;
  private final Layout layout;

  /** What a step writes. */
  public enum Target {
    /** The predicted image before it is bounded. */
    SAMPLE,
    /** What is remembered, of age 0 in the others. */
    REMEMBERED,
    /** What is kept. */
    KEPT,
    /** The next x. */
    NEXT
  }

  /**
   * A factor of a step.
   *
   * @param target what it is a factor in
   * @param term of which term; null for what is remembered
   * @param age of what is remembered; 0 beside a term
   */
  public record Factor(Target target, @Nullable Term term, int age) {
    double of(Combination combination) {
      return term == null ? combination.ofRemembered(age) : combination.of(term);
    }
  }

  /**
   * Which factors a graph has columns for: equal ones are served by the same graph.
   *
   * @param factors in the order of their columns
   * @param memory what steps remember
   */
  public record Layout(List<Factor> factors, Sampler.Memory memory) {
    public Layout {
      factors = List.copyOf(factors);
    }

    /** Whether the predicted image is read after it was bounded. */
    boolean bounds() {
      return factors.stream().anyMatch(factor -> factor.term() == Term.SAMPLE);
    }

    /**
     * How many numbers a step has: its factors and the bound, for rows that are not guided, then
     * for guided ones.
     *
     * @return an even number
     */
    public int width() {
      return 2 * (factors.size() + 1);
    }

    /**
     * How many older predictions steps read.
     *
     * @return the oldest one's age
     */
    public int past() {
      return Math.max(0, memory.predictions() - 1);
    }

    /**
     * Whether steps remember predictions for later ones.
     *
     * @return false where they use their own alone
     */
    public boolean remembers() {
      return memory.predictions() > 0;
    }

    /**
     * Whether fresh noise is read.
     *
     * @return false for deterministic samplers
     */
    public boolean noise() {
      return factors.stream().anyMatch(factor -> factor.term() == Term.NOISE);
    }

    /**
     * The numbers of a step.
     *
     * @param step a step of a sampler with this layout
     * @param stepsTaken how many steps the row has taken since it began or was sent back
     * @param numbers receives {@link #width} numbers
     * @param from where they go
     */
    public void put(SamplerStep step, int stepsTaken, double[] numbers, int from) {
      int at = from;
      for (boolean guided : new boolean[] {false, true}) {
        SamplerStep.Update update = step.update(stepsTaken, guided);
        for (Factor factor : factors) {
          numbers[at++] = factor.of(target(step, update, factor.target()));
        }
        boolean bounds = step.clipping().kind() == SampleClipping.Kind.RANGE;
        numbers[at++] = bounds ? step.clipping().range() : Double.POSITIVE_INFINITY;
      }
    }
  }

  private StepTable(Plan plan, Layout layout) {
    this.plan = plan;
    this.layout = layout;
  }

  /**
   * The table of a plan.
   *
   * @param plan the steps
   * @return its table
   * @throws IllegalArgumentException if its steps read a learned variance or bound the predicted
   *     image dynamically, which graphs do not
   */
  public static StepTable of(Plan plan) {
    List<SamplerStep> steps = plan.steps();
    for (SamplerStep step : steps) {
      boolean dynamic = step.clipping().kind() == SampleClipping.Kind.DYNAMIC;
      if (dynamic || step.learnsVariance()) {
        throw new IllegalArgumentException(
            "sampler "
                + plan.trajectory().kind()
                + ": expected a fixed bound of the predicted image and a fixed variance, to write"
                + " it as a graph, found "
                + (dynamic ? "dynamic thresholding" : "a learned variance"));
      }
    }
    List<Factor> used = new ArrayList<>();
    Sampler.Memory memory = plan.memory();
    int reach = Math.max(1, memory.predictions());
    for (Target target : Target.values()) {
      for (Term term : Term.values()) {
        used.add(new Factor(target, term, 0));
      }
      for (int age = 0; age < reach; age++) {
        used.add(new Factor(target, null, age));
      }
    }
    used.removeIf(factor -> !isUsed(steps, memory, factor));
    if (used.stream().noneMatch(factor -> factor.term() == Term.SAMPLE)) {
      used.removeIf(factor -> factor.target() == Target.SAMPLE);
    }
    return new StepTable(plan, new Layout(used, memory));
  }

  private static boolean isUsed(List<SamplerStep> steps, Sampler.Memory memory, Factor factor) {
    if (factor.target() == Target.KEPT && !memory.keeps()) {
      return false;
    }
    for (SamplerStep step : steps) {
      for (SamplerStep.Update update : step.updates()) {
        if (factor.of(target(step, update, factor.target())) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static Combination target(SamplerStep step, SamplerStep.Update update, Target target) {
    return switch (target) {
      case SAMPLE -> step.sample();
      case REMEMBERED -> update.remembered();
      case KEPT -> update.kept();
      case NEXT -> update.next();
    };
  }

  /**
   * Which factors have columns.
   *
   * @return the layout
   */
  public Layout layout() {
    return layout;
  }

  /** For how many numbers of steps taken the factors of a step may differ. */
  int histories() {
    return plan.steps().stream().mapToInt(SamplerStep::histories).max().orElseThrow();
  }

  /**
   * The numbers of all steps for rows that have taken 0, 1, ... steps, [steps,histories,2,width/2];
   * no numbers where a row cannot get to.
   */
  Tensor toTensor() {
    int width = layout.width();
    int histories = histories();
    List<SamplerStep> steps = plan.steps();
    double[] numbers = new double[Math.multiplyExact(steps.size() * histories, width)];
    Arrays.fill(numbers, Double.NaN);
    for (int i = 0; i < steps.size(); i++) {
      for (int taken = 0; taken < histories; taken++) {
        if (steps.get(i).follows(taken)) {
          layout.put(steps.get(i), taken, numbers, (i * histories + taken) * width);
        }
      }
    }
    return Tensor.of(numbers, steps.size(), histories, 2, width / 2);
  }
}
