package io.github.cpsample.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import io.github.cpsample.files.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes ONNX files. Stateless and thread-safe. */
public final class OnnxCodec {

  private static final int DEEPEST = 100;

  /** Protobuf files end at 2 GiB; names, shapes and nodes need some of it. */
  private static final long MOST_CONSTANT_BYTES = Integer.MAX_VALUE - (64L << 20);

  private OnnxCodec() {}

  /**
   * Reads a model, with the external data files beside it.
   *
   * @param file the model
   * @return the model
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is no valid model, or names data outside its folder
   */
  public static OnnxModel read(Path file) throws IOException {
    Optional<Path> folder = Optional.ofNullable(file.toAbsolutePath().normalize().getParent());
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, folder, file.toString());
    }
  }

  /**
   * Reads a model that keeps all its data in itself.
   *
   * @param bytes the file's content
   * @return the model
   * @throws MalformedModelException if it is no valid model, or names external data
   */
  public static OnnxModel read(byte[] bytes) {
    try {
      return read(new ByteArrayInputStream(bytes), Optional.empty(), "bytes");
    } catch (IOException e) {
      throw new MalformedModelException("ONNX model is not readable: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a model that keeps all its data in itself.
   *
   * @param in the file's content, read to its end and left open
   * @return the model
   * @throws IOException if the stream cannot be read
   * @throws MalformedModelException if it is no valid model, or names external data
   */
  public static OnnxModel read(InputStream in) throws IOException {
    return read(in, Optional.empty(), "stream");
  }

  private static OnnxModel read(InputStream in, Optional<Path> folder, String name)
      throws IOException {
    ModelProto proto;
    try {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      coded.setRecursionLimit(DEEPEST);
      proto = ModelProto.parseFrom(coded);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new MalformedModelException(
          "ONNX model " + name + ": expected an ONNX file, found something else: " + e.getMessage(),
          e);
    }
    try {
      OnnxModel model = new ModelReader(folder).model(proto);
      GraphCheck.check(model);
      return model;
    } catch (MalformedModelException e) {
      throw new MalformedModelException("ONNX model " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The content of a model's file.
   *
   * @param model the model
   * @return the bytes
   * @throws MalformedModelException if its constants do not fit into one file
   */
  public static byte[] toBytes(OnnxModel model) {
    long constants = constantBytes(model.graph());
    if (constants > MOST_CONSTANT_BYTES) {
      throw new MalformedModelException(
          "ONNX model: expected constants of less than 2 GiB, which is what one file can hold,"
              + " found "
              + constants
              + " bytes");
    }
    return ModelWriter.model(model).toByteArray();
  }

  private static long constantBytes(Graph graph) {
    long sum = 0;
    for (Tensor tensor : graph.initializers().values()) {
      sum += tensor.bytes().capacity();
    }
    for (Node node : graph.nodes()) {
      for (Attribute attribute : node.attributes()) {
        sum += attribute.value() instanceof Tensor tensor ? tensor.bytes().capacity() : 0;
      }
      for (Graph nested : node.subgraphs()) {
        sum += constantBytes(nested);
      }
    }
    return sum;
  }

  /**
   * Writes a model under a temporary name in the same folder and moves it into place.
   *
   * @param model the model
   * @param file where to write; an existing file is replaced
   * @throws IOException if the file cannot be written; nothing is left behind
   */
  public static void write(OnnxModel model, Path file) throws IOException {
    byte[] content = toBytes(model);
    WholeFile.write(file, out -> out.write(content));
  }

  /**
   * Checks that a graph can run: every value is made before it is used, and made once. Cycles
   * cannot pass, since some value on a cycle is used before it is made.
   */
  private static final class GraphCheck {

    private GraphCheck() {}

    static void check(OnnxModel model) {
      model.opset();
      check(model.graph(), new Scope(null, new HashSet<>()));
    }

    /** What a graph knows: its own values, and those of the graphs around it. */
    private record Scope(@Nullable Scope outer, Set<String> values) {
      boolean contains(String value) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
          if (scope.values.contains(value)) {
            return true;
          }
        }
        return false;
      }
    }

    private static void check(Graph graph, Scope outer) {
      Set<String> made = new HashSet<>(graph.initializers().keySet());
      made.addAll(names("input", graph.inputs()));
      Scope known = new Scope(outer, made);
      for (Node node : graph.nodes()) {
        for (String input : node.inputs()) {
          if (!input.isEmpty() && !known.contains(input)) {
            throw new MalformedModelException(
                "node "
                    + node
                    + ": expected input "
                    + input
                    + " to be made by an earlier node, an input or an initializer, found none; the"
                    + " graph is incomplete, not in order, or cyclic");
          }
        }
        node.subgraphs().forEach(subgraph -> check(subgraph, known));
        for (String output : node.outputs()) {
          if (!output.isEmpty() && !made.add(output)) {
            throw new MalformedModelException("value " + output + " is made twice, by " + node);
          }
        }
      }
      for (String output : names("output", graph.outputs())) {
        if (!known.contains(output)) {
          throw new MalformedModelException(
              "output " + output + ": expected a node that makes it, found none");
        }
      }
    }

    private static Set<String> names(String what, List<ValueInfo> values) {
      Set<String> names = new LinkedHashSet<>();
      for (ValueInfo value : values) {
        if (!names.add(value.name())) {
          throw new MalformedModelException(what + " " + value.name() + " is declared twice");
        }
      }
      return names;
    }
  }
}
