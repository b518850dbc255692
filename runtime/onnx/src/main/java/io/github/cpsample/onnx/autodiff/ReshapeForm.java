package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.Shape;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The sizes that Reshape is given where they are constant: 0 copies a size from the same axis, -1
 * is computed. Copying is preferred: then a runtime, too, can tell that a size has not changed, and
 * ONNX Runtime keeps images of equal sizes in its blocked layout.
 */
final class ReshapeForm {

  private ReshapeForm() {}

  /**
   * The sizes to give.
   *
   * @param from the shape of what is reshaped, if known
   * @param to the shape wanted
   * @return empty where several sizes would have to be computed
   */
  static Optional<long[]> of(Optional<Shape> from, Shape to) {
    long[] form = new long[to.rank()];
    for (int i = 0; i < form.length; i++) {
      int axis = i;
      Dim size = to.dim(i);
      boolean copied =
          from.filter(shape -> axis < shape.rank() && size.certainlyEquals(shape.dim(axis)))
              .isPresent();
      form[i] = size.isFixed() ? size.size() : copied ? 0 : -1;
    }
    boolean empty = to.dims().stream().anyMatch(dim -> dim.size() == 0);
    boolean open = LongStream.of(form).filter(size -> size < 0).count() > 1;
    return empty || open ? Optional.empty() : Optional.of(form);
  }
}
