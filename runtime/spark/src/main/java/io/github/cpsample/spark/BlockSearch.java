package io.github.cpsample.spark;

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
import io.github.cpsample.similarity.NearestNeighbours.EuclideanDistance;
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
  private final Map<Integer, TensorBuffer> products = new HashMap<>();
  private final float[] scores = new float[ROWS];
  private final float[] halves = new float[ROWS];

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

  static byte[] product() {
    GraphBuilder g = new GraphBuilder("product", 17);
    Value a = g.input("a", ElementType.FLOAT, Shape.of(Dim.symbolic("M"), Dim.symbolic("K")));
    Value b = g.input("b", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.symbolic("K")));
    Value product = g.node("Gemm", List.of(a, b), Attribute.integer("transB", 1));
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
    double[] squares = new double[block.size()];
    fill(queries, block, squares);
    double[] lengths = new double[reference.size()];
    fill(rows, reference, lengths);
    double largest = 0;
    for (int i = 0; i < lengths.length; i++) {
      halves[i] = (float) (lengths[i] / 2);
      largest = Math.max(largest, lengths[i]);
    }
    // Rows beyond the reference's are those of an earlier block; nobody looks at their products.
    int computed = Integer.highestOneBit(2 * reference.size() - 1);
    TensorBuffer product =
        products.computeIfAbsent(computed, it -> TensorBuffer.floats(QUERIES, it));
    session.run(
        Map.of("a", queries.rows(block.size()), "b", rows.rows(computed)),
        Map.of("product", product.rows(block.size())));
    FloatBuffer all = product.asFloats();
    for (int query = 0; query < block.size(); query++) {
      all.get(query * computed, scores, 0, reference.size());
      for (int i = 0; i < reference.size(); i++) {
        scores[i] -= halves[i];
      }
      double error = error(Math.sqrt(squares[query]), Math.sqrt(largest));
      examine(block.row(query), squares[query], error, reference, found[query]);
    }
  }

  /**
   * How wrong a score {@code a.b - |b|^2/2} may be. A sum of products in any order is wrong by at
   * most {@code n u / (1 - n u)} times {@code |a| |b|}; halving, rounding and subtracting {@code
   * |b|^2/2} add a few roundings more. The last summand covers products too small for single
   * precision.
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

  private static void fill(TensorBuffer target, RowBlock block, double[] squares) {
    FloatBuffer values = target.asFloats();
    for (int i = 0; i < block.size(); i++) {
      float[] row = block.row(i);
      values.put(row);
      double sum = 0;
      for (float value : row) {
        sum += (double) value * value;
      }
      squares[i] = sum;
    }
  }

  private void requireWidth(RowBlock block) {
    if (block.width() != width) {
      throw new IllegalArgumentException(
          "rows: expected " + width + " numbers, found " + block.width());
    }
  }
}
