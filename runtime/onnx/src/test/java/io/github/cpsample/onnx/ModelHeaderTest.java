package io.github.cpsample.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers say what whole models say. */
class ModelHeaderTest {
  private static final Shape ROWS = Shape.of(Dim.symbolic("N"), Dim.of(3));

  /** y = tanh(x) + shift, with the rows of a table that labels choose, if there are any. */
  private static byte[] model(int labels) {
    GraphBuilder g = new GraphBuilder("model", 17);
    Value x = g.input("x", ElementType.FLOAT, ROWS);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(1)));
    Value shift = g.constant("shift", new float[] {0.05f}, 1);
    Value sum = g.add(g.tanh(x), g.mul(t, shift));
    if (labels > 0) {
      Value label = g.input("label", ElementType.INT64, Shape.of(Dim.symbolic("N")));
      Value table = g.constant("table", new float[labels * 3], labels, 3);
      sum = g.add(sum, g.gather(table, label));
    }
    g.output("y", sum, ElementType.FLOAT, ROWS);
    return OnnxCodec.toBytes(g.build());
  }

  private static ModelHeader header(byte[] model) throws IOException {
    return ModelHeader.read(new ByteArrayInputStream(model), "m");
  }

  @Test
  void agreesWithTheWholeModel() throws IOException {
    for (byte[] model : List.of(model(3), model(0))) {
      Graph graph = OnnxCodec.read(model).graph();
      ModelHeader header = header(model);
      assertEquals(graph.requiredInputs(), header.inputs());
      assertEquals(graph.outputs(), header.outputs());
      assertEquals(List.of(), header.dataFiles());
      assertTrue(header.output(graph.outputs().get(0).name()).isPresent());
    }
  }

  /** Old exports list their constants among the inputs. */
  @Test
  void constantsAreNoInputs() throws IOException {
    OnnxModel model = OnnxCodec.read(model(0));
    Graph g = model.graph();
    List<ValueInfo> inputs = new java.util.ArrayList<>(g.inputs());
    inputs.add(ValueInfo.of("shift", ElementType.FLOAT, Shape.fixed(1)));
    OnnxModel old =
        model.withGraph(
            new Graph(g.name(), inputs, g.outputs(), g.nodes(), g.initializers(), g.valueInfo()));
    assertEquals(g.inputs(), header(OnnxCodec.toBytes(old)).inputs());
  }

  @Test
  void refusesWhatIsNoModel() {
    byte[] model = model(0);
    for (int length = 0; length < model.length; length += 7) {
      byte[] part = Arrays.copyOf(model, length);
      assertThrows(MalformedModelException.class, () -> header(part), "of length " + length);
    }
    Random random = new Random(5);
    for (int i = 0; i < 2000; i++) {
      byte[] other = model.clone();
      other[random.nextInt(other.length)] = (byte) random.nextInt();
      try {
        header(other);
      } catch (MalformedModelException | IOException e) {
        assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
      }
    }
  }

  @Test
  void readsFiles(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.write(file, model(0));
    assertEquals(2, ModelHeader.read(file).inputs().size());
    assertThrows(IOException.class, () -> ModelHeader.read(folder.resolve("none.onnx")));
  }
}
