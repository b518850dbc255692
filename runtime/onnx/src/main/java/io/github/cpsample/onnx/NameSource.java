package io.github.cpsample.onnx;

import java.util.HashSet;
import java.util.Set;

/** The names that a graph and its subgraphs have taken. */
final class NameSource {

  private final Set<String> taken = new HashSet<>();
  private int counter;

  /** Takes a name. */
  String claim(String name) {
    if (name.isEmpty() || !taken.add(name)) {
      throw new IllegalArgumentException(
          "Graph: expected a name that is not taken, found '" + name + "'");
    }
    return name;
  }

  /** Makes a name up. */
  String fresh(String stem) {
    String name;
    do {
      name = stem + "." + counter++;
    } while (!taken.add(name));
    return name;
  }
}
