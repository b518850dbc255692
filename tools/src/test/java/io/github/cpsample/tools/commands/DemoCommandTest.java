package io.github.cpsample.tools.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on the exported models, with far fewer images than it takes to say anything. */
class DemoCommandTest {

  @TempDir Path folder;

  @Test
  void measuresAndShowsBothSides() throws IOException {
    Path out = folder.resolve("demo");
    CommandRun run = CommandRun.of("demo", "--count", "6", "--out", out.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals(
        List.of("comparison.png", "demo.json", "protected.png", "replicas.png", "unprotected.png"),
        CommandRun.files(out));
    JsonObject json =
        JsonParser.parseString(Files.readString(out.resolve("demo.json"))).getAsJsonObject();
    assertEquals(
        Set.of("replicaRule", "falseAlarmRate", "unprotected", "protected"), json.keySet());
    Set<String> measures = Set.of("replicaRate", "frechetDistance", "secondsPerImage", "count");
    assertEquals(measures, json.getAsJsonObject("unprotected").keySet());
    JsonObject guarded = json.getAsJsonObject("protected");
    assertTrue(guarded.keySet().containsAll(measures), guarded.toString());
    assertTrue(guarded.keySet().containsAll(Set.of("stepsGuarded", "imagesGuarded")));
    assertEquals(6, guarded.keySet().size());
    assertEquals(6, guarded.get("count").getAsInt());
    assertTrue(run.out().contains("without protection"), run.out());
    assertTrue(run.out().contains("false alarms"), run.out());
    assertTrue(ImageIO.read(out.resolve("comparison.png").toFile()).getWidth() > 6 * 84);
  }
}
