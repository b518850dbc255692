package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a file says besides its computation is in the derived file too. */
class KeptPropertiesTest {

  private static StringStringEntryProto entry(String key) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue("value of " + key).build();
  }

  /** y = tanh(max pool(x)), with something written in every place that the format has. */
  private static ModelProto annotated() throws InvalidProtocolBufferException {
    GraphBuilder g = new GraphBuilder("annotated", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(1, 2, 4, 4));
    Value pooled =
        g.node(
            "MaxPool",
            List.of(x),
            Attribute.ints("kernel_shape", 2, 2),
            Attribute.ints("strides", 2, 2));
    Value y = g.tanh(pooled);
    g.output("y", y, ElementType.FLOAT, Shape.fixed(1, 2, 2, 2));
    ModelProto.Builder model =
        ModelProto.parseFrom(OnnxCodec.toBytes(g.build())).toBuilder()
            .setProducerName("a trainer")
            .setProducerVersion("2.1")
            .setDomain("org.example.vision")
            .setModelVersion(42)
            .setDocString("all about the model")
            .addMetadataProps(entry("licence"))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("org.example").setVersion(3));
    GraphProto.Builder graph =
        model.getGraphBuilder().setDocString("all about the graph").addMetadataProps(entry("g"));
    graph.getInputBuilder(0).setDocString("pixels").addMetadataProps(entry("x"));
    graph.getOutputBuilder(0).setDocString("scores").addMetadataProps(entry("y"));
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      node.setName("the " + node.getOpType())
          .setDocString("all about " + node.getOpType())
          .addMetadataProps(entry(node.getOpType()));
    }
    return model.build();
  }

  private static ModelProto derived(ModelProto model) throws InvalidProtocolBufferException {
    OnnxModel read = OnnxCodec.read(model.toByteArray());
    return ModelProto.parseFrom(OnnxCodec.toBytes(ReverseDifferentiator.of(read).differentiate()));
  }

  @Test
  void ofTheModel() throws InvalidProtocolBufferException {
    ModelProto model = annotated();
    ModelProto derived = derived(model);
    assertEquals(model.getIrVersion(), derived.getIrVersion());
    assertEquals(model.getOpsetImportList(), derived.getOpsetImportList());
    assertEquals("a trainer", derived.getProducerName());
    assertEquals("2.1", derived.getProducerVersion());
    assertEquals("org.example.vision", derived.getDomain());
    assertEquals(42, derived.getModelVersion());
    assertEquals("all about the model", derived.getDocString());
    assertEquals(model.getMetadataPropsList(), derived.getMetadataPropsList());
  }

  @Test
  void ofTheGraphItsValuesAndNodes() throws InvalidProtocolBufferException {
    GraphProto graph = annotated().getGraph();
    GraphProto derived = derived(annotated()).getGraph();
    assertEquals(graph.getName(), derived.getName());
    assertEquals("all about the graph", derived.getDocString());
    assertEquals(graph.getMetadataPropsList(), derived.getMetadataPropsList());
    assertEquals(graph.getInput(0), derived.getInput(0));
    assertEquals(graph.getOutput(0), derived.getOutput(0));
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto.Builder node = derived.getNode(i).toBuilder();
      assertTrue(node.getOutputCount() >= 1);
      // the maximum's indices are asked for besides
      String output = node.getOutput(0);
      assertEquals(graph.getNode(i), node.clearOutput().addOutput(output).build());
    }
  }

  @Test
  void whatIsAddedClaimsNothing() throws InvalidProtocolBufferException {
    GraphProto derived = derived(annotated()).getGraph();
    ValueInfoProto seed = derived.getInput(1);
    assertEquals("seed/y", seed.getName());
    assertEquals("", seed.getDocString());
    assertEquals(0, derived.getOutput(1).getMetadataPropsCount());
  }
}
