package io.github.cpsample.inference;

import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which operators of the standard ONNX domain ONNX Runtime's providers implement for float32, from
 * ONNX Runtime's own documentation (early 2026; providers gain operators over time). Immutable and
 * thread-safe.
 */
public final class ProviderSupport {
  private static final String TABLE = "operator-kernels.tsv";
  private static final ProviderSupport DOCUMENTED = read();

  private final Map<String, List<Kernel>> kernels;

  private record Kernel(Provider provider, int since, int until, boolean takesFloat) {}

  private ProviderSupport(Map<String, List<Kernel>> kernels) {
    this.kernels = kernels;
  }

  /**
   * The table that comes with this library.
   *
   * @return the table
   */
  public static ProviderSupport documented() {
    return DOCUMENTED;
  }

  /**
   * Says whether a provider implements an operator for float32. A kernel that is documented for "N
   * and later" counts only until the standard revised the operator again, which shows in a later
   * CPU kernel. Constants need no kernel.
   *
   * @param provider the provider
   * @param operator operator of the domain ai.onnx, for instance {@code Conv}
   * @param opset opset version of the graph
   * @return true if it does
   */
  public boolean supports(Provider provider, String operator, int opset) {
    if (operator.equals("Constant")) {
      return true;
    }
    List<Kernel> all = kernels.getOrDefault(operator, List.of());
    int revision =
        all.stream()
            .filter(kernel -> kernel.provider == Provider.CPU && kernel.since <= opset)
            .mapToInt(Kernel::since)
            .max()
            .orElse(0);
    return all.stream()
        .anyMatch(
            kernel ->
                kernel.provider == provider
                    && kernel.takesFloat
                    && kernel.since <= opset
                    && (kernel.until == 0 ? kernel.since >= revision : kernel.until >= opset));
  }

  /**
   * Finds the nodes of a model that a provider does not implement, those of nested graphs included.
   * Operators of other domains are not in the table and count as not implemented.
   *
   * @param model the model
   * @param provider the provider
   * @return operator, opset and node of each, in the order of the graph; empty if the whole model
   *     runs there
   */
  public List<String> unsupported(OnnxModel model, Provider provider) {
    List<String> missing = new ArrayList<>();
    collect(model.graph(), model.opset(), provider, missing);
    return List.copyOf(missing);
  }

  private void collect(Graph graph, int opset, Provider provider, List<String> missing) {
    for (Node node : graph.nodes()) {
      boolean standard = node.domain().isEmpty();
      if (!standard || !supports(provider, node.operator(), opset)) {
        String operator =
            standard
                ? node.operator() + " of opset " + opset
                : node.domain() + "." + node.operator();
        missing.add(
            operator
                + " (node "
                + (node.name().isEmpty() ? "of " + node.outputs() : node.name())
                + ")");
      }
      node.subgraphs().forEach(nested -> collect(nested, opset, provider, missing));
    }
  }

  private static ProviderSupport read() {
    Map<String, List<Kernel>> kernels = new HashMap<>();
    try (InputStream stream = ProviderSupport.class.getResourceAsStream(TABLE)) {
      if (stream == null) {
        throw new IllegalStateException(
            "resource " + TABLE + ": expected beside " + ProviderSupport.class.getName());
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] fields = line.split("\t", -1);
          kernels.computeIfAbsent(fields[0], name -> new ArrayList<>()).add(kernel(fields));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + TABLE, e);
    }
    return new ProviderSupport(kernels);
  }

  private static Kernel kernel(String[] fields) {
    return new Kernel(
        Provider.valueOf(fields[1].toUpperCase(Locale.ROOT)),
        Integer.parseInt(fields[2]),
        fields[3].isEmpty() ? 0 : Integer.parseInt(fields[3]),
        fields[4].equals("1"));
  }

  /** Parts of ONNX Runtime that run graphs on a kind of device. */
  public enum Provider {
    /** The processor. */
    CPU,
    /** NVIDIA cards. */
    CUDA
  }
}
