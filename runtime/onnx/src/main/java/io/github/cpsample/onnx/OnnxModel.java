package io.github.cpsample.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ONNX model.
 *
 * @param irVersion version of the file format
 * @param opsets operator set versions by domain; the empty domain is ONNX's own
 * @param origin where it comes from
 * @param notes its doc string and free key-value pairs
 * @param graph its graph
 */
public record OnnxModel(
    long irVersion, Map<String, Long> opsets, Origin origin, Notes notes, Graph graph) {

  public OnnxModel {
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
  }

  /**
   * A model without further notes.
   *
   * @param irVersion version of the file format
   * @param opsets operator set versions
   * @param producer who made it
   * @param metadata free pairs
   * @param graph its graph
   */
  public OnnxModel(
      long irVersion,
      Map<String, Long> opsets,
      String producer,
      Map<String, String> metadata,
      Graph graph) {
    this(irVersion, opsets, Origin.of(producer), new Notes("", metadata), graph);
  }

  /**
   * The program that made the model.
   *
   * @return its name, possibly empty
   */
  public String producer() {
    return origin.producer();
  }

  /**
   * The free key-value pairs of the model.
   *
   * @return unmodifiable
   */
  public Map<String, String> metadata() {
    return notes.metadata();
  }

  /**
   * The version of ONNX's own operator set.
   *
   * @return the opset
   */
  public int opset() {
    Long version = opsets.get("");
    if (version == null) {
      throw new MalformedModelException(
          "Model: expected a version of ONNX's operator set, found only " + opsets);
    }
    if (version < 1 || version > Integer.MAX_VALUE) {
      throw new MalformedModelException(
          "Model: expected a version of ONNX's operator set from 1, found " + version);
    }
    return Math.toIntExact(version);
  }

  /**
   * The same model with another graph.
   *
   * @param other the graph
   * @return a changed copy
   */
  public OnnxModel withGraph(Graph other) {
    return new OnnxModel(irVersion, opsets, origin, notes, other);
  }

  /**
   * The same model with one more key-value pair.
   *
   * @param key the key
   * @param value the value
   * @return a changed copy
   */
  public OnnxModel withMetadata(String key, String value) {
    return new OnnxModel(irVersion, opsets, origin, notes.with(key, value), graph);
  }
}
