package io.github.cpsample.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Changes where a model's constants are, and nothing else: the rest of its message stays as it is,
 * whatever operators and fields it has. Stateless and thread-safe.
 */
public final class ExternalData {
  private static final String LOCATION = "location";

  /** What a message can hold, less some room for the names and lengths around the data. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (16L << 20);

  private ExternalData() {}

  /**
   * A model with the constants of its data files in itself.
   *
   * @param model the model's file
   * @return its message, which needs no other files
   * @throws IOException if a file cannot be read
   * @throws MalformedModelException if it is no ONNX model, its data is not there, or all of it
   *     together is over 2 GiB, which no message can hold
   */
  public static byte[] embedded(Path model) throws IOException {
    requireEmbeddable(model);
    TensorReader beside = TensorReader.beside(model);
    return changed(model, tensor -> embed(tensor, beside));
  }

  /**
   * Refuses what {@link #embedded} refuses, without reading the data.
   *
   * @param model the model's file
   * @throws IOException as {@link #embedded}
   * @throws MalformedModelException as {@link #embedded}
   */
  public static void requireEmbeddable(Path model) throws IOException {
    TensorReader beside = TensorReader.beside(model);
    long bytes = Files.size(model);
    for (String location : ModelHeader.read(model).dataFiles()) {
      bytes += Files.size(beside.inside(location));
    }
    if (bytes > MOST_BYTES) {
      throw new MalformedModelException(
          "ONNX model "
              + model
              + ": expected less than 2 GiB together with its data files, since they become one"
              + " file, found "
              + bytes
              + " bytes; export it in float16");
    }
  }

  /**
   * A model that looks for its data under other names.
   *
   * @param model the model's file
   * @param name the new location for each old one
   * @return its message
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is no ONNX model
   */
  public static byte[] renamed(Path model, UnaryOperator<String> name) throws IOException {
    return changed(model, tensor -> rename(tensor, name));
  }

  private static byte[] changed(Path model, Consumer<TensorProto.Builder> change)
      throws IOException {
    try (InputStream in = Files.newInputStream(model)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      ModelProto.Builder proto = ModelProto.newBuilder().mergeFrom(coded);
      change(proto.getGraphBuilder(), change);
      return proto.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedModelException("ONNX model " + model + ": " + e.getMessage(), e);
    } catch (MalformedModelException e) {
      throw new MalformedModelException("ONNX model " + model + ": " + e.getMessage(), e);
    }
  }

  private static void change(GraphProto.Builder graph, Consumer<TensorProto.Builder> change) {
    graph.getInitializerBuilderList().forEach(change);
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasT()) {
          change.accept(attribute.getTBuilder());
        }
        attribute.getTensorsBuilderList().forEach(change);
        if (attribute.hasG()) {
          change(attribute.getGBuilder(), change);
        }
        attribute.getGraphsBuilderList().forEach(inner -> change(inner, change));
      }
    }
  }

  private static void rename(TensorProto.Builder tensor, UnaryOperator<String> name) {
    for (StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
      if (entry.getKey().equals(LOCATION)) {
        entry.setValue(name.apply(entry.getValue()));
      }
    }
  }

  private static void embed(TensorProto.Builder tensor, TensorReader beside) {
    if (tensor.getDataLocation() != DataLocation.EXTERNAL) {
      return;
    }
    byte[] data = beside.externalBytes(tensor.build());
    tensor.clearExternalData().clearDataLocation().setRawData(ByteString.copyFrom(data));
  }
}
