package io.github.cpsample.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.ProtectionSettings;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The evidence for a model's protection in its manifest. */
class CalibrationEvidenceTest {

  private static final ProtectionSettings CHOSEN =
      ProtectionSettings.of("code", "opposite-label", 0.07, 120, 0, 500);
  private static final CalibrationEvidence.Estimate DISTANCE =
      new CalibrationEvidence.Estimate(0.375, 0.25, 0.5);
  private static final Manifest PLAIN =
      Manifests.of(new ImageShape(1, 8, 8), PredictionType.EPSILON, 4)
          .withFiles(Map.of("denoiser.onnx", entry(), "classifier.onnx", entry()));

  private static Manifest.FileEntry entry() {
    return new Manifest.FileEntry(1, "0".repeat(64));
  }

  private static CalibrationEvidence evidence(
      CalibrationEvidence.Estimate frechet, Double maxOverhead) {
    return new CalibrationEvidence(
        "2026-01-31",
        "0.1.0",
        new SamplerSpec("ddim", 25, 0.0, TimestepSpacing.LEADING, true),
        "none",
        "pixels alone",
        "nearer than 0.4 times",
        new CalibrationEvidence.Bounds(0.01, 0.75, maxOverhead),
        CHOSEN,
        7,
        512,
        1000,
        new CalibrationEvidence.Confirmation(
            519, 650, 1000, 2, 0.95, true, 1, 0.0094, 290, DISTANCE, DISTANCE, frechet, frechet,
            DISTANCE, DISTANCE, 0.0625),
        List.of(
            new CalibrationEvidence.Point(
                4, CHOSEN, 512, 2, frechet, 0.375, 0.5, 0.0625, 0.125, "meets the bounds"),
            new CalibrationEvidence.Point(
                4, CHOSEN.withAlpha(0.01), 64, 3, frechet, 0.25, -0.25, 0, -0.125, "given up")));
  }

  private static Manifest read(String json) {
    return Manifest.read(new StringReader(json), "test");
  }

  @Test
  void readsWhatItWrites() {
    for (CalibrationEvidence evidence : List.of(evidence(DISTANCE, 0.5), evidence(null, null))) {
      Manifest calibrated = PLAIN.calibrated(evidence);
      assertEquals(calibrated, read(calibrated.toJson()));
      assertEquals(Optional.of(evidence), read(calibrated.toJson()).calibration());
    }
  }

  @Test
  void protectsAndSamplesAsTheEvidenceSays() {
    Manifest calibrated = PLAIN.calibrated(evidence(null, null));
    assertEquals(CHOSEN, calibrated.protection());
    assertEquals(25, calibrated.sampler().steps());
    assertEquals(PLAIN.memorisation(), calibrated.memorisation());
  }

  /** Older runtimes refuse what they cannot read, and read what is not calibrated. */
  @Test
  void onlyCalibratedModelsNeedTheNewestFormat() {
    assertEquals(1, PLAIN.formatVersion());
    assertFalse(PLAIN.toJson().contains("calibration"));
    assertEquals(3, PLAIN.calibrated(evidence(null, null)).formatVersion());
    assertEquals(Optional.empty(), read(PLAIN.toJson()).calibration());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "date": "2026-01-31" | "date": "31.1.2026" | calibration: date: expected one such as
          "tool": "0.1.0", | '' | calibration.tool: expected this field, found none
          "tool": "0.1.0", | "tool": "0.1.0", "more": 1, | calibration.more: expected only the fields
          "maxReplicas": 0.01 | "maxReplicas": 0 | calibration: maxReplicas: expected a share in (0, 1)
          "firstSeed": 519 | "firstSeed": 518 | calibration: confirmation.firstSeed: expected at least 519
          "replicas": 1 | "replicas": 651 | replicas: expected a number in [0.0, 650.0], found 651
          "replicasAtMost": 0.0094 | "replicasAtMost": 0.02 | confirmation.shown: expected false
          "shown": true | "shown": 1 | calibration.confirmation.shown: expected true or false
          "low": 0.25 | "low": 0.75 | estimate.high: expected a number in [0.75
          "verdict": "given up" | "verdict": " " | verdict: expected text, found blank
          "alpha": 0.07 | "alpha": 0.08 | calibration.settings: expected those of protection
          """)
  void refusesWhatIsMalformed(String good, String bad, String message) {
    String json = PLAIN.calibrated(evidence(DISTANCE, 0.5)).toJson();
    assertTrue(json.contains(good), json);
    String altered = json.replaceFirst(Pattern.quote(good), bad == null ? "" : bad);
    BundleException e = assertThrows(BundleException.class, () -> read(altered));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
