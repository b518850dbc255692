package io.github.cpsample.tools.commands.auditing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Provenance;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.tools.TextBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit} on a text-to-image model in latents, whose pictures are 3 x 32 x 32. */
class AuditTextTest {

  @TempDir private Path folder;

  /** Rejection sampling of a model that copies throughout has no cost per delivered image. */
  @Test
  void aMethodThatDeliversNothingHasNoCostPerImage() {
    Report report =
        new Report(
            Report.FORMAT,
            new Provenance("m", Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), "now", 1),
            List.of(
                new MethodFigures(
                    "rejection", "rejection", "", 7, 0, null, null, null, null, null)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(),
            null);
    String text = String.join("\n", AuditText.of(report));
    assertTrue(text.contains("0 of 7 seeds"), text);
    assertTrue(text.matches("(?s).*seconds per image +-\n.*"), text);
  }

  @Test
  void aModelOfLatentsIsAuditedInPictures() throws Exception {
    Path model = TextBundle.write(folder.resolve("model"));
    TinyImages.write(folder.resolve("training"), LongStream.range(1, 9).toArray());
    TinyImages.write(folder.resolve("others"), LongStream.range(100, 108).toArray());
    List<String> line = new ArrayList<>(List.of("audit", "--model", model.toString()));
    line.addAll(List.of("--train", folder.resolve("training").toString()));
    line.addAll(List.of("--holdout", folder.resolve("others").toString()));
    line.addAll(List.of("--out", folder.resolve("report").toString(), "--count", "4"));
    line.addAll(List.of("--attack-images", "4", "--prompt", "a red cat"));
    CommandRun run = CommandRun.of(line.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    JsonObject report =
        JsonParser.parseString(Files.readString(folder.resolve("report").resolve("report.json")))
            .getAsJsonObject();
    List<String> methods = new ArrayList<>();
    for (JsonElement method : report.getAsJsonArray("methods")) {
      methods.add(method.getAsJsonObject().get("name").getAsString());
      assertEquals(4, method.getAsJsonObject().get("seeds").getAsInt());
    }
    assertEquals(List.of("unprotected", "cpsample", "rejection"), methods);
    assertEquals(
        "prompt a red cat",
        report
            .getAsJsonObject("provenance")
            .getAsJsonObject("settings")
            .get("condition")
            .getAsString());
    assertTrue(report.getAsJsonArray("membership").size() > 2, "attacks");
    assertFalse(Files.exists(folder.resolve("report").resolve("work")));
    assertTrue(Files.size(folder.resolve("report").resolve("index.html")) > 1000);
  }
}
