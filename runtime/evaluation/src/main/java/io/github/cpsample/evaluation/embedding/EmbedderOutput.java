package io.github.cpsample.evaluation.embedding;

import io.github.cpsample.inference.TensorSpec;
import io.github.cpsample.inference.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The output of an embedder that holds the features: [N,D], or [N,D,1,1] and the like, whose axes
 * of length 1 are dropped.
 *
 * @param name of the tensor
 * @param type float, float16 or double
 * @param dimension D
 * @param ones how many axes of length 1 follow
 * @param batch how many vectors come together; empty where that is free
 */
record EmbedderOutput(String name, TensorType type, int dimension, int ones, OptionalInt batch) {

  private static final List<TensorType> TYPES =
      List.of(TensorType.FLOAT, TensorType.FLOAT16, TensorType.DOUBLE);

  /**
   * Detects it.
   *
   * @param spec what the user says
   * @param outputs that the file declares
   * @throws IllegalArgumentException saying what was found and which key tells what is missing
   */
  static EmbedderOutput detect(EmbedderSpec spec, List<TensorSpec> outputs) {
    Refusal refusal = new Refusal(spec.file());
    List<TensorSpec> candidates =
        outputs.stream()
            .filter(it -> spec.output().map(it.name()::equals).orElse(true))
            .filter(EmbedderOutput::holdsVectors)
            .toList();
    if (candidates.size() != 1) {
      String expected =
          candidates.isEmpty()
              ? "an output [N,D] or [N,D,1,1] of floating point numbers"
                  + spec.output().map(it -> " that is called " + it).orElse("")
              : "the name of the output with the features, output=NAME";
      throw refusal.because(expected, EmbedderInput.describe(outputs));
    }
    TensorSpec output = candidates.get(0);
    long declared = output.dimensions().get(1);
    if (declared < 1 && spec.features().isEmpty()) {
      throw refusal.because(
          "the length of the vectors, features=D, which the file leaves open",
          EmbedderInput.describe(candidates));
    }
    if (declared > 0 && spec.features().isPresent() && spec.features().getAsInt() != declared) {
      throw refusal.because(
          spec.features().getAsInt() + " features, as the key says",
          EmbedderInput.describe(candidates));
    }
    long batch = output.dimensions().get(0);
    return new EmbedderOutput(
        output.name(),
        output.type(),
        declared > 0 ? Math.toIntExact(declared) : spec.features().getAsInt(),
        output.dimensions().size() - 2,
        batch > 0 ? OptionalInt.of(Math.toIntExact(batch)) : OptionalInt.empty());
  }

  /** The shape of the vectors of some images. */
  long[] shape(int images) {
    long[] shape = new long[ones + 2];
    Arrays.fill(shape, 1);
    shape[0] = images;
    shape[1] = dimension;
    return shape;
  }

  private static boolean holdsVectors(TensorSpec output) {
    List<Long> axes = output.dimensions();
    return TYPES.contains(output.type())
        && axes.size() >= 2
        && axes.subList(2, axes.size()).stream().allMatch(length -> length == 1 || length < 0);
  }
}
