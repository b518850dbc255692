package io.github.cpsample.latent;

import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.inference.TensorSpec;
import java.util.List;

/** The only input, or the first output, of an encoder or decoder: [N,C,H,W]. */
final class CoderPort {
  private static final int RANK = 4;

  private final TensorSpec spec;

  private CoderPort(TensorSpec spec) {
    this.spec = spec;
  }

  static CoderPort input(InferenceSession session) {
    return of(session, "one input [N,C,H,W]", session.inputs(), session.inputs().size() == 1);
  }

  static CoderPort output(InferenceSession session) {
    return of(session, "an output [N,C,H,W]", session.outputs(), true);
  }

  private static CoderPort of(
      InferenceSession session, String expected, List<TensorSpec> found, boolean countFits) {
    if (!countFits || found.get(0).dimensions().size() != RANK) {
      throw new IllegalArgumentException(
          session.name()
              + ": expected "
              + expected
              + ", found "
              + found.stream().map(tensor -> tensor.name() + " " + tensor.describe()).toList());
    }
    return new CoderPort(found.get(0));
  }

  String name() {
    return spec.name();
  }

  /** The size of an axis, or another number where it is free. */
  int size(int axis, int otherwise) {
    long size = spec.dimensions().get(axis);
    return size < 0 ? otherwise : Math.toIntExact(size);
  }

  /** Autoencoders overflow in float16 more easily than denoisers. */
  static void requireFinite(InferenceSession session, String output, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new InferenceException(
            session.name()
                + ", output "
                + output
                + ": expected finite numbers, found "
                + value
                + "; where it was exported in float16, export it in float32");
      }
    }
  }

  TensorBuffer allocate(int rows, int channels, int height, int width) {
    return TensorBuffer.of(spec.type(), rows, channels, height, width);
  }
}
