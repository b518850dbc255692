package io.github.cpsample.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.github.cpsample.onnx.Attribute.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Turns protobuf messages into the graph model. */
final class ModelReader {

  private final TensorReader tensors;

  ModelReader(Optional<Path> folder) {
    this.tensors = new TensorReader(folder);
  }

  OnnxModel model(ModelProto proto) {
    if (!proto.hasGraph()) {
      throw new MalformedModelException("expected a graph, found none");
    }
    if (proto.getFunctionsCount() > 0) {
      throw new MalformedModelException(
          "expected a model without local functions, found "
              + proto.getFunctions(0).getName()
              + "; inline them first");
    }
    Map<String, Long> opsets = new LinkedHashMap<>();
    for (OperatorSetIdProto id : proto.getOpsetImportList()) {
      String domain = id.getDomain().equals("ai.onnx") ? "" : id.getDomain();
      Long other = opsets.put(domain, id.getVersion());
      if (other != null && other != id.getVersion()) {
        throw new MalformedModelException(
            "operator set \""
                + domain
                + "\": expected one version, found "
                + other
                + " and "
                + id.getVersion());
      }
    }
    return new OnnxModel(
        proto.getIrVersion(),
        opsets,
        new Origin(
            proto.getProducerName(),
            proto.getProducerVersion(),
            proto.getDomain(),
            proto.getModelVersion()),
        notes(proto.getDocString(), proto.getMetadataPropsList()),
        graph(proto.getGraph(), ModelReader::value));
  }

  private static Notes notes(String doc, List<StringStringEntryProto> entries) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (StringStringEntryProto entry : entries) {
      metadata.put(entry.getKey(), entry.getValue());
    }
    return doc.isEmpty() && metadata.isEmpty() ? Notes.NONE : new Notes(doc, metadata);
  }

  private Graph graph(GraphProto proto, Function<ValueInfoProto, ValueInfo> value) {
    if (proto.getSparseInitializerCount() > 0) {
      throw new MalformedModelException("expected dense initializers, found sparse ones");
    }
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    for (TensorProto tensor : proto.getInitializerList()) {
      if (initializers.put(tensor.getName(), tensors.tensor(tensor)) != null) {
        throw new MalformedModelException("initializer " + tensor.getName() + " is given twice");
      }
    }
    return new Graph(
        proto.getName(),
        proto.getInputList().stream().map(value).toList(),
        proto.getOutputList().stream().map(value).toList(),
        proto.getNodeList().stream().map(this::node).toList(),
        initializers,
        proto.getValueInfoList().stream()
            .filter(v -> v.getType().hasTensorType())
            .map(ModelReader::value)
            .toList(),
        notes(proto.getDocString(), proto.getMetadataPropsList()));
  }

  private Graph nested(GraphProto proto) {
    return graph(proto, ModelReader::nestedValue);
  }

  /** Inside of nested graphs types need not be declared. */
  private static ValueInfo nestedValue(ValueInfoProto proto) {
    return proto.getType().getValueCase() == TypeProto.ValueCase.VALUE_NOT_SET
        ? new ValueInfo(
            proto.getName(),
            ElementType.UNDEFINED,
            Optional.empty(),
            notes(proto.getDocString(), proto.getMetadataPropsList()))
        : value(proto);
  }

  static ValueInfo value(ValueInfoProto proto) {
    TypeProto type = proto.getType();
    if (!type.hasTensorType()) {
      throw new MalformedModelException(
          "value "
              + proto.getName()
              + ": expected a tensor, found "
              + type.getValueCase().name().toLowerCase(Locale.ROOT));
    }
    TypeProto.Tensor tensor = type.getTensorType();
    Optional<Shape> shape =
        tensor.hasShape() ? Optional.of(shape(tensor.getShape())) : Optional.empty();
    return new ValueInfo(
        proto.getName(),
        ElementType.of(tensor.getElemType()),
        shape,
        notes(proto.getDocString(), proto.getMetadataPropsList()));
  }

  private static Shape shape(TensorShapeProto proto) {
    return new Shape(proto.getDimList().stream().map(ModelReader::dim).toList());
  }

  private static Dim dim(TensorShapeProto.Dimension proto) {
    return switch (proto.getValueCase()) {
      case DIM_VALUE -> proto.getDimValue() == -1 ? Dim.unknown() : Dim.of(proto.getDimValue());
      case DIM_PARAM -> new Dim(-1, proto.getDimParam());
      default -> Dim.unknown();
    };
  }

  private Node node(NodeProto proto) {
    return new Node(
        proto.getName(),
        proto.getOpType(),
        proto.getDomain(),
        proto.getInputList(),
        proto.getOutputList(),
        proto.getAttributeList().stream().map(this::attribute).toList(),
        notes(proto.getDocString(), proto.getMetadataPropsList()));
  }

  private Attribute attribute(AttributeProto proto) {
    String name = proto.getName();
    return switch (proto.getType()) {
      case FLOAT -> new Attribute(name, Kind.FLOAT, proto.getF());
      case INT -> new Attribute(name, Kind.INT, proto.getI());
      case STRING -> new Attribute(name, Kind.STRING, proto.getS().toStringUtf8());
      case TENSOR -> new Attribute(name, Kind.TENSOR, tensors.tensor(proto.getT()));
      case GRAPH -> new Attribute(name, Kind.GRAPH, nested(proto.getG()));
      case FLOATS -> new Attribute(name, Kind.FLOATS, proto.getFloatsList());
      case INTS -> new Attribute(name, Kind.INTS, proto.getIntsList());
      case STRINGS ->
          new Attribute(
              name,
              Kind.STRINGS,
              proto.getStringsList().stream().map(ByteString::toStringUtf8).toList());
      case TENSORS ->
          new Attribute(
              name, Kind.TENSORS, proto.getTensorsList().stream().map(tensors::tensor).toList());
      case GRAPHS ->
          new Attribute(
              name, Kind.GRAPHS, proto.getGraphsList().stream().map(this::nested).toList());
      default ->
          throw new MalformedModelException(
              "attribute " + name + ": expected a usual kind, found " + proto.getType());
    };
  }
}
