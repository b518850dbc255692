package io.github.cpsample.onnx;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which operators a model is made of, those of nested graphs included.
 *
 * @param entries one per operator, ordered by domain and name
 */
public record OperatorInventory(List<Entry> entries) {

  /**
   * One operator of a model.
   *
   * @param domain whose operator it is; empty for ONNX's own
   * @param operator its name
   * @param opset the version of the domain's operator set that the model imports; 0 where it names
   *     none
   * @param count how many nodes use it
   */
  public record Entry(String domain, String operator, long opset, int count) {

    @Override
    public String toString() {
      return (domain.isEmpty() ? "" : domain + ".") + operator + " opset " + opset + " x " + count;
    }
  }

  public OperatorInventory {
    entries = List.copyOf(entries);
  }

  /**
   * Counts the operators of a model.
   *
   * @param model the model
   * @return its inventory
   */
  public static OperatorInventory of(OnnxModel model) {
    Map<String, Map<String, Integer>> counts = new HashMap<>();
    count(model.graph(), counts);
    return new OperatorInventory(
        counts.entrySet().stream()
            .flatMap(
                domain ->
                    domain.getValue().entrySet().stream()
                        .map(
                            operator ->
                                new Entry(
                                    domain.getKey(),
                                    operator.getKey(),
                                    model.opsets().getOrDefault(domain.getKey(), 0L),
                                    operator.getValue())))
            .sorted(Comparator.comparing(Entry::domain).thenComparing(Entry::operator))
            .toList());
  }

  private static void count(Graph graph, Map<String, Map<String, Integer>> counts) {
    for (Node node : graph.nodes()) {
      counts
          .computeIfAbsent(node.domain(), domain -> new HashMap<>())
          .merge(node.operator(), 1, Integer::sum);
      node.subgraphs().forEach(nested -> count(nested, counts));
    }
  }
}
