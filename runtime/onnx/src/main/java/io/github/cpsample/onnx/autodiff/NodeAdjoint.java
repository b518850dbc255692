package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Shape;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** One node on the way back: its cotangents, its inputs, and where to emit. */
final class NodeAdjoint {

  private final Node node;
  private final List<String> cotangents;
  private final Activity activity;
  private final Emitter emitter;
  private final BiConsumer<String, String> receiver;

  NodeAdjoint(
      Node node,
      List<String> cotangents,
      Activity activity,
      Emitter emitter,
      BiConsumer<String, String> receiver) {
    this.node = node;
    this.cotangents = cotangents;
    this.activity = activity;
    this.emitter = emitter;
    this.receiver = receiver;
  }

  Node node() {
    return node;
  }

  Emitter emit() {
    return emitter;
  }

  String in(int index) {
    return node.inputs().get(index);
  }

  String out() {
    return node.outputs().get(0);
  }

  /** The cotangent of the only output. */
  String cotangent() {
    return cotangents.get(0);
  }

  /** The cotangent of an output; null where nothing depends on it. */
  String cotangent(int output) {
    return cotangents.get(output);
  }

  /** Whether anything depends on outputs behind the first. */
  boolean hasFurtherCotangents() {
    return cotangents.stream().skip(1).anyMatch(Objects::nonNull);
  }

  /** The active values that the node reads, those that its subgraphs use included. */
  List<String> activeReads() {
    return node.reads().stream().filter(activity::isActive).toList();
  }

  /** Hands over the cotangent of a value that the node reads. */
  void receive(String value, String cotangent) {
    receiver.accept(value, cotangent);
  }

  boolean isActive(int input) {
    return node.hasInput(input) && activity.isActive(in(input));
  }

  /** Whether the node hands on integers that stand for numbers. */
  boolean isQuantized() {
    return emitter.isStraightThrough()
        && StraightThrough.passes(node)
        && activeReads().stream().anyMatch(emitter::isInteger);
  }

  /**
   * Emits and hands over the cotangent of an input, if it is active; none if it has no elements.
   */
  void give(int input, Supplier<String> cotangent) {
    if (isActive(input)) {
      String value = in(input);
      receiver.accept(value, emitter.isEmpty(value) ? emitter.zerosLike(value) : cotangent.get());
    }
  }

  /** As {@link #give}, summed over the axes along which the input was broadcast. */
  void giveUnbroadcast(int input, Supplier<String> cotangent) {
    give(input, () -> new Broadcasting(emitter).sum(cotangent.get(), in(input), out()));
  }

  Shape shape(int input) {
    return emitter
        .shape(in(input))
        .orElseThrow(() -> refuse("the rank of its input " + in(input) + " is not known"));
  }

  long[] fixedSizes(Shape shape, int from) {
    return shape.dims().subList(from, shape.rank()).stream()
        .mapToLong(
            dim -> {
              if (!dim.isFixed()) {
                throw refuse("expected known sizes, found shape " + shape);
              }
              return dim.size();
            })
        .toArray();
  }

  int rank(int input) {
    return shape(input).rank();
  }

  /** An axis attribute, counted from the front. */
  int axis(long axis, int input) {
    int rank = rank(input);
    if (axis < -rank || axis > rank) {
      throw new MalformedModelException(
          "node " + node + ": expected an axis of " + rank + " axes, found " + axis);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** A list of integers that is an attribute in some opsets and an input in others, if given. */
  Optional<long[]> argument(String attribute, int input) {
    Optional<long[]> given = node.ints(attribute);
    if (given.isPresent() || !node.hasInput(input)) {
      return given;
    }
    return Optional.of(
        emitter
            .integersOf(in(input))
            .orElseThrow(() -> refuse("its " + attribute + " are only known when the graph runs")));
  }

  UnsupportedOperatorException refuse(String reason) {
    return new UnsupportedOperatorException(node, emitter.opset(), reason);
  }
}
