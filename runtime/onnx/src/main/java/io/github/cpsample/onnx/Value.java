package io.github.cpsample.onnx;

/** A tensor inside a graph that is being built; a handle of its {@link GraphBuilder}. */
public final class Value {

  private final GraphBuilder owner;
  private final String name;

  Value(GraphBuilder owner, String name) {
    this.owner = owner;
    this.name = name;
  }

  /**
   * The tensor's name in the graph.
   *
   * @return unique within the graph
   */
  public String name() {
    return name;
  }

  GraphBuilder owner() {
    return owner;
  }

  @Override
  public String toString() {
    return name;
  }
}
