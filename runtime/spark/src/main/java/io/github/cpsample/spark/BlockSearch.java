package io.github.cpsample.spark;

import io.github.cpsample.image.NearestNeighbours.EuclideanDistance;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the nearest rows of queries in blocks, exactly. All products of a block of queries and a
 * block of rows are one matrix product in single precision, of ONNX Runtime. Its error is bounded,
 * so it tells for sure which rows cannot be among the nearest; the few others are compared again by
 * the sum of the squared differences in double precision, and only that distance counts. Belongs to
 * one task.
 */
final class BlockSearch {

  /** Queries of a product, and rows. */
  static final int QUERIES = 1024;

  static final int ROWS = 2048;

  private static final double ROUNDING = 0x1p-24;
  private static final double LARGEST = Float.MAX_VALUE / 8;
  private static final double DOUBLE_SLACK = 1e-12;

  private final int width;
  private final int count;
  private final InferenceSession session;
  private final TensorBuffer queries;
  private final TensorBuffer rows;
  private final TensorBuffer halves = TensorBuffer.floats(ROWS);
  private final Map<Integer, TensorBuffer> products = new HashMap<>();
  private final float[] scores = new float[ROWS];

  /**
   * Prepares it.
   *
   * @param width numbers per row
   * @param count how many neighbours are looked for
   */
  BlockSearch(int width, int count) {
    this.width = width;
    this.count = count;
    int threads = TaskPlace.threads();
    this.session =
        ProcessResources.get(
            "matrix product with " + threads + " threads",
            InferenceSession.class,
            () ->
                InferenceSession.open(
                    "matrix product",
                    product(),
                    ResolvedDevice.of(Device.cpu()),
                    new SessionSettings(threads, SessionSettings.Optimization.ALL)));
    this.queries = TensorBuffer.floats(QUERIES, width);
    this.rows = TensorBuffer.floats(ROWS, width);
  }

  /** Scores {@code a b' + c}: a is {@code M x K}, b is {@code N x K}, c is added to every row. */
  static byte[] product() {
    GraphBuilder g = new GraphBuilder("product", 17);
    Value a = g.input("a", ElementType.FLOAT, Shape.of(Dim.symbolic("M"), Dim.symbolic("K")));
    Value b = g.input("b", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.symbolic("K")));
    Value c = g.input("c", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Value product = g.node("Gemm", List.of(a, b, c), Attribute.integer("transB", 1));
    g.output("product", product, ElementType.FLOAT, Shape.of(Dim.symbolic("M"), Dim.symbolic("N")));
    return OnnxCodec.toBytes(g.build());
  }

  /** No neighbours yet, for every query. */
  Nearest[] begin(RowBlock block) {
    Nearest[] found = new Nearest[block.size()];
    Arrays.setAll(found, i -> new Nearest(count));
    return found;
  }

  /**
   * Compares queries with rows.
   *
   * @param block of at most {@link #QUERIES} queries
   * @param reference at most {@link #ROWS} rows
   * @param found what is nearest so far, and then with these rows
   */
  void search(RowBlock block, RowBlock reference, Nearest[] found) {
    requireWidth(block);
    requireWidth(reference);
    block.readAll(queries.asFloats());
    reference.readAll(rows.asFloats());
    double largest = fillHalves(reference);
    // Rows beyond the reference's are those of an earlier block; nobody looks at their products.
    int computed = Integer.highestOneBit(2 * reference.size() - 1);
    TensorBuffer product =
        products.computeIfAbsent(computed, it -> TensorBuffer.floats(QUERIES, it));
    session.run(
        Map.of(
            "a", queries.rows(block.size()), "b", rows.rows(computed), "c", halves.rows(computed)),
        Map.of("product", product.rows(block.size())));
    FloatBuffer all = product.asFloats();
    for (int i = 0; i < block.size(); i++) {
      all.get(i * computed, scores, 0, reference.size());
      double error = error(Math.sqrt(block.square(i)), Math.sqrt(largest));
      examine(block.row(i), block.square(i), error, reference, found[i]);
    }
  }

  /** Sets {@code -|b|^2/2} of every row, and gives the largest {@code |b|^2}. */
  private double fillHalves(RowBlock reference) {
    FloatBuffer target = halves.asFloats();
    double largest = 0;
    for (int i = 0; i < reference.size(); i++) {
      target.put((float) (-reference.square(i) / 2));
      largest = Math.max(largest, reference.square(i));
    }
    return largest;
  }

  /**
   * How wrong a score {@code a.b - |b|^2/2} may be. A sum of {@code n} products and {@code
   * -|b|^2/2} in any order, fused or not, is wrong by at most {@code (n + 1) u / (1 - (n + 1) u)}
   * times {@code |a| |b| + |b|^2/2}; rounding {@code |b|^2/2} adds one rounding more. The last
   * summand covers products too small for single precision.
   */
  private double error(double query, double largest) {
    double roundings = (width + 4.0) * ROUNDING;
    double bound = query * largest + largest * largest;
    return roundings < 1 && bound < LARGEST
        ? roundings / (1 - roundings) * bound + 2.0 * width * Float.MIN_NORMAL
        : Double.POSITIVE_INFINITY;
  }

  /**
   * Compares those rows in double precision that may be among the nearest: {@code |a - b|^2 = |a|^2
   * - 2 (a.b - |b|^2/2)}, so scores are large where distances are small.
   */
  private void examine(
      float[] query, double square, double error, RowBlock reference, Nearest found) {
    double farthest = found.farthest();
    double needed =
        Double.isInfinite(farthest)
            ? best(reference.size()) - 2 * error
            : (square - farthest * farthest) / 2 - error;
    float least = Math.nextDown((float) (needed - DOUBLE_SLACK * (square + Math.abs(needed))));
    for (int i = 0; i < reference.size(); i++) {
      // Not a number, where single precision overflows, is no reason to leave a row out.
      if (!(scores[i] < least)) {
        found.add(reference.id(i), EuclideanDistance.between(query, reference.row(i)));
      }
    }
  }

  /** The score that as many rows reach as neighbours are looked for. */
  private double best(int size) {
    if (size < count) {
      return Double.NEGATIVE_INFINITY;
    }
    float[] best = new float[count];
    Arrays.fill(best, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < size; i++) {
      float score = scores[i];
      if (score > best[count - 1]) {
        int place = count - 1;
        for (; place > 0 && best[place - 1] < score; place--) {
          best[place] = best[place - 1];
        }
        best[place] = score;
      }
    }
    return best[count - 1];
  }

  private void requireWidth(RowBlock block) {
    if (block.width() != width) {
      throw new IllegalArgumentException(
          "rows: expected " + width + " numbers, found " + block.width());
    }
  }
}
