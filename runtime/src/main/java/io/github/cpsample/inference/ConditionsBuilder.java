package io.github.cpsample.inference;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.TensorPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Collects what the images of one request are conditioned on. Not thread-safe. */
public final class ConditionsBuilder {
  private final DenoiserSpec spec;
  private final Conditioning.Guidance guidance;
  private final List<DenoiserInput> inputs = new ArrayList<>();

  /**
   * No conditions so far.
   *
   * @param spec the denoiser's tensors
   * @param guidance how strongly images are conditioned
   */
  public ConditionsBuilder(DenoiserSpec spec, Conditioning.Guidance guidance) {
    this.spec = spec;
    this.guidance = guidance;
  }

  /**
   * Asks for images of one class.
   *
   * @param label the class
   * @param none the class that stands for none; needed where the guidance is active
   * @return this
   * @throws IllegalArgumentException if the denoiser has no classes, or guidance has no null class
   */
  public ConditionsBuilder label(int label, OptionalInt none) {
    TensorPort port =
        spec.signature()
            .label()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "label: expected none for an unconditional denoiser, found " + label));
    Checks.argument(
        !guidance.active() || !none.isEmpty(),
        "nullClass",
        "the class that stands for none, which guidanceScale " + guidance.scale() + " needs",
        "none");
    float[] with = {label};
    float[] without = {none.orElse(label)};
    inputs.add(new DenoiserInput(port, ones(port.rank() - 1), with, without));
    return this;
  }

  /**
   * Asks for images of a text.
   *
   * @param input the denoiser's input
   * @param prompt what they shall show
   * @param negative what they shall not show; the empty text for the unconditional prediction
   * @return this
   * @throws IllegalArgumentException if the denoiser has no such input
   */
  public ConditionsBuilder text(
      String input, TextEncoder.HiddenStates prompt, TextEncoder.HiddenStates negative) {
    TensorPort port =
        spec.signature().conditions().stream()
            .filter(condition -> condition.name().equals(input))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "denoiser: expected an input "
                            + input
                            + " for the text, found "
                            + spec.signature().conditions().stream()
                                .map(TensorPort::name)
                                .toList()));
    inputs.add(
        new DenoiserInput(
            port,
            new long[] {prompt.tokens(), prompt.width()},
            prompt.values(),
            negative.values()));
    return this;
  }

  /**
   * The conditions of each image.
   *
   * @return guided if the guidance is active and there is a condition
   * @throws IllegalArgumentException if a condition does not fit the denoiser's input
   */
  public Conditions.Guided build() {
    boolean guided = guidance.active() && !inputs.isEmpty();
    Conditions with = Conditions.none();
    Conditions without = Conditions.none();
    for (DenoiserInput input : inputs) {
      with = with.with(input.name(), input.with());
      without = without.with(input.name(), input.without());
    }
    return new Conditions.Guided(with, guided ? Optional.of(without) : Optional.empty(), guidance);
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** What one of a denoiser's inputs receives with the condition, and without. Immutable. */
  private static final class DenoiserInput {
    private final TensorPort port;
    private final long[] rowShape;
    private final float[] with;
    private final float[] without;

    /**
     * @param rowShape sizes of one row, possibly none
     * @param with the row's values
     * @param without the values for the unconditional prediction; may be {@code with} where there
     *     is none
     */
    DenoiserInput(TensorPort port, long[] rowShape, float[] with, float[] without) {
      this.port = port;
      this.rowShape = rowShape.clone();
      this.with = with;
      this.without = without;
    }

    String name() {
      return port.name();
    }

    /** The row with the condition. */
    TensorBuffer with() {
      return filled(with);
    }

    /** The row without the condition. */
    TensorBuffer without() {
      return filled(without);
    }

    private TensorBuffer filled(float[] values) {
      TensorBuffer tensor = allocate();
      tensor.values().put(0, values, 0, with.length);
      return tensor;
    }

    private TensorBuffer allocate() {
      long[] shape = new long[rowShape.length + 1];
      shape[0] = 1;
      System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
      boolean fits = port.rank() == shape.length;
      for (int axis = 1; fits && axis < shape.length; axis++) {
        fits = !port.isFixed(axis) || port.sizes().get(axis) == shape[axis];
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "denoiser's input "
                + port.name()
                + ": expected "
                + port.describe()
                + ", found "
                + Arrays.toString(shape));
      }
      return TensorBuffer.of(TensorType.of(port.type()), shape);
    }
  }
}
