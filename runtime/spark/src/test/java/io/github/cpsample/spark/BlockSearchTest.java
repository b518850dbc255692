package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.ReplicaRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** The search against the one that compares all rows by the sum of squared differences. */
class BlockSearchTest {

  private static final int COUNT = 6;

  private static float[][] rows(int count, int width, double mean, double scale, int seed) {
    Random random = new Random(seed);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) (mean + scale * random.nextGaussian());
      }
    }
    return rows;
  }

  private static Row stored(int id, float[] row) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * row.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(row);
    return RowFactory.create((long) id, bytes.array());
  }

  private static List<RowBlock> blocks(float[][] rows, int most) {
    List<Row> stored = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      stored.add(stored(i, rows[i]));
    }
    List<RowBlock> blocks = new ArrayList<>();
    RowBlock.of(stored.iterator(), most).forEachRemaining(blocks::add);
    return blocks;
  }

  private static void assertExact(float[][] queries, float[][] reference, int most) {
    BlockSearch search = new BlockSearch(queries[0].length, COUNT);
    List<List<NearestNeighbours.Neighbour>> expected =
        new NearestNeighbours(reference).find(queries, COUNT);
    RowBlock block = blocks(queries, BlockSearch.QUERIES).get(0);
    Nearest[] found = search.begin(block);
    List<RowBlock> parts = blocks(reference, most);
    // The order of the blocks changes nothing.
    for (int i = parts.size() - 1; i >= 0; i--) {
      search.search(block, parts.get(i), found);
    }
    for (int i = 0; i < queries.length; i++) {
      Row match = found[i].match(i, ReplicaRule.STANDARD);
      List<NearestNeighbours.Neighbour> near = expected.get(i);
      assertEquals((long) near.get(0).index(), match.getLong(1), "query " + i);
      assertEquals(near.get(0).distance(), match.getDouble(2), 0.0);
      double mean =
          near.stream()
              .skip(1)
              .mapToDouble(NearestNeighbours.Neighbour::distance)
              .average()
              .orElseThrow();
      assertEquals(mean, match.getDouble(3), 0.0);
    }
  }

  @Test
  void plainNumbers() {
    assertExact(rows(70, 37, 0, 1, 1), rows(900, 37, 0, 1, 2), 100);
    assertExact(rows(3, 37, 0, 1, 1), rows(7, 37, 0, 1, 2), 3);
  }

  @Test
  void distancesThatSinglePrecisionCannotTellApart() {
    assertExact(rows(40, 50, 1000, 1e-3, 3), rows(500, 50, 1000, 1e-3, 4), 64);
  }

  @Test
  void equalDistancesAreInTheOrderOfIds() {
    float[][] reference =
        IntStream.range(0, 300).mapToObj(i -> new float[] {i % 3, i % 2}).toArray(float[][]::new);
    assertExact(new float[][] {{0, 0}, {1, 1}, {5, -1}}, reference, 50);
  }

  @Test
  void numbersBeyondSinglePrecision() {
    assertExact(rows(20, 8, 0, 1e25, 5), rows(60, 8, 0, 1e25, 6), 16);
    assertExact(rows(20, 8, 0, 1e-30, 5), rows(60, 8, 0, 1e-30, 6), 16);
  }

  @Test
  void aBlockAndALargerOneAfterIt() {
    float[][] reference = rows(BlockSearch.ROWS + 700, 512, 0, 1, 8);
    // Copies with a small difference, whose distances are rounded away in a product.
    for (int i = 0; i < 100; i++) {
      reference[2000 + i] = reference[i].clone();
      reference[2000 + i][7] += 1e-4f;
    }
    assertExact(rows(30, 512, 0, 1, 7), reference, BlockSearch.ROWS);
    assertExact(Arrays.copyOf(reference, 50), reference, BlockSearch.ROWS);
  }

  @Test
  void rowsOfDifferentWidthsAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> blocks(new float[][] {{1, 2}, {1, 2, 3}}, BlockSearch.ROWS));
    assertEquals("image 1: expected 2 numbers, found 3", refused.getMessage());
  }
}
