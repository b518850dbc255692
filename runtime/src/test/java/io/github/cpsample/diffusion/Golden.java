package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reference numbers and the inputs that they belong to; see the conventions in the files. */
public final class Golden {

  /** Flat indices of the probed elements. */
  private static final int[] PROBED = {0, 1, 100, 383, 500, 767};

  private static final int SIZE = 768;
  private static final int BATCH = 4;

  private Golden() {}

  /**
   * Reads a file of reference numbers.
   *
   * @param name its name
   * @return its content
   */
  public static JsonObject read(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The dummy sample: x[b,c,h,w] = (((c*8+h)*8+w)*4+b)/768. */
  static float[] sample() {
    float[] x = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      x[i] = (float) (i % (SIZE / BATCH) * BATCH + i / (SIZE / BATCH)) / SIZE;
    }
    return x;
  }

  /** The dummy noise: n[b,c,h,w] = (767-(((c*8+h)*8+w)*4+b))/768. */
  static float[] noise() {
    float[] x = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      x[i] = (float) (SIZE - 1 - (i % (SIZE / BATCH) * BATCH + i / (SIZE / BATCH))) / SIZE;
    }
    return x;
  }

  /** The dummy model: x t/(t+1). */
  static float[] model(float[] x, double t) {
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (float) (x[i] * (t / (t + 1)));
    }
    return out;
  }

  static JsonObject schedulerCase(String id) {
    JsonObject file = read("schedulers.json");
    for (String list : new String[] {"cases", "extra_unanchored"}) {
      for (JsonElement element : file.getAsJsonArray(list)) {
        if (element.getAsJsonObject().get("id").getAsString().equals(id)) {
          return element.getAsJsonObject();
        }
      }
    }
    throw new IllegalArgumentException("No golden case " + id);
  }

  /** Compares with the published sums, at their tolerances, and with the probes. */
  static void assertCase(JsonObject golden, float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += Math.abs((double) value);
    }
    if (golden.has("expected")) {
      JsonObject expected = golden.getAsJsonObject("expected");
      if (!expected.get("abs_sum").isJsonNull()) {
        assertNear(expected.get("abs_sum"), sum, expected.get("abs_sum_tol").getAsDouble());
      }
      assertNear(
          expected.get("abs_mean"), sum / x.length, expected.get("abs_mean_tol").getAsDouble());
      assertReference(
          golden.getAsJsonObject("independent").getAsJsonObject("float32_schedule"), sum, x);
    } else {
      assertReference(golden, sum, x);
    }
  }

  /** Compares with the sum and the probes of an independent derivation, to a relative tolerance. */
  static void assertReference(JsonObject reference, float[] x, double tolerance) {
    double sum = 0;
    for (float value : x) {
      sum += Math.abs((double) value);
    }
    assertNear(reference.get("abs_sum"), sum, tolerance * reference.get("abs_sum").getAsDouble());
    JsonArray probe = reference.getAsJsonArray("probe");
    for (int i = 0; i < PROBED.length; i++) {
      double size = Math.max(1, Math.abs(probe.get(i).getAsDouble()));
      assertNear(probe.get(i), x[PROBED[i]], tolerance * size);
    }
  }

  /** Compares with the sum and the probes of an independent derivation. */
  static void assertReference(JsonObject reference, float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += Math.abs((double) value);
    }
    assertReference(reference, sum, x);
  }

  private static void assertReference(JsonObject reference, double sum, float[] x) {
    double expected = reference.get("abs_sum").getAsDouble();
    assertNear(reference.get("abs_sum"), sum, 1e-5 * expected);
    JsonArray probe = reference.getAsJsonArray("probe");
    for (int i = 0; i < PROBED.length; i++) {
      double size = Math.max(1, Math.abs(probe.get(i).getAsDouble()));
      assertNear(probe.get(i), x[PROBED[i]], 2e-5 * size);
    }
  }

  /** Fails on NaN. */
  static void assertNear(JsonElement expected, double found, double tolerance) {
    double wanted = expected.getAsDouble();
    assertTrue(
        Math.abs(wanted - found) <= tolerance,
        () -> "expected " + wanted + ", found " + found + ", tolerance " + tolerance);
  }

  static void assertDummies() {
    double sum = 0;
    for (float value : sample()) {
      sum += value;
    }
    assertEquals(383.5, sum, 1e-3);
  }
}
