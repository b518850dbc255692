package io.github.cpsample.tools;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusers.PipelineFolder;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.trainer.export.NetworkExporter;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.pipeline.TinyPipeline;
import io.github.cpsample.trainer.training.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bundle of the tiny text-to-image pipeline and a classifier of random weights. */
public final class TextBundle {
  private static final int BITS = 4;
  private static final ImageShape LATENT = new ImageShape(4, 8, 8);

  private TextBundle() {}

  /** Writes the pipeline into a folder and the bundle beside it. */
  public static Path write(Path folder) throws IOException {
    Path pipeline = folder.resolve("pipeline");
    TinyPipeline.write(pipeline, 1);
    PipelineFolder parts = PipelineFolder.of(pipeline);
    Manifest manifest =
        new Manifest(
                "tiny-text",
                Map.of("cpsample", "test"),
                Map.of(),
                LATENT,
                NoiseScheduleConfig.scaledLinear(1000, 0.00085, 0.012),
                denoiser(),
                Manifest.Classifier.of(BITS),
                new SamplerSpec("ddim", 8, 0, TimestepSpacing.LEADING, false),
                ProtectionSettings.of("code", "opposite-label", 0.5, 5, 0, 999),
                List.of(),
                new Manifest.Training(0, 0, 0, 0, "not met"),
                new Manifest.Data(1, 1, "00", "00"))
            .withPipeline(parts.spec(LATENT), parts.image(LATENT));
    Path bundle = folder.resolve("bundle");
    parts
        .addTo(BundleWriter.of(manifest))
        .file("denoiser.onnx", pipeline.resolve("unet/model.onnx"))
        .file("classifier.onnx", classifier())
        .toDirectory(bundle);
    return bundle;
  }

  private static DenoiserSpec denoiser() {
    long free = TensorPort.FREE;
    DenoiserSignature signature =
        new DenoiserSignature(
            TensorPort.of("sample", ElementType.FLOAT, free, 4, 8, 8),
            TensorPort.of("timestep", ElementType.INT64, 1),
            TensorPort.of("out_sample", ElementType.FLOAT, free, 4, 8, 8),
            Optional.empty(),
            List.of(TensorPort.of("encoder_hidden_states", ElementType.FLOAT, free, 77, 32)),
            false);
    return new DenoiserSpec(
        "denoiser.onnx", signature, PredictionType.EPSILON, 0, Optional.empty(), List.of());
  }

  private static byte[] classifier() {
    MemorizingClassifier network =
        new MemorizingClassifier(new ClassifierConfig(4, 8, 8, 1, List.of(16), 1, 16, BITS));
    return OnnxCodec.toBytes(
        NetworkExporter.export(network, Weights.of(network).initialize(3), "classifier", "logits"));
  }
}
