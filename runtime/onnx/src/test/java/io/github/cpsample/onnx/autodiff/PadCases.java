package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;
import static io.github.cpsample.onnx.autodiff.OperatorCases.withIntegers;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Padding: every mode, in the form of every opset, and with pads that the graph computes. */
final class PadCases {

  private PadCases() {}

  static void addTo(List<OperatorCase> cases) {
    cases.add(withIntegers("Pad", "", size(2, 3), List.of(size(1, 0, 2, 1))));
    cases.add(withIntegers("Pad", "negative", size(4, 3), List.of(size(-1, 0, 2, -1))));
    cases.add(withIntegers("Pad", "joined", size(4, 3), List.of(size(-1, 0, 2, -1))).atOpset(21));
    cases.add(old("constant", 1, 0, 1, 1));
    for (String mode : List.of("reflect", "edge")) {
      cases.add(old(mode, 1, 0, 2, 1));
      for (int opset : new int[] {11, 13, 18, 21}) {
        cases.add(mode(mode, opset, size(4, 3), size(1, 0, 3, 2)));
      }
      cases.add(mode(mode, 17, size(2, 3, 5, 4), size(0, 0, 2, 1, 0, 0, 1, 3)));
      cases.add(mode(mode, 17, size(5, 4), size(-1, 2, 2, -1)));
      cases.add(axes(mode, 18));
    }
    cases.add(mode("edge", 17, size(2, 2), size(20, 0, 3, 2)));
    for (int opset : new int[] {19, 21}) {
      cases.add(mode("wrap", opset, size(4, 3), size(1, 0, 3, 2)));
      cases.add(axes("wrap", opset));
    }
    cases.add(axes("constant", 18));
    computed(cases);
  }

  private static Attribute mode(String mode) {
    return Attribute.string("mode", mode);
  }

  private static OperatorCase old(String mode, long... pads) {
    return plain(
            "Pad",
            mode + ", old opset",
            List.of(size(3, 4)),
            mode(mode),
            Attribute.ints("pads", pads))
        .atOpset(9)
        .inFloat();
  }

  private static OperatorCase mode(String mode, int opset, long[] x, long[] pads) {
    return withIntegers("Pad", mode + " " + Arrays.toString(pads), x, List.of(pads), mode(mode))
        .atOpset(opset);
  }

  private static OperatorCase axes(String mode, int opset) {
    return new OperatorCase(
            "Pad",
            mode + " of axes 2 and 0",
            (g, x, c) ->
                g.node(
                    "Pad",
                    List.of(
                        x.get(0),
                        g.constant("pads", size(1, 2, 0, 1), 4),
                        g.omitted(),
                        g.constant("axes", size(-1, 0), 2)),
                    mode(mode)),
            size(3, 2, 4))
        .atOpset(opset);
  }

  /** Pads and the value that is put around may depend on inputs. */
  private static void computed(List<OperatorCase> cases) {
    for (boolean open : new boolean[] {false, true}) {
      cases.add(
          new OperatorCase(
              "Pad",
              open ? "computed pads, active constant" : "active constant",
              (g, x, c) -> {
                Value pads = g.constant("pads", size(1, -1, 2, 1), 4);
                if (open) {
                  Value shape = g.node("Shape", List.of(x.get(0)));
                  Value twice =
                      g.node("Concat", List.of(shape, shape), Attribute.integer("axis", 0));
                  pads = g.node("Sub", List.of(twice, g.constant("s", size(2, 4, 1, 2), 4)));
                }
                return g.node("Pad", new ArrayList<>(List.of(x.get(0), pads, x.get(1))));
              },
              size(3, 3),
              size()));
    }
  }
}
