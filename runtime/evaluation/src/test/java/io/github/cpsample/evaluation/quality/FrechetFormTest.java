package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.GoldenMetrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All forms of the distance, against NumPy and against frechet.py, which has 50 digits. */
class FrechetFormTest {

  /** A few hundred roundings of values near 1. */
  private static final double ROUNDING = 1e-12;

  /** The roots of eigenvalues that should be 0 and are roundings. */
  private static final double ROOT_OF_ROUNDING = 1e-6;

  static Stream<Arguments> cases() throws IOException {
    try (InputStream in = FrechetFormTest.class.getResourceAsStream("frechet.json")) {
      JsonArray cases =
          JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
              .getAsJsonArray();
      return StreamSupport.stream(cases.spliterator(), false)
          .map(JsonElement::getAsJsonObject)
          .map(one -> Arguments.of(one.get("name").getAsString(), one))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreesWithFiftyDigits(String name, JsonObject one) {
    double[][] first = features(one, "1");
    double[][] second = features(one, "2");
    double expected = one.get("distance").getAsDouble();
    double ridged = one.get("ridged").getAsDouble();
    for (FeatureSummary a : new FeatureSummary[] {FeatureSummary.of(first), streamed(first)}) {
      for (FeatureSummary b : new FeatureSummary[] {FeatureSummary.of(second), streamed(second)}) {
        assertEquals(
            expected,
            FrechetDistance.between(a, b, FrechetDistance.FrechetForm.SYMMETRIC),
            ROOT_OF_ROUNDING,
            "symmetric");
        assertEquals(
            ridged,
            FrechetDistance.between(a, b, FrechetDistance.FrechetForm.PYTORCH_FID_RIDGE),
            ROUNDING,
            "ridged");
      }
    }
    assertEquals(expected, FrechetDistance.between(first, second), ROUNDING, "nuclear norm");
    assertEquals(
        expected,
        FrechetDistance.between(streamed(first), streamed(second)),
        ROUNDING,
        "nuclear norm, streamed");
  }

  @Test
  void tracesAreTheGoldenOnes() {
    JsonObject golden = GoldenMetrics.section("fid_kid");
    FeatureSummary first = FeatureSummary.of(GoldenMetrics.firstFeatures());
    FeatureSummary second = FeatureSummary.of(GoldenMetrics.secondFeatures());
    assertEquals(
        golden.get("trace_sqrt_nuclear").getAsDouble(),
        FrechetDistance.traceOfRoot(first, second, FrechetDistance.FrechetForm.NUCLEAR_NORM),
        ROUNDING);
    assertEquals(
        golden.get("trace_sqrt_symmetric").getAsDouble(),
        FrechetDistance.traceOfRoot(first, second, FrechetDistance.FrechetForm.SYMMETRIC),
        ROUNDING);
    double means = 0;
    for (int d = 0; d < first.dimension(); d++) {
      means += Math.pow(first.mean()[d] - second.mean()[d], 2);
    }
    assertEquals(golden.get("mean_term").getAsDouble(), means, ROUNDING);
    assertEquals(
        golden.get("fid_identical_sets").getAsDouble(),
        FrechetDistance.between(first, first, FrechetDistance.FrechetForm.SYMMETRIC),
        ROUNDING);
  }

  @Test
  void setsWithoutSpreadAreAsFarAsTheirMeans() {
    double[][] here = {{1, 2, 3}, {1, 2, 3}, {1, 2, 3}};
    double[][] there = {{1, 4, 3}, {1, 4, 3}};
    for (FrechetDistance.FrechetForm form : FrechetDistance.FrechetForm.values()) {
      double ridge = form == FrechetDistance.FrechetForm.PYTORCH_FID_RIDGE ? 2 * 3 * 1e-6 : 0;
      assertEquals(
          4 - ridge,
          FrechetDistance.between(FeatureSummary.of(here), FeatureSummary.of(there), form),
          ROUNDING);
    }
  }

  @Test
  void manyVectorsAreSummarisedPieceByPiece() {
    double[][] all = features(500, 7, 0.37);
    // Far from the origin, where sums of squares would cancel.
    double[][] far =
        Arrays.stream(all)
            .map(row -> Arrays.stream(row).map(x -> x + 1e6).toArray())
            .toArray(double[][]::new);
    FeatureMoments moments = new FeatureMoments(7);
    for (int from = 0; from < 500; from += 13) {
      moments.add(Arrays.copyOfRange(far, from, Math.min(500, from + 13)));
    }
    assertEquals(500, moments.count());
    FeatureSummary summary = moments.summary();
    assertEquals(FeatureSummary.of(all).trace(), summary.trace(), 1e-8);
    assertEquals(0, FrechetDistance.between(FeatureSummary.of(far), summary), 1e-8);
  }

  @Test
  void momentsOfPartsAreThoseOfTheWhole() throws IOException, ClassNotFoundException {
    double[][] rows = features(50, 7, 0.37);
    FeatureMoments whole = new FeatureMoments(7);
    for (int[] part : new int[][] {{0, 5}, {5, 5}, {5, 29}, {29, 50}}) {
      FeatureMoments moments = new FeatureMoments(7);
      moments.add(Arrays.copyOfRange(rows, part[0], part[1]));
      whole.addAll(travelled(moments));
    }
    assertEquals(50, whole.count());
    assertEquals(FeatureSummary.of(rows).trace(), whole.summary().trace(), ROUNDING);
    assertEquals(0, FrechetDistance.between(FeatureSummary.of(rows), whole.summary()), ROUNDING);
    FeatureMoments shorter = new FeatureMoments(6);
    assertThrows(IllegalArgumentException.class, () -> whole.addAll(shorter));
  }

  private static FeatureMoments travelled(FeatureMoments moments)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(moments);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (FeatureMoments) in.readObject();
    }
  }

  @Test
  void aSummaryDoesNotChangeWhenMoreIsAdded() {
    double[][] rows = features(30, 4, 0.37);
    FeatureMoments moments = new FeatureMoments(4);
    moments.add(Arrays.copyOf(rows, 20));
    FeatureSummary early = moments.summary();
    double before = early.trace();
    double mean = early.mean()[0];
    moments.add(Arrays.copyOfRange(rows, 20, 30));
    assertEquals(before, early.trace(), 0);
    assertEquals(mean, early.mean()[0], 0);
    assertEquals(0, FrechetDistance.between(FeatureSummary.of(rows), moments.summary()), ROUNDING);
  }

  @Test
  void refusesWhatCannotBeSummarised() {
    FeatureMoments moments = new FeatureMoments(2);
    assertThrows(IllegalArgumentException.class, moments::summary);
    moments.add(new double[][] {{1, 2}});
    assertThrows(IllegalArgumentException.class, moments::summary);
    assertThrows(IllegalArgumentException.class, () -> moments.add(new double[][] {{1, 2, 3}}));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> moments.add(new double[][] {{1, 2}, {Double.NaN, 1}}))
            .getMessage();
    assertTrue(message.contains("NaN") && message.contains("row 1"), message);
    assertEquals(1, moments.count());
    assertThrows(IllegalArgumentException.class, () -> new FeatureMoments(0));
  }

  private static FeatureSummary streamed(double[][] rows) {
    FeatureMoments moments = new FeatureMoments(rows[0].length);
    for (double[] row : rows) {
      moments.add(new double[][] {row});
    }
    return moments.summary();
  }

  private static double[][] features(JsonObject one, String set) {
    return features(
        one.get("n" + set).getAsInt(), one.get("d").getAsInt(), one.get("a" + set).getAsDouble());
  }

  /** {@code sin(a (i + 1) (j + 1)) + 0.05 a j}. */
  private static double[][] features(int count, int dimension, double a) {
    double[][] features = new double[count][dimension];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < dimension; j++) {
        features[i][j] = Math.sin(a * (i + 1) * (j + 1)) + 0.05 * a * j;
      }
    }
    return features;
  }
}
