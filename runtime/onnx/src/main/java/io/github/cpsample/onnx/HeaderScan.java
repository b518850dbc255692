package io.github.cpsample.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Walks through a model's message once, skipping the values of its constants. */
final class HeaderScan {
  private static final int DEEPEST = 100;

  private final CodedInputStream in;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final Set<String> constants = new HashSet<>();
  private final Set<String> dataFiles = new LinkedHashSet<>();
  private int depth;
  private boolean found;

  @FunctionalInterface
  private interface FieldReader {
    /** Reads a field's value, or returns false to have it skipped. */
    boolean read(int field) throws IOException;
  }

  HeaderScan(CodedInputStream in) {
    this.in = in;
  }

  ModelHeader model() throws IOException {
    fields(
        field -> {
          if (field != ModelProto.GRAPH_FIELD_NUMBER) {
            return false;
          }
          found = true;
          nested(this::ofTopGraph);
          return true;
        });
    if (!found) {
      throw new MalformedModelException("expected a graph, found none");
    }
    List<ValueInfo> required =
        inputs.stream().filter(input -> !constants.contains(input.name())).toList();
    return new ModelHeader(required, outputs, List.copyOf(dataFiles));
  }

  private boolean ofTopGraph(int field) throws IOException {
    switch (field) {
      case GraphProto.INPUT_FIELD_NUMBER -> inputs.add(value());
      case GraphProto.OUTPUT_FIELD_NUMBER -> outputs.add(value());
      case GraphProto.INITIALIZER_FIELD_NUMBER -> constants.add(tensor());
      default -> {
        return ofGraph(field);
      }
    }
    return true;
  }

  private boolean ofGraph(int field) throws IOException {
    switch (field) {
      case GraphProto.NODE_FIELD_NUMBER -> nested(this::ofNode);
      case GraphProto.INITIALIZER_FIELD_NUMBER -> tensor();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean ofNode(int field) throws IOException {
    if (field == NodeProto.ATTRIBUTE_FIELD_NUMBER) {
      nested(this::ofAttribute);
      return true;
    }
    return false;
  }

  private boolean ofAttribute(int field) throws IOException {
    switch (field) {
      case AttributeProto.T_FIELD_NUMBER, AttributeProto.TENSORS_FIELD_NUMBER -> tensor();
      case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER ->
          nested(this::ofGraph);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Reads a constant's name and where its data is. */
  private String tensor() throws IOException {
    String[] name = {""};
    nested(field -> ofTensor(field, name));
    return name[0];
  }

  private boolean ofTensor(int field, String[] name) throws IOException {
    switch (field) {
      case TensorProto.NAME_FIELD_NUMBER -> name[0] = in.readStringRequireUtf8();
      case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> {
        StringStringEntryProto entry = StringStringEntryProto.parseFrom(in.readByteArray());
        if (entry.getKey().equals("location")) {
          dataFiles.add(entry.getValue());
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private ValueInfo value() throws IOException {
    return ModelReader.value(ValueInfoProto.parseFrom(in.readByteArray()));
  }

  private void nested(FieldReader reader) throws IOException {
    if (++depth > DEEPEST) {
      throw new MalformedModelException(
          "expected graphs nested at most " + DEEPEST + " messages deep, found more");
    }
    int outer = in.pushLimit(in.readRawVarint32());
    fields(reader);
    if (in.getBytesUntilLimit() != 0) {
      throw new MalformedModelException("expected a whole file, found one that ends early");
    }
    in.popLimit(outer);
    depth--;
  }

  private void fields(FieldReader reader) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      boolean message = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (!message || !reader.read(WireFormat.getTagFieldNumber(tag))) {
        in.skipField(tag);
      }
    }
  }
}
