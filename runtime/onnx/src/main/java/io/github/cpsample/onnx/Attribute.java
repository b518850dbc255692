package io.github.cpsample.onnx;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A named attribute of a node. The value's class follows from the kind: Float, Long, String,
 * Tensor, Graph, or a List of one of them.
 *
 * @param name its name
 * @param kind its kind
 * @param value its value
 */
public record Attribute(String name, Kind kind, Object value) {

  /** What an attribute holds. */
  public enum Kind {
    /** A float. */
    FLOAT(Float.class),
    /** An integer. */
    INT(Long.class),
    /** A string. */
    STRING(String.class),
    /** A tensor. */
    TENSOR(Tensor.class),
    /** A subgraph. */
    GRAPH(Graph.class),
    /** A list of floats. */
    FLOATS(List.class),
    /** A list of integers. */
    INTS(List.class),
    /** A list of strings. */
    STRINGS(List.class),
    /** A list of tensors. */
    TENSORS(List.class),
    /** A list of subgraphs. */
    GRAPHS(List.class);

    private final Class<?> type;

    Kind(Class<?> type) {
      this.type = type;
    }
  }

  public Attribute {
    Checks.argument(
        kind.type.isInstance(value), "Attribute " + name, "a value of kind " + kind, value);
    value = value instanceof List<?> list ? List.copyOf(list) : value;
  }

  /**
   * An integer.
   *
   * @param name the attribute's name
   * @param value the value
   * @return the attribute
   */
  public static Attribute integer(String name, long value) {
    return new Attribute(name, Kind.INT, value);
  }

  /**
   * A float.
   *
   * @param name the attribute's name
   * @param value the value
   * @return the attribute
   */
  public static Attribute decimal(String name, float value) {
    return new Attribute(name, Kind.FLOAT, value);
  }

  /**
   * A string.
   *
   * @param name the attribute's name
   * @param value the value
   * @return the attribute
   */
  public static Attribute string(String name, String value) {
    return new Attribute(name, Kind.STRING, value);
  }

  /**
   * A list of integers.
   *
   * @param name the attribute's name
   * @param values the values
   * @return the attribute
   */
  public static Attribute ints(String name, long... values) {
    return new Attribute(name, Kind.INTS, Arrays.stream(values).boxed().toList());
  }

  /**
   * A list of floats.
   *
   * @param name the attribute's name
   * @param values the values
   * @return the attribute
   */
  public static Attribute floats(String name, float... values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return new Attribute(name, Kind.FLOATS, list);
  }

  /**
   * A tensor.
   *
   * @param name the attribute's name
   * @param value the value
   * @return the attribute
   */
  public static Attribute tensor(String name, Tensor value) {
    return new Attribute(name, Kind.TENSOR, value);
  }

  /**
   * A subgraph.
   *
   * @param name the attribute's name
   * @param value the value
   * @return the attribute
   */
  public static Attribute graph(String name, Graph value) {
    return new Attribute(name, Kind.GRAPH, value);
  }
}
