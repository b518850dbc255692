package io.github.cpsample.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ProviderSupport;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the build trained is what a host can use, and is worth having. */
class ExportedModelsTest {

  private static final String NAME = "fashion-mnist";

  @Test
  void theModelIsFoundByName() {
    assertEquals(List.of(NAME), ModelBundle.names());
  }

  @Test
  void theManifestSaysWhatWasTrained() {
    Manifest manifest = ModelBundle.manifestOf(NAME);
    assertEquals("[1,28,28]", manifest.image().toString().replaceAll("[^0-9,\\[\\]]", ""), "shape");
    assertTrue(manifest.classifier().bits() > 1);
    assertEquals(2000, manifest.data().heldOutImages());
    Manifest.MemorisationPoint clean = manifest.memorisation().get(0);
    assertTrue(clean.trainAccuracy() > 0.99, clean.toString());
    Manifest.MemorisationPoint.HeldOut strangers = clean.others().orElseThrow();
    assertEquals(0.5, strangers.accuracy(), 0.05, "nobody taught these bits");
    assertTrue(strangers.auc() > 0.9, clean.toString());
  }

  @Test
  void theCudaProviderImplementsEveryOperator() throws IOException {
    try (ModelBundle bundle = ModelBundle.named(NAME)) {
      OnnxModel classifier = OnnxCodec.read(bundle.file("classifier.onnx"));
      OnnxModel gradient =
          ReverseDifferentiator.of(classifier).outputs("logits").withRespectTo("x").differentiate();
      for (OnnxModel model :
          List.of(OnnxCodec.read(bundle.file("denoiser.onnx")), classifier, gradient)) {
        for (ProviderSupport.Provider provider : ProviderSupport.Provider.values()) {
          assertEquals(List.of(), ProviderSupport.documented().unsupported(model, provider));
        }
      }
    }
  }

  @Test
  void samplesAreProtectedByDefault() throws IOException {
    try (ModelBundle bundle = ModelBundle.named(NAME);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleResult result = sampler.sample(SampleRequest.of(8).withSeed(1), Progress.none());
      assertTrue(result.totals().classifierRows() > 0);
      assertEquals(8, result.images().size());
    }
  }

  /**
   * What the build has to reach, with room for what differs between machines: a quarter of replicas
   * unprotected, hardly any protected, few steps guarded, false alarms far below the replicas, and
   * pictures that are as good as what rejection sampling leaves. What the project aims at and does
   * not reach yet: docs/studies/quality.md.
   */
  @Test
  void protectionIsWorthHaving() throws IOException {
    JsonObject measured = measurements();
    JsonObject without = measured.getAsJsonObject("unprotectedSide");
    JsonObject with = measured.getAsJsonObject("protectedSide");
    assertTrue(number(without, "replicaRate") >= 0.15, measured.toString());
    assertTrue(number(with, "replicaRate") <= 0.02, measured.toString());
    assertTrue(
        number(with, "frechetDistance") <= 1.8 * number(without, "frechetDistance"),
        measured.toString());
    assertTrue(
        number(with, "heldOutDistance") <= 1.15 * number(without, "heldOutDistance"),
        measured.toString());
    assertTrue(number(with, "stepsGuarded") <= 0.1, measured.toString());
    assertTrue(number(measured, "falseAlarmRate") <= 0.01, measured.toString());
  }

  private static double number(JsonObject object, String name) {
    return object.get(name).getAsDouble();
  }

  private static JsonObject measurements() throws IOException {
    try (InputStream in =
        ExportedModelsTest.class.getResourceAsStream(
            "/io/github/cpsample/models/evaluation/measurements.json")) {
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject();
    }
  }
}
