package io.github.cpsample.diffusers;

import java.util.Optional;

/**
 * Names of a denoiser's tensors, for those that cannot be told from the graph.
 *
 * @param input the image input
 * @param timestep the timestep input
 * @param label the input for class labels
 * @param output the prediction
 */
public record TensorNames(
    Optional<String> input,
    Optional<String> timestep,
    Optional<String> label,
    Optional<String> output) {

  /** In errors, what to give for the image input. */
  public static final String INPUT = "input";

  /** In errors, what to give for the timestep input. */
  public static final String TIMESTEP = "timestep-input";

  /** In errors, what to give for the input for class labels. */
  public static final String LABEL = "label-input";

  /** In errors, what to give for the prediction. */
  public static final String OUTPUT = "output";

  /**
   * Everything is told from the graph.
   *
   * @return no names
   */
  public static TensorNames none() {
    return new TensorNames(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
