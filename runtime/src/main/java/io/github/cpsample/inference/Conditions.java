package io.github.cpsample.inference;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.TensorPort;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a denoiser is conditioned on for one image: its inputs besides images and timestep, by name,
 * each of one row. Immutable but for the tensors' values, which are not copied.
 */
public final class Conditions {
  private static final Conditions NONE = new Conditions(Map.of());

  private final Map<String, TensorBuffer> tensors;

  private Conditions(Map<String, TensorBuffer> tensors) {
    this.tensors = tensors;
  }

  /**
   * Conditions of an unconditional denoiser.
   *
   * @return no tensors
   */
  public static Conditions none() {
    return NONE;
  }

  /**
   * A class.
   *
   * @param signature of a denoiser with an input for labels
   * @param label the class
   * @return the tensor for that input
   * @throws IllegalArgumentException if the denoiser has no such input
   */
  public static Conditions ofLabel(DenoiserSignature signature, int label) {
    TensorPort port =
        signature
            .label()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "label: expected none for an unconditional denoiser, found " + label));
    long[] shape = port.sizes().stream().mapToLong(Math::abs).toArray();
    shape[0] = 1;
    TensorBuffer labels = TensorBuffer.of(TensorType.of(port.type()), shape);
    labels.values().fill(label);
    return NONE.with(port.name(), labels);
  }

  /**
   * Adds or replaces a tensor.
   *
   * @param name the denoiser's input
   * @param tensor its value, one row
   * @return changed conditions
   */
  public Conditions with(String name, TensorBuffer tensor) {
    Map<String, TensorBuffer> more = new LinkedHashMap<>(tensors);
    more.put(name, tensor);
    return new Conditions(more);
  }

  /**
   * The tensors by the names of the inputs.
   *
   * @return an unmodifiable view
   */
  public Map<String, TensorBuffer> tensors() {
    return java.util.Collections.unmodifiableMap(tensors);
  }

  /**
   * Refuses what a denoiser has no inputs for, missing tensors and others than of one row.
   *
   * @param signature the denoiser's tensors
   * @throws IllegalArgumentException if they do not fit, saying what was expected and found
   */
  public void requireFor(DenoiserSignature signature) {
    TreeSet<String> expected = new TreeSet<>();
    signature.extraInputs().forEach(port -> expected.add(port.name()));
    TreeSet<String> found = new TreeSet<>(tensors.keySet());
    Checks.argument(
        expected.equals(found), "denoiser", "conditions for its inputs " + expected, found);
    tensors.forEach(
        (name, tensor) -> {
          Checks.argument(
              tensor.shape().length > 0 && tensor.shape()[0] == 1,
              "condition " + name,
              "one row",
              tensor);
        });
  }

  /**
   * What one image is conditioned on. Immutable.
   *
   * @param with the condition
   * @param without no condition, or what the image shall not show; empty where the condition alone
   *     counts
   * @param guidance how both are weighed
   */
  public record Guided(
      Conditions with, Optional<Conditions> without, Conditioning.Guidance guidance) {
    /** An unconditional denoiser's. */
    public static final Guided NONE =
        new Guided(Conditions.none(), Optional.empty(), Conditioning.Guidance.NONE);

    public Guided {
      Objects.requireNonNull(with, "with");
      Objects.requireNonNull(without, "without");
      Objects.requireNonNull(guidance, "guidance");
    }

    /**
     * How many predictions an image needs in each step.
     *
     * @return 2 where it is guided, else 1
     */
    public int predictions() {
      return without.isPresent() ? 2 : 1;
    }
  }
}
