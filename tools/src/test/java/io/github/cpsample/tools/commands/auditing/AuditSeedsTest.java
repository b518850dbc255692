package io.github.cpsample.tools.commands.auditing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is reported on images on which a calibration chose, unless it is said. */
class AuditSeedsTest {

  private static final int TUNING = 16;
  private static final int CONFIRMED = 8;

  @TempDir private Path folder;

  @Test
  void aCalibratedModelIsAuditedBehindItsCalibration() throws IOException {
    Path model = calibratedModel();
    CommandRun usual = audit(model, "behind");
    assertFalse(usual.err().contains("was chosen on images of these seeds"), usual.err());
    assertEquals(TUNING + CONFIRMED, firstSeed("behind"));
    CommandRun tuned = audit(model, "tuned", "--seed", Integer.toString(TUNING - 1));
    assertTrue(tuned.err().contains("was chosen on images of these seeds"), tuned.err());
    assertEquals(TUNING - 1, firstSeed("tuned"));
    CommandRun next = audit(model, "next", "--seed", Integer.toString(TUNING));
    assertFalse(next.err().contains("was chosen on images of these seeds"), next.err());
  }

  private CommandRun audit(Path model, String name, String... more) {
    List<String> line = new ArrayList<>(List.of("audit", "--model", model.toString()));
    line.addAll(List.of("--train", folder.resolve("training").toString()));
    line.addAll(List.of("--holdout", folder.resolve("others").toString()));
    line.addAll(List.of("--out", folder.resolve(name).toString(), "--count", "4"));
    line.addAll(List.of("--methods", "cpsample", "--attack-images", "2"));
    line.addAll(List.of(more));
    CommandRun run = CommandRun.of(line.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    return run;
  }

  private int firstSeed(String name) throws IOException {
    String first = Files.readAllLines(folder.resolve(name).resolve("samples.jsonl")).get(0);
    return JsonParser.parseString(first).getAsJsonObject().get("seed").getAsInt();
  }

  private Path calibratedModel() throws IOException {
    TinyImages.write(folder.resolve("training"), 1, 2, 3, 4, 5, 6, 7);
    TinyImages.write(folder.resolve("others"), 100, 101, 102, 103);
    Path model = folder.resolve("model");
    TinyBundle.memorising().toDirectory(model);
    Manifest plain;
    try (ModelBundle bundle = ModelBundle.open(model)) {
      plain = bundle.manifest();
    }
    Files.writeString(model.resolve("manifest.json"), plain.calibrated(evidence(plain)).toJson());
    return model;
  }

  private static CalibrationEvidence evidence(Manifest plain) {
    CalibrationEvidence.Estimate none = new CalibrationEvidence.Estimate(0, 0, 0);
    return new CalibrationEvidence(
        "2026-01-31",
        "0.1.0",
        plain.sampler(),
        "none",
        "pixels alone",
        "nearer than 0.4 times",
        new CalibrationEvidence.Bounds(0.5, null, null),
        plain.protection(),
        0,
        TUNING,
        4,
        new CalibrationEvidence.Confirmation(
            TUNING, CONFIRMED, 4, 1, 0.95, true, 0, 0.4, 0, none, none, null, null, none, none, 0),
        List.of(
            new CalibrationEvidence.Point(
                TinyBundle.BITS, plain.protection(), TUNING, 0, null, 0, 0, 0, 0, "chosen")));
  }
}
