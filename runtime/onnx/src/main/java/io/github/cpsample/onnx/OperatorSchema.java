package io.github.cpsample.onnx;

import io.github.cpsample.base.Checks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How many inputs and outputs an operator of ONNX's own domain has, and which attributes, from an
 * opset on. The resource {@code operators.tsv} has what ONNX's schemas say up to opset 26; later
 * opsets are taken to say the same.
 *
 * @param operator its name, such as {@code Conv}
 * @param since the first opset in which this holds
 * @param inputs how many inputs
 * @param outputs how many outputs
 * @param attributes what attributes there are, by name
 */
public record OperatorSchema(
    String operator, int since, Count inputs, Count outputs, Map<String, Parameter> attributes) {

  private static final String TABLE = "operators.tsv";

  private static final Map<String, NavigableMap<Integer, OperatorSchema>> SCHEMAS = read();

  /**
   * How many inputs or outputs, those that are left out in between included.
   *
   * @param least at least 0
   * @param most at least {@code least}
   */
  public record Count(int least, int most) {

    private boolean allows(int count) {
      return least <= count && count <= most;
    }

    @Override
    public String toString() {
      return least == most
          ? String.valueOf(least)
          : most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
    }
  }

  /**
   * What an attribute is.
   *
   * @param kind the name of an {@link Attribute.Kind}, or of a kind that cannot be written here
   * @param required whether it may not be left out
   */
  public record Parameter(String kind, boolean required) {}

  public OperatorSchema {
    attributes = Map.copyOf(attributes);
  }

  /**
   * The schema that is in force in an opset.
   *
   * @param operator an operator of ONNX's own domain
   * @param opset version of ONNX's operator set
   * @return its schema
   * @throws IllegalArgumentException if the opset has no such operator
   */
  public static OperatorSchema of(String operator, int opset) {
    NavigableMap<Integer, OperatorSchema> versions = SCHEMAS.get(operator);
    if (versions == null) {
      throw new IllegalArgumentException("Operator: expected one of ONNX's own, found " + operator);
    }
    Map.Entry<Integer, OperatorSchema> found = versions.floorEntry(opset);
    if (found == null) {
      throw new IllegalArgumentException(
          operator + ": expected opset " + versions.firstKey() + " or later, found " + opset);
    }
    return found.getValue();
  }

  /** All schemas, in the order of operators and opsets. */
  static List<OperatorSchema> all() {
    return SCHEMAS.values().stream().flatMap(versions -> versions.values().stream()).toList();
  }

  /**
   * Checks a node that is written. Element types, shapes and what numbers an attribute may have are
   * not looked at.
   *
   * @param inputCount how many inputs it has
   * @param outputCount how many outputs it has
   * @param given its attributes
   * @throws IllegalArgumentException if there are too few or too many inputs or outputs, an
   *     attribute is unknown, of another kind or given twice, or a required one is missing
   */
  public void check(int inputCount, int outputCount, List<Attribute> given) {
    Checks.argument(inputs.allows(inputCount), this, inputs + " inputs", inputCount);
    Checks.argument(outputs.allows(outputCount), this, outputs + " outputs", outputCount);
    Set<String> names = new TreeSet<>();
    for (Attribute attribute : given) {
      Parameter parameter = attributes.get(attribute.name());
      String kind = attribute.kind().name();
      if (parameter == null || !parameter.kind().equals(kind)) {
        throw new IllegalArgumentException(
            this
                + ": expected "
                + (parameter == null
                    ? "attributes among " + new TreeSet<>(attributes.keySet())
                    : "attribute " + attribute.name() + " of kind " + parameter.kind())
                + ", found "
                + (parameter == null ? attribute.name() : kind));
      }
      Checks.argument(
          names.add(attribute.name()), this, "attribute " + attribute.name() + " once", "two");
    }
    attributes.forEach(
        (name, parameter) ->
            Checks.argument(
                !parameter.required() || names.contains(name), this, "attribute " + name, names));
  }

  @Override
  public String toString() {
    return operator + " of opset " + since;
  }

  private static Map<String, NavigableMap<Integer, OperatorSchema>> read() {
    try (InputStream stream = OperatorSchema.class.getResourceAsStream(TABLE)) {
      if (stream == null) {
        throw new IllegalStateException(
            "resource " + TABLE + ": expected beside " + OperatorSchema.class.getName());
      }
      return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> parsed(line.split("\t", -1)))
          .collect(
              Collectors.groupingBy(
                  OperatorSchema::operator,
                  TreeMap::new,
                  Collectors.toMap(
                      OperatorSchema::since, schema -> schema, (a, b) -> b, TreeMap::new)));
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + TABLE, e);
    }
  }

  private static OperatorSchema parsed(String... fields) {
    Map<String, Parameter> attributes = new TreeMap<>();
    for (String attribute : fields[6].isEmpty() ? new String[0] : fields[6].split(" ")) {
      String name = attribute.substring(0, attribute.indexOf(':'));
      String kind = attribute.substring(name.length() + 1);
      attributes.put(name, new Parameter(kind.replace("!", ""), kind.endsWith("!")));
    }
    return new OperatorSchema(
        fields[0],
        Integer.parseInt(fields[1]),
        count(fields[2], fields[3]),
        count(fields[4], fields[5]),
        attributes);
  }

  private static Count count(String least, String most) {
    return new Count(
        Integer.parseInt(least), most.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(most));
  }
}
