package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;

/** Tiny denoisers as others export them, and bundles of them. */
abstract class ThirdPartyFixture {
  static final ResolvedDevice CPU = ResolvedDevice.of(Device.cpu());
  static final TinyModel MODEL = new TinyModel(8, 4);
  static final SampleRequest REQUEST =
      SampleRequest.of(5).withSteps(8).withAlpha(0.4).withScale(3).withSeed(7).withBatchSize(3);
  static final String DDIM =
      """
      {"_class_name": "DDIMScheduler", "beta_schedule": "linear", "clip_sample": true}
      """;

  @TempDir Path folder;

  ThirdPartyDenoiser open(Path file, String config) throws IOException {
    DenoiserOptions options = DenoiserOptions.with(schedule(config));
    return ThirdPartyDenoiser.open(
        file,
        new DenoiserOptions(
            options.names(),
            false,
            options.schedule(),
            OptionalInt.empty(),
            OptionalInt.of(4),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty()),
        CPU);
  }

  DenoiserOptions.Schedule schedule(String config) throws IOException {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(file, config);
    DenoiserOptions.Schedule none = DenoiserOptions.Schedule.none();
    return new DenoiserOptions.Schedule(
        Optional.of(file),
        none.kind(),
        none.betaStart(),
        none.betaEnd(),
        none.trainTimesteps(),
        none.predictionType());
  }

  static BundleWriter writer(ThirdPartyDenoiser denoiser) {
    return writer(denoiser, io.github.cpsample.bundle.PipelineSpec.NONE);
  }

  static BundleWriter writer(
      ThirdPartyDenoiser denoiser, io.github.cpsample.bundle.PipelineSpec pipeline) {
    return denoiser
        .addTo(
            BundleWriter.of(
                manifest(denoiser.spec(), denoiser.scheduler().describe(8), denoiser.scheduler())
                    .withPipeline(pipeline, TinyModel.SHAPE)))
        .file("classifier.onnx", MODEL.classifier());
  }

  static Manifest manifest(DenoiserSpec spec, SamplerSpec sampler, SchedulerConfig scheduler) {
    Manifest plain = MODEL.manifest(0);
    return new Manifest(
        plain.name(),
        plain.tools(),
        plain.files(),
        plain.image(),
        scheduler.effectiveSchedule(),
        spec,
        plain.classifier(),
        sampler,
        plain.protection(),
        java.util.List.of(),
        plain.training(),
        plain.data());
  }

  SampleResult sample(ThirdPartyDenoiser denoiser, SampleRequest request) {
    writer(denoiser).toDirectory(folder.resolve("bundle"));
    return sample(folder.resolve("bundle"), request);
  }

  /** The images of the denoiser that this project exports. */
  SampleResult usual(int classes, SampleRequest request) {
    SchedulerConfig scheduler = SchedulerConfig.parse(DDIM, "test");
    BundleWriter.of(
            manifest(
                DenoiserSpec.of(scheduler.predictionType(), classes),
                scheduler.describe(8),
                scheduler))
        .file("denoiser.onnx", TinyModel.denoiser(classes))
        .file("classifier.onnx", MODEL.classifier())
        .toDirectory(folder.resolve("usual"));
    return sample(folder.resolve("usual"), request);
  }

  static SampleResult sample(Path bundle, SampleRequest request) {
    try (ModelBundle model = ModelBundle.open(bundle);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      return sampler.sample(request, Progress.none());
    }
  }

  static void assertSame(SampleResult expected, SampleResult found, double tolerance) {
    for (int i = 0; i < expected.images().size(); i++) {
      assertArrayEquals(
          expected.image(i).values(), found.image(i).values(), (float) tolerance, "image " + i);
    }
  }
}
