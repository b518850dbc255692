package io.github.cpsample.bundle;

import io.github.cpsample.onnx.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the inputs and outputs of a denoiser are called and look like. Immutable.
 *
 * @param input the images x_t, [N,C,H,W], of a floating point type
 * @param timestep the timestep: a single number, [1], [N] or [N,1], of a floating point or integer
 *     type
 * @param output the prediction, [N,C,H,W], or [N,2C,H,W] with a learned variance in the second half
 *     of its channels
 * @param label the class of every image, [N], of an integer type; empty where there is none
 * @param conditions all other inputs, which whoever runs the denoiser must give
 * @param roundsTimesteps whether an integer timestep stands for the fractional ones next to it;
 *     otherwise a sampler of fractional timesteps is refused
 */
public record DenoiserSignature(
    TensorPort input,
    TensorPort timestep,
    TensorPort output,
    Optional<TensorPort> label,
    List<TensorPort> conditions,
    boolean roundsTimesteps) {
  private static final int IMAGE_RANK = 4;

  public DenoiserSignature {
    Objects.requireNonNull(label, "label");
    conditions = List.copyOf(conditions);
    requireImages("denoiser.input", input);
    requireImages("denoiser.output", output);
    boolean column = timestep.rank() == 2 && timestep.sizes().get(1) == 1;
    if (timestep.rank() > 1 && !column) {
      throw new IllegalArgumentException(
          "denoiser.timestep: expected a number, [1], [N] or [N,1], found " + timestep.describe());
    }
  }

  /**
   * The tensors of the denoisers that this project exports: float images, float timesteps [N] and
   * int64 labels called {@link DenoiserSpec#LABEL_INPUT}, everything for any number of images.
   *
   * @param input name of the image input
   * @param timestep name of the timestep input
   * @param output name of the prediction
   * @param conditional whether there are labels
   * @return the description
   */
  public static DenoiserSignature usual(
      String input, String timestep, String output, boolean conditional) {
    long free = TensorPort.FREE;
    return new DenoiserSignature(
        TensorPort.of(input, ElementType.FLOAT, free, free, free, free),
        TensorPort.of(timestep, ElementType.FLOAT, free),
        TensorPort.of(output, ElementType.FLOAT, free, free, free, free),
        conditional
            ? Optional.of(TensorPort.of(DenoiserSpec.LABEL_INPUT, ElementType.INT64, free))
            : Optional.empty(),
        List.of(),
        false);
  }

  /**
   * The number of images of every run.
   *
   * @return the number, or 0 where any number will do
   */
  public int fixedBatch() {
    return input.isFixed(0) ? Math.toIntExact(input.sizes().get(0)) : 0;
  }

  /**
   * Whether the output has twice the channels of the input.
   *
   * @return true for a denoiser that learned a variance
   */
  public boolean learnsVariance() {
    return input.isFixed(1)
        && output.isFixed(1)
        && output.sizes().get(1) == 2 * input.sizes().get(1);
  }

  /**
   * The inputs besides images and timestep, which depend on what is asked of the denoiser.
   *
   * @return label and conditions
   */
  public List<TensorPort> extraInputs() {
    List<TensorPort> extra = new ArrayList<>();
    label.ifPresent(extra::add);
    extra.addAll(conditions);
    return List.copyOf(extra);
  }

  /**
   * All inputs.
   *
   * @return images, timestep, label and conditions
   */
  public List<TensorPort> inputs() {
    List<TensorPort> all = new ArrayList<>(List.of(input, timestep));
    all.addAll(extraInputs());
    return List.copyOf(all);
  }

  private static void requireImages(String field, TensorPort port) {
    if (port.rank() != IMAGE_RANK || !port.type().isFloatingPoint()) {
      throw new IllegalArgumentException(
          field + ": expected images float[N,C,H,W], found " + port.name() + " " + port.describe());
    }
  }
}
