package io.github.cpsample.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class InferenceSessionTest {
  private static final ResolvedDevice CPU = new ResolvedDevice(Device.cpu(), Optional.empty());
  private static final long MEBIBYTE = 1 << 20;

  /** y = 2 x + t, z = x x, for x [N,3] and t [N,1]. */
  private static InferenceSession open() {
    GraphBuilder g = new GraphBuilder("tiny", 17);
    Shape rows = Shape.of(Dim.symbolic("N"), Dim.of(3));
    Value x = g.input("x", ElementType.FLOAT, rows);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(1)));
    Value doubled = g.mul(x, g.constant("two", new float[] {2}, 1));
    g.output("y", g.add(doubled, t), ElementType.FLOAT, rows);
    g.output("z", g.mul(x, x), ElementType.FLOAT, rows);
    return InferenceSession.open(
        "tiny", OnnxCodec.toBytes(g.build()), CPU, SessionSettings.defaults());
  }

  @Test
  void computesWhatIsAskedFor() {
    try (InferenceSession session = open()) {
      TensorBuffer x = TensorBuffer.floats(2, 3);
      TensorBuffer t = TensorBuffer.floats(2, 1);
      x.asFloats().put(new float[] {1, 2, 3, 4, 5, 6});
      t.asFloats().put(new float[] {10, 20});
      TensorBuffer y = TensorBuffer.floats(2, 3);
      TensorBuffer z = TensorBuffer.floats(2, 3);
      session.run(Map.of("x", x, "t", t), Map.of("y", y, "z", z));
      assertEquals(14f, y.asFloats().get(1));
      assertEquals(32f, y.asFloats().get(5));
      assertEquals(36f, z.asFloats().get(5));
      session.run(Map.of("x", x.rows(1), "t", t.rows(1)), Map.of("z", y.rows(1)));
      assertEquals(4f, y.asFloats().get(1), "the first row is overwritten");
      assertEquals(32f, y.asFloats().get(5), "the second row is not");
      assertEquals("float[N,3]", session.inputs().get(0).describe());
      assertEquals("z", session.outputs().get(1).name());
    }
  }

  /** So images are the same on machines with other numbers of cores. */
  @Test
  void theNumberOfThreadsChangesNoBit() {
    int features = 8 * 14 * 14;
    Shape images = Shape.of(Dim.symbolic("N"), Dim.of(8), Dim.of(14), Dim.of(14));
    GraphBuilder g = new GraphBuilder("wide", 17);
    Value x = g.input("x", ElementType.FLOAT, images);
    Value wide = g.tanh(convolved(g, x, 64, 8));
    Value flat =
        g.reshape(convolved(g, wide, 8, 64), g.constant("flat", new long[] {-1, features}, 2));
    Value y = g.matMul(flat, g.constant("w", random(features * 48), features, 48));
    g.output("y", y, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(48)));
    byte[] graph = OnnxCodec.toBytes(g.build());
    float[] expected = run(graph, 1);
    for (int threads : new int[] {2, 3, 4, 8, 16}) {
      assertArrayEquals(expected, run(graph, threads), 0f, threads + " threads");
    }
  }

  private static Value convolved(GraphBuilder g, Value x, int to, int from) {
    Value weights = g.constant("to" + to, random(to * from * 9), to, from, 3, 3);
    return g.node(
        "Conv",
        List.of(x, weights),
        Attribute.ints("kernel_shape", 3, 3),
        Attribute.ints("pads", 1, 1, 1, 1));
  }

  private static float[] random(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (random.nextFloat() - 0.5f) / 4;
    }
    return values;
  }

  private static float[] run(byte[] graph, int threads) {
    SessionSettings settings = new SessionSettings(threads, SessionSettings.Optimization.ALL);
    try (InferenceSession session = InferenceSession.open("wide", graph, CPU, settings)) {
      TensorBuffer x = TensorBuffer.floats(16, 8, 14, 14);
      x.asFloats().put(random(16 * 8 * 14 * 14));
      TensorBuffer y = TensorBuffer.floats(16, 48);
      session.run(Map.of("x", x), Map.of("y", y));
      float[] values = new float[16 * 48];
      y.asFloats().get(values);
      for (float value : values) {
        assertTrue(Float.isFinite(value) && value != 0, "a number: " + value);
      }
      return values;
    }
  }

  /**
   * 10,000 calls with changing row counts, one sum per call checked; resident memory must not grow
   * with them.
   */
  @Test
  void nothingGrowsOverTenThousandCalls() throws IOException {
    try (InferenceSession session = open()) {
      TensorBuffer x = TensorBuffer.floats(16, 3);
      TensorBuffer t = TensorBuffer.floats(16, 1);
      TensorBuffer y = TensorBuffer.floats(16, 3);
      call(session, x, t, y, 2_000);
      long before = residentBytes();
      call(session, x, t, y, 10_000);
      long grown = residentBytes() - before;
      assertTrue(grown < 16 * MEBIBYTE, "resident memory grew by " + grown + " bytes");
    }
  }

  private static void call(
      InferenceSession session, TensorBuffer x, TensorBuffer t, TensorBuffer y, int times) {
    for (int i = 0; i < times; i++) {
      int rows = 1 + i % 16;
      x.asFloats().put(3 * (rows - 1), i);
      t.asFloats().put(rows - 1, 1);
      session.run(Map.of("x", x.rows(rows), "t", t.rows(rows)), Map.of("y", y.rows(rows)));
      assertEquals(2f * i + 1, y.asFloats().get(3 * (rows - 1)));
    }
  }

  /** Resident memory after a collection; the test is skipped where the system does not tell. */
  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.isReadable(status), "needs /proc/self/status");
    System.gc();
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void namesModelTensorAndShapes() {
    try (InferenceSession session = open()) {
      TensorBuffer x = TensorBuffer.floats(2, 3);
      TensorBuffer t = TensorBuffer.floats(2, 1);
      Map<String, TensorBuffer> out = Map.of("y", TensorBuffer.floats(2, 3));
      assertRefused(
          "model tiny, inputs: expected [x, t], found [x]", () -> session.run(Map.of("x", x), out));
      assertRefused(
          "model tiny, tensor x: expected float[N,3]",
          () -> session.run(Map.of("x", TensorBuffer.floats(2, 4), "t", t), out));
      assertRefused(
          "found int64[2,3]",
          () -> session.run(Map.of("x", TensorBuffer.longs(2, 3), "t", t), out));
      assertRefused(
          "expected float[N,3] with {N=2}, found float[1,3]",
          () -> session.run(Map.of("x", x, "t", t), Map.of("y", TensorBuffer.floats(1, 3))));
      assertRefused(
          "outputs: expected some of [y, z], found [w]",
          () -> session.run(Map.of("x", x, "t", t), Map.of("w", x)));
    }
  }

  private static void assertRefused(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void refusesWhatIsNoModel() {
    InferenceException e =
        assertThrows(
            InferenceException.class,
            () ->
                InferenceSession.open(
                    "junk", new byte[] {1, 2, 3}, CPU, SessionSettings.defaults()));
    assertTrue(e.getMessage().startsWith("model junk cannot be opened on cpu: "), e.getMessage());
  }

  @Test
  void closedSessionsRefuse() {
    InferenceSession session = open();
    session.close();
    session.close();
    TensorBuffer x = TensorBuffer.floats(1, 3);
    Map<String, TensorBuffer> in = Map.of("x", x, "t", TensorBuffer.floats(1, 1));
    assertThrows(IllegalStateException.class, () -> session.run(in, Map.of("y", x)));
  }

  @Test
  void tensorsRefuseImpossibleShapes() {
    assertThrows(IllegalArgumentException.class, () -> TensorBuffer.floats());
    assertThrows(IllegalArgumentException.class, () -> TensorBuffer.floats(2, 0));
    assertThrows(IllegalArgumentException.class, () -> TensorBuffer.longs(50_000, 90_000));
    assertThrows(IllegalArgumentException.class, () -> TensorBuffer.floats(2).rows(3));
    assertThrows(IllegalStateException.class, () -> TensorBuffer.floats(2).asLongs());
  }
}
