package io.github.cpsample.denoiser;

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
  public GuidedConditions build() {
    boolean guided = guidance.active() && !inputs.isEmpty();
    Conditions with = Conditions.none();
    Conditions without = Conditions.none();
    for (DenoiserInput input : inputs) {
      with = with.with(input.name(), input.with());
      without = without.with(input.name(), input.without());
    }
    return new GuidedConditions(with, guided ? Optional.of(without) : Optional.empty(), guidance);
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
