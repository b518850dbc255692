package io.github.cpsample.conditioning;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.denoiser.Conditions;
import io.github.cpsample.denoiser.Denoiser;
import io.github.cpsample.denoiser.OnnxDenoiser;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Builds the denoiser of one request: first what it is conditioned on, then {@link #create}. Not
 * thread-safe.
 */
public final class ConditionedDenoiser {
  private final DenoiserSpec spec;
  private final Guidance guidance;
  private final List<DenoiserInput> inputs = new ArrayList<>();

  /**
   * A denoiser without conditions so far.
   *
   * @param spec the denoiser's tensors
   * @param guidance how strongly it will be conditioned
   */
  public ConditionedDenoiser(DenoiserSpec spec, Guidance guidance) {
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
  public ConditionedDenoiser label(int label, OptionalInt none) {
    TensorPort port =
        spec.signature()
            .label()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "label: expected none for an unconditional denoiser, found " + label));
    if (guidance.active() && none.isEmpty()) {
      throw new IllegalArgumentException(
          "nullClass: expected the class that stands for none, which guidanceScale "
              + guidance.scale()
              + " needs, found none");
    }
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
  public ConditionedDenoiser text(String input, HiddenStates prompt, HiddenStates negative) {
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
   * Makes the denoiser and its buffers.
   *
   * @param session the network; not closed by it
   * @param shape of an image
   * @param rows the largest batch
   * @param variances whether a learned variance is wanted
   * @return the denoiser, guided if the guidance is active and there is a condition
   * @throws IllegalArgumentException if the conditions are not those of the denoiser's inputs
   */
  public Denoiser create(InferenceSession session, ImageShape shape, int rows, boolean variances) {
    boolean guided = guidance.active() && !inputs.isEmpty();
    Conditions conditions = Conditions.none();
    for (DenoiserInput input : inputs) {
      conditions = conditions.with(input.name(), guided ? input.pairs(rows) : input.rows(rows));
    }
    if (!guided) {
      return new OnnxDenoiser(session, spec, shape, conditions, rows);
    }
    Denoiser paired =
        new OnnxDenoiser(session, spec, shape, conditions, Math.multiplyExact(2, rows));
    return new ClassifierFreeGuidance(paired, guidance, rows, shape.size(), variances);
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
