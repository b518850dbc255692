package io.github.cpsample.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
  private static final Manifest MANIFEST =
      Manifests.small()
          .withFiles(
              Map.of(
                  "denoiser.onnx", Manifest.FileEntry.of(new byte[] {1}),
                  "classifier.onnx", Manifest.FileEntry.of(new byte[] {2})));

  @Test
  void readsWhatItWrites(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("sub").resolve("manifest.json");
    MANIFEST.write(file);
    assertEquals(MANIFEST, Manifest.read(file));
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count(), "no temporary file may be left");
    }
  }

  @Test
  void keepsExplicitBetas() {
    List<Double> betas = new ArrayList<>(Collections.nCopies(1000, 0.01));
    betas.set(3, 0.125);
    Manifest m = MANIFEST;
    Manifest explicit =
        new Manifest(
            m.name(),
            m.tools(),
            m.files(),
            m.image(),
            NoiseScheduleConfig.explicit(betas),
            m.denoiser(),
            m.classifier(),
            m.sampler(),
            m.protection(),
            m.memorisation(),
            m.training(),
            m.data());
    assertEquals(explicit, Manifest.read(new StringReader(explicit.toJson()), "test"));
  }

  @Test
  void readsTheDocumentedForm() {
    String json =
        """
        {"format":"cpsample-bundle","formatVersion":1,"name":"fashion-mnist",
         "tools":{"cpsample":"0.1.0","java":"17"},
         "files":{"denoiser.onnx":{"bytes":1,"sha256":"%1$s"},"classifier.onnx":{"bytes":1,"sha256":"%1$s"}},
         "image":{"channels":3,"height":28,"width":30,"valueRange":[-1,1],"colorSpace":"rgb"},
         "schedule":{"kind":"linear","trainTimesteps":1000,"betaStart":1.0E-4,"betaEnd":0.02},
         "denoiser":{"file":"denoiser.onnx","input":"x","timestep":"t","output":"prediction",
           "predictionType":"epsilon","classes":0},
         "classifier":{"file":"classifier.onnx","input":"x","timestep":"t","output":"logits","bits":32},
         "sampler":{"kind":"ddim","steps":50,"eta":0.0,"timestepSpacing":"leading","clipSample":true},
         "protection":{"gate":"code","force":"opposite-label","alpha":0.05,"scale":40.0,"guardedTimesteps":[0,999]},
         "memorisation":[],
         "training":{"denoiserSteps":1,"denoiserSeed":1,"classifierSteps":1,"classifierSeed":1,
           "memorisationTarget":"met"},
         "data":{"trainingImages":24,"heldOutImages":2000,"salt":"0a","fingerprint":"ff"}}
        """
            .formatted("0".repeat(64));
    Manifest manifest = Manifest.read(new StringReader(json), "test");
    assertEquals(30, manifest.image().width());
    assertEquals(
        ProtectionSettings.of("code", "opposite-label", 0.05, 40, 0, 999), manifest.protection());
    assertEquals(32, manifest.classifier().bits());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "formatVersion": 1 | "formatVersion": 7 | formatVersion: expected 1 to 6, found 7
          "format": "cpsample-bundle" | "format": "zip" | format: expected cpsample-bundle, found 'zip'
          "trainTimesteps": 1000 | "trainTimesteps": "1000" | schedule.trainTimesteps: expected an integer, found "1000"
          "trainTimesteps": 1000 | "trainTimesteps": 10.5 | schedule.trainTimesteps: expected an integer, found 10.5
          "betaStart": 1.0E-4 | "betaStart": -1 | schedule.betaStart: expected a number in
          "kind": "linear" | "kind": "cubic" | schedule: noise schedule kind: expected linear
          "alpha": 0.05 | "alpha": 0.6 | protection: alpha: expected a number in
          "alpha": 0.05, | '' | protection.alpha: expected this field, found none
          "alpha": 0.05, | "alpha": 0.05, "beta": 1, | protection.beta: expected only the fields
          "clipSample": true | "clipSample": 1 | sampler.clipSample: expected true or false, found 1
          "gate": "code" | "gate": "none" | protection: gate: expected paper or code
          "name": "tiny" | "name": "../tiny" | name: expected letters
          "classifier.onnx": { | "../classifier.onnx": { | files: expected plain file names
          "classifier.onnx": { | "other.onnx": { | classifier.file: expected one of the files
          "colorSpace": "gray" | "colorSpace": "rgb" | image.colorSpace: expected gray for 1 channels
          "channels": 1 | "channels": 2 | image: channels: expected 1 (grey) or 3 (RGB), found 2
          "bytes": 1 | "bytes": -1 | files: bytes: expected at least 0
          "name": "tiny" | name: 'tiny' | expected JSON
          """)
  void refusesNamingTheField(String from, String to, String message) {
    String json = MANIFEST.toJson();
    assertTrue(json.contains(from), json);
    BundleException e =
        assertThrows(
            BundleException.class,
            () -> Manifest.read(new StringReader(json.replace(from, to)), "m.json"));
    assertTrue(e.getMessage().startsWith("m.json: "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void largerStepsNeedTheNewestFormat() {
    ProtectionSettings protection = Manifests.small().protection();
    Correction restart = new Correction(Correction.Kind.RESTART, 100, 8, 3);
    assertEquals(4, Manifests.protectedBy(protection.withCorrection(restart)).formatVersion());
    Manifest larger = Manifests.protectedBy(protection.withCorrection(restart.withStride(2)));
    assertEquals(6, larger.formatVersion());
    assertTrue(larger.toJson().contains("\"stride\": 2"), larger.toJson());
  }
}
