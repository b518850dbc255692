package io.github.cpsample.tools.commands.auditing;

import static io.github.cpsample.evaluation.quality.TinyEmbedders.shape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.quality.TinyEmbedders;
import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit --embedder} with networks whose features are the pixels, in other units. */
class AuditedEmbedderTest {

  /** Rounding an image of 64 values to 256 levels moves it at most so far, in [-1, 1]. */
  private static final double ROUNDING = Math.sqrt(64) / 255;

  @TempDir private Path folder;

  @BeforeEach
  void writeModelsAndImages() throws IOException {
    TinyBundle.memorising().toDirectory(folder.resolve("tiny"));
    TinyImages.write(folder.resolve("training"), LongStream.range(1, 13).toArray());
    TinyImages.write(folder.resolve("others"), LongStream.range(100, 112).toArray());
    TinyEmbedders.write(
        folder, "net.onnx", TinyEmbedders.pixels(shape(-1, 1, 8, 8), shape(-1, 64)));
  }

  private CommandRun audit(String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "audit",
                "--model",
                folder.resolve("tiny").toString(),
                "--train",
                folder.resolve("training").toString(),
                "--holdout",
                folder.resolve("others").toString(),
                "--count",
                "6",
                "--methods",
                "rejection",
                "--out",
                folder.resolve("report").toString()));
    line.addAll(List.of(more));
    return CommandRun.of(line.toArray(String[]::new));
  }

  @Test
  void featuresHaveRowsOfTheirOwn() throws IOException {
    String net = folder.resolve("net.onnx").toString();
    CommandRun run =
        audit(
            "--embedder",
            net + ",range=0..1,name=unit",
            "--embedder",
            net + ",range=-1..1,name=signed",
            "--search",
            "approximate");
    assertEquals(0, run.code(), run.err());
    JsonObject report =
        JsonParser.parseString(Files.readString(folder.resolve("report").resolve("report.json")))
            .getAsJsonObject();
    assertEquals(10, report.getAsJsonArray("replication").size());
    assertEquals(Set.of("unit", "signed"), values(report.getAsJsonArray("quality"), "embedder"));
    JsonArray searches = report.getAsJsonArray("searches");
    assertEquals(6, searches.size());
    for (JsonElement search : searches) {
      JsonObject recall = search.getAsJsonObject().getAsJsonObject("recall");
      assertEquals(1, recall.get("value").getAsDouble(), "12 images are few");
    }
    checkSamples();
  }

  private void checkSamples() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("report").resolve("samples.jsonl"));
    assertEquals(18, lines.size());
    for (String line : lines) {
      JsonArray nearest = JsonParser.parseString(line).getAsJsonObject().getAsJsonArray("nearest");
      double pixels = distance(nearest, 0, "pixels");
      double unit = distance(nearest, 1, "unit");
      double signed = distance(nearest, 2, "signed");
      assertEquals(2 * unit, signed, 1e-5);
      assertEquals(pixels, signed, ROUNDING);
    }
  }

  private static double distance(JsonArray nearest, int place, String space) {
    JsonObject match = nearest.get(place).getAsJsonObject();
    assertEquals(space, match.get("space").getAsString());
    return match.get("distance").getAsDouble();
  }

  private static Set<String> values(JsonArray rows, String field) {
    Set<String> values = new HashSet<>();
    rows.forEach(row -> values.add(row.getAsJsonObject().get(field).getAsString()));
    return values;
  }

  @Test
  void whatTheFileDoesNotSayIsAskedForBeforeTheWork() throws IOException {
    CommandRun run = audit("--embedder", folder.resolve("net.onnx").toString());
    assertTrue(run.code() != 0);
    assertTrue(run.err().contains("range="), run.err());
    run = audit("--embedder", folder.resolve("net.onnx") + ",rang=0..1");
    assertTrue(run.code() != 0);
    assertTrue(run.err().contains("KEY=VALUE"), run.err());
    assertEquals(List.of(), CommandRun.files(folder.resolve("report").resolve("work")));
  }
}
