package io.github.cpsample.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which names of sizes a graph's declarations may be believed in. Those that inputs have are: equal
 * names are equal sizes. Of other values some exporters give any unknown size the same name, so
 * such a name says nothing unless it occurs only once.
 */
public final class DeclaredSizes {

  private final Set<String> believed;

  private DeclaredSizes(Set<String> believed) {
    this.believed = believed;
  }

  /**
   * Looks at the declarations of a graph.
   *
   * @param graph the graph
   * @return what may be believed
   */
  public static DeclaredSizes of(Graph graph) {
    Set<String> believed = symbols(graph.inputs());
    Set<String> seen = new HashSet<>(believed);
    Set<String> repeated = new HashSet<>();
    for (List<ValueInfo> values : List.of(graph.outputs(), graph.valueInfo())) {
      for (ValueInfo value : values) {
        for (Dim dim : value.shape().map(Shape::dims).orElse(List.of())) {
          if (!dim.symbol().isEmpty() && !seen.add(dim.symbol())) {
            repeated.add(dim.symbol());
          }
        }
      }
    }
    seen.removeAll(repeated);
    seen.addAll(believed);
    return new DeclaredSizes(seen);
  }

  private static Set<String> symbols(List<ValueInfo> values) {
    Set<String> symbols = new HashSet<>();
    for (ValueInfo value : values) {
      value
          .shape()
          .ifPresent(
              shape ->
                  shape.dims().stream()
                      .map(Dim::symbol)
                      .filter(symbol -> !symbol.isEmpty())
                      .forEach(symbols::add));
    }
    return symbols;
  }

  /**
   * A declaration without the names that may not be believed.
   *
   * @param value a declaration
   * @return the same with those sizes left open
   */
  public ValueInfo trusted(ValueInfo value) {
    return new ValueInfo(
        value.name(),
        value.type(),
        value.shape().map(shape -> new Shape(shape.dims().stream().map(this::trusted).toList())),
        value.notes());
  }

  private Dim trusted(Dim dim) {
    return dim.isFixed() || believed.contains(dim.symbol()) ? dim : Dim.unknown();
  }
}
