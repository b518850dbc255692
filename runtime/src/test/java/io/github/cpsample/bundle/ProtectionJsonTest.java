package io.github.cpsample.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Views;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Protection settings in a manifest. */
class ProtectionJsonTest {
  private static final ProtectionSettings PAPER =
      ProtectionSettings.of("code", "own-label", 0.05, 40, 10, 900);
  private static final Thresholds THRESHOLDS =
      new Thresholds(
          0.01, List.of(new Thresholds.Level(0, 0.3), new Thresholds.Level(250.5, 0.125)));
  private static final ProtectionSettings ALL =
      PAPER
          .withAsks(Subject.X_0)
          .withAskEvery(25)
          .withThresholds(THRESHOLDS)
          .withCorrection(new Correction(Correction.Kind.HEAL, 60, 8, 2));

  private static Manifest manifest(ProtectionSettings protection) {
    Manifest small = Manifests.small();
    return new Manifest(
            small.name(),
            small.tools(),
            small.files(),
            small.image(),
            small.schedule(),
            small.denoiser(),
            small.classifier(),
            small.sampler(),
            protection,
            small.memorisation(),
            small.training(),
            small.data(),
            protection.correction().kind().handsOver()
                ? PipelineSpec.NONE.withFallback("base.onnx")
                : PipelineSpec.NONE,
            Optional.empty())
        .withFiles(
            Map.of(
                "denoiser.onnx", Manifest.FileEntry.of(new byte[] {1}),
                "classifier.onnx", Manifest.FileEntry.of(new byte[] {2}),
                "base.onnx", Manifest.FileEntry.of(new byte[] {3})));
  }

  private static ProtectionSettings through(ProtectionSettings settings) {
    String json = manifest(settings).toJson();
    return Manifest.read(new StringReader(json), "m.json").protection();
  }

  @ParameterizedTest
  @EnumSource(Correction.Kind.class)
  void readsWhatItWrites(Correction.Kind kind) {
    for (Subject subject : Subject.values()) {
      ProtectionSettings settings =
          PAPER.withAsks(subject).withCorrection(new Correction(kind, 7, 3, 1, 2));
      assertEquals(settings, through(settings));
      ProtectionSettings leveled = settings.withThresholds(THRESHOLDS);
      assertEquals(leveled, through(leveled));
      assertEquals(leveled.withAskEvery(50), through(leveled.withAskEvery(50)));
      ProtectionSettings nine =
          settings.withThresholds(new Thresholds(0.01, THRESHOLDS.levels(), 0.2, Views.NINE));
      assertEquals(nine, through(nine));
    }
  }

  /** Older runtimes open what says nothing that they do not know, and refuse the rest. */
  @Test
  void thePapersSettingsAreWrittenAsBefore() {
    String paper = manifest(PAPER).toJson();
    for (String field : List.of("asks", "askEvery", "thresholds", "correction")) {
      assertFalse(paper.contains('"' + field + '"'), paper);
    }
    assertEquals(PAPER, through(PAPER));
    String before = version(paper);
    for (ProtectionSettings newer :
        List.of(
            PAPER.withAsks(Subject.X_0),
            PAPER.withAskEvery(2),
            PAPER.withThresholds(THRESHOLDS),
            PAPER.withCorrection(Correction.PAPER.withRedos(1)))) {
      String json = manifest(newer).toJson();
      assertTrue(version(json).compareTo(before) > 0, json);
    }
  }

  private static String version(String json) {
    String name = "\"formatVersion\": ";
    int at = json.indexOf(name) + name.length();
    return json.substring(at, at + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "asks": "x0" | "asks": "x1" | protection: asks: expected x_t or x0, found 'x1'
          "askEvery": 25 | "askEvery": 0 | askEvery: expected at least 1, found 0
          "kind": "heal" | "kind": "hurt" | correction: expected push, exit, heal
          "back": 60 | "back": 0 | correction: expected back of at least 1
          "returns": 8 | "returns": -1 | correction: expected back of at least 1
          "redos": 2 | "redos": 2.5 | protection.correction.redos: expected an integer
          "redos": 2 | "redos": 2, "x": 1 | protection.correction.x: expected only the fields
          "back": 60, | '' | protection.correction.back: expected this field
          "falseAlarms": 0.01 | "falseAlarms": 1 | thresholds: expected falseAlarms in (0, 1)
          "timestep": 250.5 | "timestep": 0 | thresholds: expected levels by rising timestep
          "alpha": 0.125 | "alpha": 0.5 | thresholds: expected every alpha in (0, 1/2), found 0.5
          "alpha": 0.125 | "alpha": 0.125, "y": 2 | y: expected only the fields
          "levels": [ | "level": [ | protection.thresholds
          """)
  void refusesNamingTheField(String from, String to, String message) {
    String json = manifest(ALL).toJson();
    assertTrue(json.contains(from), json);
    BundleException e =
        assertThrows(
            BundleException.class,
            () -> Manifest.read(new StringReader(json.replace(from, to)), "m.json"));
    assertTrue(e.getMessage().startsWith("m.json: "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
