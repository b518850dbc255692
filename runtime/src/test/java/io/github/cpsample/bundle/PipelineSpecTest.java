package io.github.cpsample.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a manifest says of autoencoder, text and null class. */
class PipelineSpecTest {
  private static final ImageShape IMAGE = new ImageShape(3, 32, 32);
  private static final ImageShape LATENT = new ImageShape(4, 8, 8);
  private static final PipelineSpec FULL =
      new PipelineSpec(
          Optional.of(
              new PipelineSpec.Latent("d.onnx", Optional.of("e.onnx"), LATENT, 0.3611, 0.1159)),
          Optional.of(
              new PipelineSpec.Text(
                  "t.onnx",
                  List.of("vocab.json", "merges.txt", "tokenizer_config.json"),
                  PipelineSpec.Text.HIDDEN_STATES)),
          OptionalInt.of(1000),
          Optional.empty());
  private static final PipelineSpec WITH_FALLBACK = FULL.withFallback("base.onnx");

  @Test
  void isReadAsItWasWritten() {
    for (PipelineSpec spec : List.of(FULL, WITH_FALLBACK, PipelineSpec.NONE, part(), nullClass())) {
      Manifest manifest = manifest(spec);
      Manifest read = Manifest.read(new StringReader(manifest.toJson()), "test");
      assertEquals(manifest, read);
      assertEquals(spec, read.pipeline());
    }
    assertEquals(LATENT, manifest(FULL).sampled());
    assertEquals(IMAGE, manifest(FULL).image());
    assertEquals(IMAGE, manifest(PipelineSpec.NONE).sampled());
    assertEquals(2, manifest(FULL).formatVersion());
    assertEquals(1, manifest(PipelineSpec.NONE).formatVersion());
    assertEquals(5, manifest(WITH_FALLBACK).formatVersion());
  }

  @Test
  void everyFileMustBeListed() {
    for (String file : WITH_FALLBACK.files()) {
      Map<String, Manifest.FileEntry> files = new LinkedHashMap<>(manifest(WITH_FALLBACK).files());
      files.remove(file);
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> manifest(WITH_FALLBACK).withFiles(files))
              .getMessage();
      assertTrue(message.contains(file), message);
    }
  }

  @Test
  void unknownFieldsAreRefused() {
    String json = manifest(FULL).toJson().replace("\"nullClass\"", "\"nullclass\"");
    assertThrows(BundleException.class, () -> Manifest.read(new StringReader(json), "test"));
  }

  private static PipelineSpec part() {
    return new PipelineSpec(
        Optional.of(new PipelineSpec.Latent("d.onnx", Optional.empty(), LATENT, 1, 0)),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  private static PipelineSpec nullClass() {
    return new PipelineSpec(
        Optional.empty(), Optional.empty(), OptionalInt.of(0), Optional.empty());
  }

  private static Manifest manifest(PipelineSpec pipeline) {
    Map<String, Manifest.FileEntry> files = new LinkedHashMap<>();
    Manifest plain = Manifests.of(IMAGE, DenoiserSpec.of(PredictionType.EPSILON, 0), 8);
    for (String name :
        List.of(
            "denoiser.onnx",
            "classifier.onnx",
            "d.onnx",
            "e.onnx",
            "t.onnx",
            "vocab.json",
            "merges.txt",
            "tokenizer_config.json",
            "base.onnx")) {
      files.put(name, Manifest.FileEntry.of(new byte[] {1}));
    }
    return plain.withFiles(files).withPipeline(pipeline, IMAGE);
  }
}
