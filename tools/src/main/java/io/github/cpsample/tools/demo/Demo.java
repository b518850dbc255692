package io.github.cpsample.tools.demo;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.judging.Judge;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement;
import io.github.cpsample.evaluation.quality.OnnxFeatures;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.image.PngWriter;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.trainer.build.BundledEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs the demonstration. */
public final class Demo {

  private static final String REPORT = "demo.json";

  private Demo() {}

  /**
   * Samples, measures and writes {@code comparison.png}, {@code replicas.png}, {@code
   * unprotected.png}, {@code protected.png} and, last, {@code demo.json}.
   *
   * @param settings what to do
   * @param progress is told how the sampling of either side goes, one after the other
   * @return what was measured
   * @throws IOException if something cannot be read or written
   */
  public static DemoReport run(DemoSettings settings, Progress progress) throws IOException {
    Files.createDirectories(settings.out());
    Files.deleteIfExists(settings.out().resolve(REPORT));
    try (DemoModels models = DemoModels.ofBuild();
        ProtectedSampler sampler = ProtectedSampler.open(models.bundle(), settings.device())) {
      Judge judge = BundledEvaluation.judge(models.features(), models.trainingImages());
      ProtectionMeasurement measured =
          ProtectionMeasurement.of(
              sampler,
              SampleRequest.of(settings.count()).withSeed(settings.seed()),
              judge,
              progress);
      DemoPictures pictures =
          new DemoPictures(
              measured,
              BundledEvaluation.trainingImages(models.trainingImages()),
              models.bundle().manifest().image());
      write(pictures, measured, settings.out());
      DemoReport report = DemoReport.of(BundledEvaluation.RULE, measured, judge);
      JsonFile.write(settings.out().resolve(REPORT), report);
      return report;
    }
  }

  private static void write(DemoPictures pictures, ProtectionMeasurement measured, Path out)
      throws IOException {
    PngWriter.write(pictures.firstSeeds(), out.resolve("comparison.png"));
    PngWriter.write(pictures.replicas(), out.resolve("replicas.png"));
    PngWriter.write(
        pictures.overview(measured.unprotectedSide(), "without protection"),
        out.resolve("unprotected.png"));
    PngWriter.write(
        pictures.overview(measured.protectedSide(), "with protection"),
        out.resolve("protected.png"));
  }

  /**
   * The model to be shown, and the features in which its images are judged. Holds native memory;
   * close it.
   */
  private static final class DemoModels implements AutoCloseable {

    private static final String MODEL = "fashion-mnist";

    private final ModelBundle bundle;
    private final OnnxFeatures features;

    private DemoModels(ModelBundle bundle, OnnxFeatures features) {
      this.bundle = bundle;
      this.features = features;
    }

    /** The models that the build trained. */
    static DemoModels ofBuild() throws IOException {
      ModelBundle bundle = ModelBundle.named(MODEL);
      try {
        return new DemoModels(bundle, BundledEvaluation.features());
      } catch (IOException | RuntimeException e) {
        bundle.close();
        throw e;
      }
    }

    ModelBundle bundle() {
      return bundle;
    }

    OnnxFeatures features() {
      return features;
    }

    int trainingImages() {
      return bundle.manifest().data().trainingImages();
    }

    @Override
    public void close() {
      try {
        features.close();
      } finally {
        bundle.close();
      }
    }
  }
}
