package io.github.cpsample.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.autodiff.OperatorVersions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The table of operators says what ONNX Runtime says, which brings ONNX's schemas along: nodes with
 * too few or too many inputs or outputs, and with each attribute that the operator ever had.
 */
class OperatorSchemaTest {

  private static final String UNKNOWN = "Unrecognized attribute";
  private static final String OTHER_KIND = "Mismatched attribute type";

  /** What ONNX Runtime says of a node that stands alone in a graph; empty where it accepts it. */
  private static String verdict(
      OperatorSchema schema, int inputs, int outputs, List<Attribute> attributes) {
    List<String> given = names("in", inputs);
    List<String> results = names("out", outputs);
    Node node = new Node("probe", schema.operator(), "", given, results, attributes);
    Graph graph =
        new Graph(
            "probed",
            given.stream()
                .map(name -> ValueInfo.of(name, ElementType.FLOAT, Shape.fixed(1)))
                .toList(),
            List.of(),
            List.of(node),
            Map.of(),
            List.of());
    OnnxModel model = new OnnxModel(8, Map.of("", (long) schema.since()), "probe", Map.of(), graph);
    try {
      new OrtGraph(model).close();
      return "";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  private static List<String> names(String stem, int count) {
    return IntStream.range(0, count).mapToObj(i -> stem + i).toList();
  }

  private static String range(OperatorSchema.Count count) {
    return "[min=" + count.least() + ", max=" + count.most() + "]";
  }

  private static Attribute attribute(String name, String kind) {
    Graph empty = new Graph("empty", List.of(), List.of(), List.of(), Map.of(), List.of());
    return switch (kind) {
      case "FLOAT" -> Attribute.decimal(name, 1);
      case "INT" -> Attribute.integer(name, 1);
      case "STRING" -> Attribute.string(name, "a");
      case "TENSOR" -> Attribute.tensor(name, Tensor.of(new float[] {1}, 1));
      case "GRAPH" -> Attribute.graph(name, empty);
      case "FLOATS" -> Attribute.floats(name, 1);
      case "INTS" -> Attribute.ints(name, 1);
      case "STRINGS" -> new Attribute(name, Attribute.Kind.STRINGS, List.of("a"));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Without Constant, which ONNX Runtime reads itself. */
  private static List<OperatorSchema> compared() {
    return OperatorSchema.all().stream()
        .filter(schema -> !schema.operator().equals("Constant"))
        .toList();
  }

  /** Whether attributes of a kind can be written here. */
  private static boolean isWritten(String kind) {
    return !Set.of("SPARSE_TENSOR", "TYPE_PROTO").contains(kind);
  }

  private static List<Attribute> required(OperatorSchema schema) {
    return schema.attributes().entrySet().stream()
        .filter(entry -> entry.getValue().required())
        .map(entry -> attribute(entry.getKey(), entry.getValue().kind()))
        .toList();
  }

  @Test
  void inputsAndOutputsAreThoseOfOnnxRuntime() {
    List<String> wrong = new ArrayList<>();
    for (OperatorSchema schema : compared()) {
      OperatorSchema.Count in = schema.inputs();
      OperatorSchema.Count out = schema.outputs();
      List<Integer> counts = new ArrayList<>(List.of(in.least() - 1));
      if (in.most() < Integer.MAX_VALUE) {
        counts.add(in.most() + 1);
      }
      for (int count : counts) {
        if (count >= 0) {
          expect(wrong, schema, verdict(schema, count, out.least(), List.of()), "input", range(in));
        }
      }
      if (out.most() < Integer.MAX_VALUE) {
        String found = verdict(schema, in.least(), out.most() + 1, required(schema));
        expect(wrong, schema, found, "output", range(out));
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static void expect(
      List<String> wrong, OperatorSchema schema, String found, String... words) {
    for (String word : words) {
      if (!found.contains(word)) {
        wrong.add(schema + ": expected " + List.of(words) + ", found " + found);
        return;
      }
    }
  }

  @Test
  void attributesAreThoseOfOnnxRuntime() {
    List<String> wrong = new ArrayList<>();
    Map<String, Map<String, String>> ever = new LinkedHashMap<>();
    for (OperatorSchema schema : compared()) {
      schema
          .attributes()
          .forEach(
              (name, parameter) ->
                  ever.computeIfAbsent(schema.operator(), operator -> new LinkedHashMap<>())
                      .put(name, parameter.kind()));
    }
    for (OperatorSchema schema : compared()) {
      ever.getOrDefault(schema.operator(), Map.of())
          .forEach(
              (name, kind) -> {
                OperatorSchema.Parameter parameter = schema.attributes().get(name);
                String used = parameter == null ? kind : parameter.kind();
                if (isWritten(used)) {
                  compare(wrong, schema, name, used, parameter);
                }
              });
    }
    assertEquals(List.of(), wrong);
  }

  private static void compare(
      List<String> wrong,
      OperatorSchema schema,
      String name,
      String kind,
      OperatorSchema.Parameter parameter) {
    Map<String, Attribute> all =
        required(schema).stream().collect(Collectors.toMap(Attribute::name, a -> a));
    all.put(name, attribute(name, kind));
    String with = verdictOn(schema, all);
    if (parameter == null) {
      expect(wrong, schema, with, UNKNOWN + ": " + name);
      return;
    }
    if (with.contains(UNKNOWN) || with.contains(OTHER_KIND)) {
      wrong.add(schema + ", " + name + ": " + with);
    }
    all.put(name, attribute(name, kind.equals("STRING") ? "FLOAT" : "STRING"));
    expect(wrong, schema, verdictOn(schema, all), OTHER_KIND, name);
    all.remove(name);
    String without = verdictOn(schema, all);
    assertEquals(
        parameter.required(),
        without.contains("Required attribute '" + name + "' is missing"),
        schema + ", " + name + ": " + without);
  }

  private static String verdictOn(OperatorSchema schema, Map<String, Attribute> attributes) {
    return verdict(
        schema,
        schema.inputs().least(),
        schema.outputs().least(),
        List.copyOf(attributes.values()));
  }

  private static String refusal(String operator, int opset, int inputs, Attribute... attributes) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> {
              GraphBuilder graph = new GraphBuilder("refused", opset);
              Value x = graph.input("x", ElementType.FLOAT, Shape.fixed(2));
              graph.node(operator, Collections.nCopies(inputs, x), attributes);
            })
        .getMessage();
  }

  @Test
  void refusalsNameOperatorAndWhatWasExpectedAndFound() {
    assertEquals("Add of opset 7: expected 2 inputs, found 3", refusal("Add", 17, 3));
    assertEquals("Concat of opset 4: expected 1 or more inputs, found 0", refusal("Concat", 11, 0));
    assertEquals("Conv of opset 1: expected 2 to 3 inputs, found 1", refusal("Conv", 17, 1));
    assertEquals(
        "Softmax of opset 1: expected attributes among [axis], found axes",
        refusal("Softmax", 17, 1, Attribute.integer("axes", 1)));
    assertEquals(
        "Softmax of opset 1: expected attribute axis of kind INT, found INTS",
        refusal("Softmax", 17, 1, Attribute.ints("axis", 1)));
    assertEquals(
        "Softmax of opset 1: expected attribute axis once, found two",
        refusal("Softmax", 17, 1, Attribute.integer("axis", 1), Attribute.integer("axis", 1)));
    assertEquals("Cast of opset 6: expected attribute to, found []", refusal("Cast", 17, 1));
    assertEquals("Operator: expected one of ONNX's own, found Sofmax", refusal("Sofmax", 17, 1));
    assertEquals("Where: expected opset 9 or later, found 8", refusal("Where", 8, 3));
    assertEquals("ReduceMean of opset 1: expected 1 inputs, found 2", refusal("ReduceMean", 17, 2));
  }

  @Test
  void outputsAreCounted() {
    GraphBuilder graph = new GraphBuilder("refused", 17);
    Value x = graph.input("x", ElementType.FLOAT, Shape.fixed(2));
    String message =
        assertThrows(IllegalArgumentException.class, () -> graph.nodes("Neg", List.of(x), 2))
            .getMessage();
    assertTrue(message.endsWith("expected 1 outputs, found 2"), message);
  }

  @Test
  void everyVersionOfEveryOperatorIsKnown() throws IOException {
    Map<String, List<Integer>> versions = OperatorVersions.read();
    assertEquals(
        versions.keySet(),
        OperatorSchema.all().stream()
            .map(OperatorSchema::operator)
            .collect(Collectors.toCollection(TreeSet::new)));
    versions.forEach(
        (operator, numbers) ->
            numbers.forEach(
                number -> assertEquals(operator, OperatorSchema.of(operator, number).operator())));
  }
}
