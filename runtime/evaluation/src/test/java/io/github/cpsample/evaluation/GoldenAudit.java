package io.github.cpsample.evaluation;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Values that NumPy, SciPy and scikit-learn gave for the sets that are described beside them. */
public final class GoldenAudit {

  private GoldenAudit() {}

  /** One section of the file. */
  public static JsonObject section(String name) {
    try (InputStream in = GoldenAudit.class.getResourceAsStream("audit-metrics.json")) {
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject()
          .getAsJsonObject(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code ((37 i) mod 101) / 100 * 0.8}, i = 1..60. */
  public static double[] memberScores() {
    double[] scores = new double[60];
    for (int i = 1; i <= scores.length; i++) {
      scores[i - 1] = (37 * i) % 101 / 100.0 * 0.8;
    }
    return scores;
  }

  /** {@code 0.15 + ((53 i) mod 97) / 96 * 0.85}, i = 1..80. */
  public static double[] otherScores() {
    double[] scores = new double[80];
    for (int i = 1; i <= scores.length; i++) {
      scores[i - 1] = 0.15 + (53 * i) % 97 / 96.0 * 0.85;
    }
    return scores;
  }
}
