package io.github.cpsample.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxCodecTest {

  @TempDir private Path folder;

  private static OnnxModel model() {
    GraphBuilder g = new GraphBuilder("small", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(3)));
    Value w = g.constant("w", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Value y = g.node("Gemm", List.of(x, w), Attribute.decimal("alpha", 0.5f));
    g.output("y", y, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(2)));
    return g.build().withMetadata("purpose", "test");
  }

  @Test
  void writesWhatItReads() throws IOException {
    Path file = folder.resolve("small.onnx");
    OnnxCodec.write(model(), file);
    OnnxModel read = OnnxCodec.read(file);
    assertArrayEquals(OnnxCodec.toBytes(model()), OnnxCodec.toBytes(read));
    assertEquals(Map.of("purpose", "test"), read.metadata());
    assertEquals("[N, 3]", read.graph().inputs().get(0).shape().orElseThrow().toString());
    try (OrtGraph graph = new OrtGraph(read)) {
      double[] y = graph.run(Map.of("x", Tensor.of(new float[] {1, 0, 2}, 1, 3))).get("y");
      assertArrayEquals(new double[] {5.5, 7}, y, 1e-6);
    }
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void refusesTruncationsAndDamageWithoutHangingOrOverflowing() {
    byte[] whole = OnnxCodec.toBytes(model());
    Random random = new Random(1);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (int length = 0; length < whole.length; length++) {
            readOrRefuse(Arrays.copyOf(whole, length));
          }
          for (int trial = 0; trial < 3_000; trial++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            readOrRefuse(damaged);
          }
        });
  }

  private static void readOrRefuse(byte[] bytes) {
    try {
      OnnxModel model = OnnxCodec.read(bytes);
      assertTrue(model.graph() != null);
    } catch (MalformedModelException e) {
      assertTrue(e.getMessage().startsWith("ONNX model"), e.getMessage());
    }
  }

  @Test
  void refusesNestingThatWouldOverflowTheStack() {
    byte[] bytes = new byte[0];
    for (int depth = 0; depth < 200; depth++) {
      bytes = nested(bytes);
    }
    byte[] deep = bytes;
    assertThrows(MalformedModelException.class, () -> OnnxCodec.read(deep));
  }

  /** graph { node { attribute { g: inner } } } written by hand. */
  private static byte[] nested(byte[] inner) {
    byte[] attribute = field(6, inner);
    byte[] node = field(5, attribute);
    return field(1, node);
  }

  private static byte[] field(int number, byte[] content) {
    var out = new java.io.ByteArrayOutputStream();
    out.write((number << 3) | 2);
    int length = content.length;
    while (length > 127) {
      out.write((length & 127) | 128);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  @Test
  void refusesACycle() {
    Node a = new Node("a", "Neg", "", List.of("v"), List.of("u"), List.of());
    Node b = new Node("b", "Neg", "", List.of("u"), List.of("v"), List.of());
    assertRefused(List.of(a, b), "cyclic");
  }

  @Test
  void refusesAMissingInitializer() {
    Node a = new Node("a", "Add", "", List.of("x", "w"), List.of("v"), List.of());
    assertRefused(List.of(a), "input w");
  }

  private static void assertRefused(List<Node> nodes, String why) {
    ValueInfo x = ValueInfo.of("x", ElementType.FLOAT, Shape.fixed(1));
    ValueInfo v = ValueInfo.of("v", ElementType.FLOAT, Shape.fixed(1));
    Graph graph = new Graph("g", List.of(x), List.of(v), nodes, Map.of(), List.of());
    OnnxModel model = new OnnxModel(8, Map.of("", 17L), "", Map.of(), graph);
    MalformedModelException refusal =
        assertThrows(MalformedModelException.class, () -> OnnxCodec.read(OnnxCodec.toBytes(model)));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
  }

  @Test
  void refusesAbsurdDimensions() {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setName("huge")
            .setDataType(1)
            .addDims(1L << 40)
            .addDims(1L << 40)
            .build();
    assertRefused(tensor, "huge");
  }

  @Test
  void namesTypesThatAreNotRead() {
    TensorProto tensor = TensorProto.newBuilder().setName("w").setDataType(22).addDims(2).build();
    assertRefused(tensor, "found 22 (int4)");
  }

  @Test
  void refusesExternalDataOutsideTheFolder() throws IOException {
    Path secret = Files.write(folder.resolve("secret.bin"), new byte[8]);
    Path models = Files.createDirectory(folder.resolve("models"));
    for (String location : List.of("../secret.bin", secret.toString(), "")) {
      Path file = models.resolve("m.onnx");
      Files.write(file, external(location).toByteArray());
      assertThrows(MalformedModelException.class, () -> OnnxCodec.read(file), location);
    }
    Files.write(models.resolve("good.bin"), new byte[] {0, 0, (byte) 0x80, 0x3f});
    Path file = models.resolve("m.onnx");
    Files.write(file, external("good.bin").toByteArray());
    float[] values = OnnxCodec.read(file).graph().initializers().get("w").floats();
    assertArrayEquals(new float[] {1}, values);
  }

  private static ModelProto external(String location) {
    return model(
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(1)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue(location))
            .build());
  }

  private static ModelProto model(TensorProto tensor) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(GraphProto.newBuilder().setName("g").addInitializer(tensor))
        .build();
  }

  private static void assertRefused(TensorProto tensor, String why) {
    byte[] bytes = model(tensor).toByteArray();
    MalformedModelException refusal =
        assertThrows(MalformedModelException.class, () -> OnnxCodec.read(bytes));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
  }
}
