package io.github.cpsample.evaluation;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Values that NumPy, SciPy and scikit-learn gave for the sets that are described beside them. */
public final class GoldenMetrics {

  private GoldenMetrics() {}

  public static JsonObject section(String name) {
    try (InputStream in = GoldenMetrics.class.getResourceAsStream("metrics.json")) {
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject()
          .getAsJsonObject(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code F1[i,j] = sin(0.37 i j)}, i = 1..40, j = 1..6. */
  public static double[][] firstFeatures() {
    double[][] features = new double[40][6];
    for (int i = 1; i <= 40; i++) {
      for (int j = 1; j <= 6; j++) {
        features[i - 1][j - 1] = Math.sin(0.37 * i * j);
      }
    }
    return features;
  }

  /** {@code F2[k,j] = cos(0.21 k j) + 0.1 (j-1)}, k = 1..50, j = 1..6. */
  public static double[][] secondFeatures() {
    double[][] features = new double[50][6];
    for (int k = 1; k <= 50; k++) {
      for (int j = 1; j <= 6; j++) {
        features[k - 1][j - 1] = Math.cos(0.21 * k * j) + 0.1 * (j - 1);
      }
    }
    return features;
  }

  public static double[] memberScores() {
    double[] scores = new double[60];
    for (int i = 1; i <= scores.length; i++) {
      scores[i - 1] = (37 * i) % 101 / 100.0 * 0.8;
    }
    return scores;
  }

  public static double[] otherScores() {
    double[] scores = new double[80];
    for (int i = 1; i <= scores.length; i++) {
      scores[i - 1] = 0.15 + (53 * i) % 97 / 96.0 * 0.85;
    }
    return scores;
  }
}
