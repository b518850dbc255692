package io.github.cpsample.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns the graph model into protobuf messages. */
final class ModelWriter {

  private ModelWriter() {}

  static ModelProto model(OnnxModel model) {
    ModelProto.Builder proto =
        ModelProto.newBuilder()
            .setIrVersion(model.irVersion())
            .setProducerName(model.origin().producer())
            .setProducerVersion(model.origin().producerVersion())
            .setDomain(model.origin().domain())
            .setModelVersion(model.origin().modelVersion())
            .setDocString(model.notes().doc())
            .addAllMetadataProps(metadata(model.notes()))
            .setGraph(graph(model.graph()));
    model
        .opsets()
        .forEach(
            (domain, version) ->
                proto.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
    return proto.build();
  }

  private static List<StringStringEntryProto> metadata(Notes notes) {
    return notes.metadata().entrySet().stream()
        .map(e -> StringStringEntryProto.newBuilder().setKey(e.getKey()).setValue(e.getValue()))
        .map(StringStringEntryProto.Builder::build)
        .toList();
  }

  private static Optional<String> doc(Notes notes) {
    return Optional.of(notes.doc()).filter(doc -> !doc.isEmpty());
  }

  private static GraphProto graph(Graph graph) {
    GraphProto.Builder proto =
        GraphProto.newBuilder().setName(graph.name()).addAllMetadataProps(metadata(graph.notes()));
    doc(graph.notes()).ifPresent(proto::setDocString);
    graph.inputs().forEach(value -> proto.addInput(value(value)));
    graph.outputs().forEach(value -> proto.addOutput(value(value)));
    graph.valueInfo().forEach(value -> proto.addValueInfo(value(value)));
    graph.nodes().forEach(node -> proto.addNode(node(node)));
    graph.initializers().forEach((name, tensor) -> proto.addInitializer(tensor(name, tensor)));
    return proto.build();
  }

  private static ValueInfoProto value(ValueInfo value) {
    ValueInfoProto.Builder proto =
        ValueInfoProto.newBuilder()
            .setName(value.name())
            .addAllMetadataProps(metadata(value.notes()));
    if (value.type() != ElementType.UNDEFINED) {
      proto.setType(TypeProto.newBuilder().setTensorType(tensorType(value)));
    }
    doc(value.notes()).ifPresent(proto::setDocString);
    return proto.build();
  }

  private static TypeProto.Tensor.Builder tensorType(ValueInfo value) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(value.type().code());
    value
        .shape()
        .ifPresent(
            shape -> {
              TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
              shape.dims().forEach(dim -> dims.addDim(dim(dim)));
              tensor.setShape(dims);
            });
    return tensor;
  }

  private static TensorShapeProto.Dimension dim(Dim dim) {
    TensorShapeProto.Dimension.Builder proto = TensorShapeProto.Dimension.newBuilder();
    if (dim.isFixed()) {
      proto.setDimValue(dim.size());
    } else if (!dim.symbol().isEmpty()) {
      proto.setDimParam(dim.symbol());
    }
    return proto.build();
  }

  private static NodeProto node(Node node) {
    NodeProto.Builder proto =
        NodeProto.newBuilder()
            .setName(node.name())
            .setOpType(node.operator())
            .setDomain(node.domain())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs())
            .addAllMetadataProps(metadata(node.notes()));
    doc(node.notes()).ifPresent(proto::setDocString);
    node.attributes().forEach(attribute -> proto.addAttribute(attribute(attribute)));
    return proto.build();
  }

  private static TensorProto tensor(String name, Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setName(name).setDataType(tensor.type().code());
    for (long size : tensor.sizes()) {
      proto.addDims(size);
    }
    if (tensor.type() == ElementType.STRING) {
      tensor.strings().forEach(text -> proto.addStringData(ByteString.copyFromUtf8(text)));
    } else {
      proto.setRawData(ByteString.copyFrom(tensor.bytes()));
    }
    return proto.build();
  }

  private static AttributeProto attribute(Attribute attribute) {
    AttributeProto.Builder proto =
        AttributeProto.newBuilder()
            .setName(attribute.name())
            .setType(AttributeType.valueOf(attribute.kind().name()));
    Object value = attribute.value();
    switch (attribute.kind()) {
      case FLOAT -> proto.setF((Float) value);
      case INT -> proto.setI((Long) value);
      case STRING -> proto.setS(ByteString.copyFromUtf8((String) value));
      case TENSOR -> proto.setT(tensor("", (Tensor) value));
      case GRAPH -> proto.setG(graph((Graph) value));
      case FLOATS -> each(value, element -> proto.addFloats((Float) element));
      case INTS -> each(value, element -> proto.addInts((Long) element));
      case STRINGS ->
          each(value, element -> proto.addStrings(ByteString.copyFromUtf8((String) element)));
      case TENSORS -> each(value, element -> proto.addTensors(tensor("", (Tensor) element)));
      case GRAPHS -> each(value, element -> proto.addGraphs(graph((Graph) element)));
    }
    return proto.build();
  }

  private static void each(Object list, Consumer<Object> action) {
    ((List<?>) list).forEach(action);
  }
}
