package io.github.cpsample.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ONNX model.
 *
 * @param irVersion version of the file format
 * @param opsets operator set versions by domain; the empty domain is ONNX's own
 * @param producer who made it, possibly empty
 * @param metadata free key-value pairs
 * @param graph its graph
 */
public record OnnxModel(
    long irVersion,
    Map<String, Long> opsets,
    String producer,
    Map<String, String> metadata,
    Graph graph) {

  /**
   * Copies the maps.
   *
   * @param irVersion version of the file format
   * @param opsets operator set versions
   * @param producer who made it
   * @param metadata free pairs
   * @param graph its graph
   */
  public OnnxModel {
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
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
    return Math.toIntExact(version);
  }

  /**
   * The same model with another graph.
   *
   * @param other the graph
   * @return a changed copy
   */
  public OnnxModel withGraph(Graph other) {
    return new OnnxModel(irVersion, opsets, producer, metadata, other);
  }

  /**
   * The same model with one more key-value pair.
   *
   * @param key the key
   * @param value the value
   * @return a changed copy
   */
  public OnnxModel withMetadata(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new OnnxModel(irVersion, opsets, producer, more, graph);
  }
}
