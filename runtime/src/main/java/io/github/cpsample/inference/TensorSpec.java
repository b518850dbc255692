package io.github.cpsample.inference;

import io.github.cpsample.base.Checks;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * What a model declares about one of its inputs or outputs.
 *
 * @param name the tensor's name
 * @param type element type
 * @param dimensions length of every dimension, -1 where it is free
 * @param symbols name of every free dimension; empty text for fixed and unnamed ones
 */
public record TensorSpec(
    String name, TensorType type, List<Long> dimensions, List<String> symbols) {
  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    dimensions = List.copyOf(dimensions);
    symbols = List.copyOf(symbols);
    Checks.argument(
        symbols.size() == dimensions.size(),
        name,
        "a symbol for each of " + dimensions.size() + " dimensions",
        symbols.size());
  }

  /**
   * The shape for people.
   *
   * @return for instance {@code float[N,1,28,28]}
   */
  public String describe() {
    StringJoiner text =
        new StringJoiner(",", type.name().toLowerCase(java.util.Locale.ROOT) + "[", "]");
    for (int i = 0; i < dimensions.size(); i++) {
      String symbol = symbols.get(i).isEmpty() ? "?" : symbols.get(i);
      text.add(dimensions.get(i) < 0 ? symbol : Long.toString(dimensions.get(i)));
    }
    return text.toString();
  }

  /**
   * Checks a tensor against this declaration.
   *
   * @param model what to call the model in errors
   * @param tensor the tensor
   * @param bound lengths of the free dimensions seen so far, by symbol; added to
   * @throws IllegalArgumentException naming model, tensor, expected and found
   */
  void check(String model, TensorBuffer tensor, Map<String, Long> bound) {
    long[] shape = tensor.shape();
    boolean fits = tensor.type() == type && shape.length == dimensions.size();
    for (int i = 0; fits && i < shape.length; i++) {
      long declared = dimensions.get(i);
      String symbol = symbols.get(i);
      if (declared >= 0) {
        fits = declared == shape[i];
      } else if (!symbol.isEmpty()) {
        Long before = bound.putIfAbsent(symbol, shape[i]);
        fits = before == null || before == shape[i];
      }
    }
    if (!fits) {
      String known = bound.isEmpty() ? "" : " with " + Collections.unmodifiableMap(bound);
      throw new IllegalArgumentException(
          "model "
              + model
              + ", tensor "
              + name
              + ": expected "
              + describe()
              + known
              + ", found "
              + tensor);
    }
  }
}
