package io.github.cpsample.tools.audit;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.similarity.ReplicaRule;
import io.github.cpsample.tools.audit.figures.MembershipFigures;
import io.github.cpsample.tools.audit.membership.AttackedModel;
import io.github.cpsample.tools.audit.membership.MembershipPlan;
import io.github.cpsample.tools.audit.membership.MembershipSettings;
import io.github.cpsample.tools.audit.membership.MembershipStage;
import io.github.cpsample.tools.audit.statistics.Bootstrap;
import io.github.cpsample.tools.audit.store.RowSource;
import io.github.cpsample.trainer.evaluation.FeatureExtractor;
import io.github.cpsample.trainer.evaluation.ReplicaFinder;
import io.github.cpsample.trainer.evaluation.ReplicaReport;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Measures what protection does to a model. Keeps all sampled images in memory. */
public final class Audit {

  private static final ReplicaRule RULE = ReplicaRule.STANDARD;

  private final ModelBundle bundle;
  private final ProtectedSampler sampler;
  private final AuditImages images;
  private final Optional<FeatureExtractor> features;
  private final AuditSettings settings;

  /**
   * What was measured, with what pictures are made of.
   *
   * @param report the figures
   * @param without the unprotected images
   * @param with the protected images, from the same seeds
   */
  public record Outcome(AuditReport report, SampledSide without, SampledSide with) {}

  /**
   * Prepares an audit.
   *
   * @param bundle the model; not owned
   * @param sampler its sampler; not owned
   * @param images what to compare with
   * @param features in what quality is compared; empty for no judgement of quality
   * @param settings what to do
   */
  public Audit(
      ModelBundle bundle,
      ProtectedSampler sampler,
      AuditImages images,
      Optional<FeatureExtractor> features,
      AuditSettings settings) {
    this.bundle = bundle;
    this.sampler = sampler;
    this.images = images;
    this.features = features;
    this.settings = settings;
  }

  /**
   * Runs it.
   *
   * @param progress is told how either side is sampled, one after the other
   * @return the report
   */
  public Outcome run(Progress progress) {
    ReplicaFinder finder = new ReplicaFinder(RULE, images.trainingRows());
    SampledSide without = side(finder, false, progress);
    SampledSide with = side(finder, true, progress);
    Bootstrap bootstrap = Bootstrap.usual(settings.seed());
    AuditReport report =
        new AuditReport(
            AuditReport.FORMAT,
            model(bundle.manifest()),
            settings,
            images.training().size(),
            images.heldOut().size(),
            ReplicationFigures.of(
                RULE, finder.examine(images.heldOutRows()), without, with, bootstrap),
            quality(without),
            quality(with),
            membership(without, with),
            guard(without, with));
    return new Outcome(report, without, with);
  }

  private SampledSide side(ReplicaFinder finder, boolean guarded, Progress progress) {
    SampleRequest request =
        SampleRequest.of(settings.count())
            .batchSize(settings.batch())
            .seed(settings.seed())
            .protection(guarded);
    SampleResult result = sampler.sample(request, progress);
    ReplicaReport replicas =
        finder.examine(result.images().stream().map(FloatImage::values).toArray(float[][]::new));
    return new SampledSide(result, replicas);
  }

  private QualityFigures quality(SampledSide side) {
    return features
        .map(it -> QualityFigures.of(it, side.rows(), images.heldOutRows(), settings.seed()))
        .orElse(null);
  }

  private List<MembershipFigures> membership(SampledSide without, SampledSide with) {
    List<MembershipStage> stages =
        MembershipPlan.stages(
            new AttackedModel(bundle, sampler, UnaryOperator.identity()),
            new MembershipPlan.Images(
                RowSource.of(images.trainingRows()),
                RowSource.of(images.heldOutRows()),
                RowSource.of(without.rows()),
                RowSource.of(with.rows())),
            new MembershipSettings(settings.seed(), settings.batch(), settings.attackImages()));
    return stages.stream().flatMap(stage -> stage.run(Progress.none()).attacks().stream()).toList();
  }

  private static AuditReport.Guard guard(SampledSide without, SampledSide with) {
    long steps = with.result().reports().stream().mapToLong(report -> report.steps()).sum();
    long guarded =
        with.result().reports().stream().mapToLong(report -> report.guardedSteps()).sum();
    return new AuditReport.Guard(
        (double) guarded / steps,
        (double) with.result().totals().imagesGuarded() / with.result().images().size(),
        without.secondsPerImage(),
        with.secondsPerImage());
  }

  private static AuditReport.Model model(Manifest manifest) {
    return new AuditReport.Model(
        manifest.name(),
        manifest.files().entrySet().stream()
            .map(file -> file.getKey() + " " + file.getValue().sha256())
            .toList(),
        manifest.protection().toString());
  }
}
