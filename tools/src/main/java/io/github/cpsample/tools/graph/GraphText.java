package io.github.cpsample.tools.graph;

import io.github.cpsample.inference.ProviderSupport;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OperatorInventory;
import io.github.cpsample.onnx.OperatorInventory.Entry;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Describes ONNX models in lines of text. */
public final class GraphText {

  private static final String INDENT = "  ";

  private GraphText() {}

  /**
   * A value with its type and shape.
   *
   * @param value an input or output
   * @return for instance {@code x float[N,1,28,28]}
   */
  public static String of(ValueInfo value) {
    String shape =
        value
            .shape()
            .map(
                s ->
                    s.dims().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(",", "[", "]")))
            .orElse("[of unknown shape]");
    return value.name() + " " + value.type().name().toLowerCase(Locale.ROOT) + shape;
  }

  /**
   * A model: versions, inputs, outputs, parameters, operators with counts, and which execution
   * providers of ONNX Runtime implement them all.
   *
   * @param model the model
   * @return indented lines
   */
  public static List<String> describe(OnnxModel model) {
    List<String> lines = new ArrayList<>();
    String opsets =
        model.opsets().entrySet().stream()
            .map(e -> (e.getKey().isEmpty() ? "ai.onnx" : e.getKey()) + " " + e.getValue())
            .collect(Collectors.joining(", "));
    lines.add(INDENT + "opset      " + opsets + "; IR version " + model.irVersion());
    model.graph().requiredInputs().forEach(v -> lines.add(INDENT + "input      " + of(v)));
    model.graph().outputs().forEach(v -> lines.add(INDENT + "output     " + of(v)));
    lines.add(INDENT + String.format(Locale.ROOT, "parameters %,d", parameters(model)));
    lines.add(INDENT + "operators  " + operators(model));
    for (ProviderSupport.Provider provider : ProviderSupport.Provider.values()) {
      lines.add(
          INDENT + String.format(Locale.ROOT, "%-10s %s", provider, support(model, provider)));
    }
    return lines;
  }

  private static long parameters(OnnxModel model) {
    return model.graph().initializers().values().stream()
        .filter(tensor -> tensor.type().isFloatingPoint())
        .mapToLong(tensor -> tensor.shape().isFixed() ? product(tensor.shape().sizes()) : 0)
        .sum();
  }

  private static long product(long[] sizes) {
    long product = 1;
    for (long size : sizes) {
      product *= size;
    }
    return product;
  }

  private static String operators(OnnxModel model) {
    List<Entry> entries = OperatorInventory.of(model).entries();
    int nodes = entries.stream().mapToInt(Entry::count).sum();
    return entries.stream()
        .map(e -> (e.domain().isEmpty() ? "" : e.domain() + ".") + e.operator() + " " + e.count())
        .collect(Collectors.joining(", ", nodes + " nodes: ", ""));
  }

  private static String support(OnnxModel model, ProviderSupport.Provider provider) {
    List<String> missing = ProviderSupport.documented().unsupported(model, provider);
    if (missing.isEmpty()) {
      return "implements all operators";
    }
    Set<String> operators = new LinkedHashSet<>();
    missing.forEach(node -> operators.add(node.substring(0, node.indexOf(" (node "))));
    return "lacks " + String.join(", ", operators) + " (" + missing.size() + " nodes)";
  }
}
