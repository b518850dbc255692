package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Gate;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnusualModelsTest {
  @TempDir Path folder;

  @Test
  void conditionalModelsReceiveTheirLabel() {
    TinyModel model = new TinyModel(1, 4);
    try (ProtectedSampler sampler = open(model.bundle(3))) {
      SampleRequest request =
          SampleRequest.of(2)
              .withSteps(10)
              .withAlpha(0.2)
              .withScale(2)
              .withGate(Gate.named("paper"));
      for (int label = 0; label < 3; label++) {
        SampleResult result = sampler.sample(request.withClassLabel(label), Progress.none());
        ReferenceSampler reference =
            new ReferenceSampler(model, 10, 0, 0.2, 2, 0, 999).run(1, label);
        for (int k = 0; k < TinyModel.SHAPE.size(); k++) {
          assertEquals(reference.image()[k], result.image(1).values()[k], 2e-4);
        }
      }
      assertThrows(IllegalArgumentException.class, () -> sampler.sample(request, Progress.none()));
      assertThrows(
          IllegalArgumentException.class,
          () -> sampler.sample(request.withClassLabel(3), Progress.none()));
    }
  }

  @Test
  void notANumberNamesTheStep() {
    GraphBuilder g = new GraphBuilder("broken", 17);
    Shape images = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(4), Dim.of(4));
    Value x = g.input("x", ElementType.FLOAT, images);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Value time = g.reshape(t, g.constant("shape", new long[] {-1, 1, 1, 1}, 4));
    Value late = g.sub(time, g.constant("limit", new float[] {450}, 1));
    g.output("prediction", g.add(x, g.sqrt(late)), ElementType.FLOAT, images);
    TinyModel model = new TinyModel(8, 4);
    BundleWriter writer =
        BundleWriter.of(model.manifest(0))
            .file("denoiser.onnx", OnnxCodec.toBytes(g.build()))
            .file("classifier.onnx", model.classifier());
    try (ProtectedSampler sampler = open(writer)) {
      InferenceException e =
          assertThrows(
              InferenceException.class,
              () ->
                  sampler.sample(
                      SampleRequest.of(3).withSteps(10).withSeed(20).withBatchSize(2),
                      Progress.none()));
      assertTrue(
          e.getMessage().startsWith("step 6 of 10 (timestep 400.0), image with seed 20"),
          e.getMessage());
    }
  }

  /** A sample whose classifier fails must not pass as unguarded. */
  @Test
  void aFailingClassifierNamesTheStep() {
    GraphBuilder g = new GraphBuilder("broken", 17);
    Value x =
        g.input(
            "x", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(4), Dim.of(4)));
    Value t = g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Value flat = g.reshape(x, g.constant("flat", new long[] {-1, 16}, 2));
    Value time = g.reshape(t, g.constant("time", new long[] {-1, 1}, 2));
    Value late = g.sub(time, g.constant("limit", new float[] {450}, 1));
    Value sum = g.add(flat, g.sqrt(late));
    g.output("logits", sum, ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(16)));
    TinyModel model = new TinyModel(16, 4);
    BundleWriter writer =
        BundleWriter.of(model.manifest(0))
            .file("denoiser.onnx", TinyModel.denoiser(0))
            .file("classifier.onnx", OnnxCodec.toBytes(g.build()));
    try (ProtectedSampler sampler = open(writer)) {
      SampleRequest request = SampleRequest.of(1).withSteps(10).withScale(0);
      InferenceException e =
          assertThrows(InferenceException.class, () -> sampler.sample(request, Progress.none()));
      assertTrue(e.getMessage().startsWith("step 6 of 10 (timestep 400.0)"), e.getMessage());
      assertTrue(e.getMessage().endsWith("found NaN in the classifier's logits"), e.getMessage());
    }
  }

  @Test
  void closedSamplersRefuse() {
    ProtectedSampler sampler = open(new TinyModel(8, 4).bundle(0));
    sampler.close();
    sampler.close();
    assertThrows(
        IllegalStateException.class, () -> sampler.sample(SampleRequest.of(1), Progress.none()));
  }

  private ProtectedSampler open(BundleWriter writer) {
    Path zip = folder.resolve("model.zip");
    writer.toZip(zip);
    try (ModelBundle bundle = ModelBundle.open(zip)) {
      return ProtectedSampler.open(bundle, Device.auto());
    }
  }
}
