package io.github.cpsample.trainer.training;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The loss of a run by step, as its folder's metrics say. */
public final class LearningCurve {

  private LearningCurve() {}

  /**
   * Reads the curve of a run, thinned: the logged steps are cut into equal stretches, of each of
   * which the mean is kept. A step that an interrupted run did twice counts once.
   *
   * @param run the run's folder
   * @param points the most points wanted, at least 1
   * @return points in the order of their steps
   * @throws IOException if there are no metrics or they cannot be read
   */
  public static List<LossPoint> read(Path run, int points) throws IOException {
    List<Map.Entry<Long, Double>> logged =
        List.copyOf(losses(run.resolve("metrics.jsonl")).entrySet());
    int count = Math.min(points, logged.size());
    List<LossPoint> curve = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) i * logged.size() / count);
      int to = (int) ((i + 1L) * logged.size() / count);
      double mean =
          logged.subList(from, to).stream()
              .mapToDouble(Map.Entry::getValue)
              .average()
              .orElseThrow();
      curve.add(new LossPoint(logged.get(to - 1).getKey(), mean));
    }
    return curve;
  }

  private static Map<Long, Double> losses(Path file) throws IOException {
    Map<Long, Double> losses = new TreeMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      try {
        JsonObject point = JsonParser.parseString(line).getAsJsonObject();
        losses.put(point.get("step").getAsLong(), point.get("loss").getAsDouble());
      } catch (JsonParseException | IllegalStateException e) {
        throw new IOException(
            file + ": expected one JSON object per line, found '" + line + "'", e);
      }
    }
    return losses;
  }

  /**
   * A point of a learning curve.
   *
   * @param step the last of the steps that the loss is the mean of
   * @param loss mean training loss since the point before
   */
  public record LossPoint(long step, double loss) {}
}
