package io.github.cpsample.tools.audit.membership;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.tools.audit.attack.MembershipAttack;
import io.github.cpsample.tools.audit.attack.NoiseNorm;
import io.github.cpsample.tools.audit.attack.ProximalInitialisation;
import io.github.cpsample.tools.audit.attack.ReconstructionLoss;
import io.github.cpsample.tools.audit.attack.SecMiStat;
import io.github.cpsample.tools.audit.attack.SignalLevels;
import io.github.cpsample.tools.audit.statistics.Bootstrap;
import io.github.cpsample.tools.audit.store.RowSource;
import java.util.ArrayList;
import java.util.List;

/**
 * All stages of the membership part of an audit. The published settings of attacks are for 1000
 * timesteps and are scaled to the model's number.
 */
public final class MembershipPlan {

  private static final int PUBLISHED_TIMESTEPS = 1000;
  private static final int DRAWS = 4;
  private static final List<Processing> PROCESSINGS =
      List.of(Processing.imageToImage(0.2), Processing.imageToImage(0.5), Processing.inpainting());

  private final AttackedModel model;
  private final Question question;
  private final MembershipSettings settings;
  private final Bootstrap bootstrap;

  private MembershipPlan(AttackedModel model, Question question, MembershipSettings settings) {
    this.model = model;
    this.question = question;
    this.settings = settings;
    this.bootstrap = Bootstrap.usual(settings.seed());
  }

  /**
   * The images of an audit. All are read when they are needed, and none is kept.
   *
   * @param training what the model was trained on, [C,H,W] per row, values in [-1, 1]
   * @param heldOut images of the same kind that it was not trained on
   * @param unprotectedSamples generated without protection
   * @param protectedSamples generated with it
   */
  public record Images(
      RowSource training,
      RowSource heldOut,
      RowSource unprotectedSamples,
      RowSource protectedSamples) {}

  /**
   * The stages in their order. For models of latents, attacks on predictions and on the classifier
   * are left out: they would need the latents of the images. So is what processes images where the
   * model has no encoder, and the check at low noise where the memorisation curve names no level
   * for it.
   *
   * @param model what is attacked
   * @param images of its manifest's shape
   * @param settings what is fixed
   * @return stages with ids of their own
   * @throws IllegalArgumentException if there are fewer than 2 training or held-out images, no
   *     generated ones, or they have another size
   */
  public static List<MembershipStage> stages(
      AttackedModel model, Images images, MembershipSettings settings) {
    Manifest manifest = model.bundle().manifest();
    Candidates members =
        new Candidates("training images", manifest.image(), images.training(), settings.images());
    Candidates others =
        new Candidates("held-out images", manifest.image(), images.heldOut(), settings.images());
    Question question = new Question(members, others, settings.batch());
    MembershipPlan plan = new MembershipPlan(model, question, settings);
    List<MembershipStage> stages = new ArrayList<>();
    stages.add(new BlindStage(question, plan.bootstrap));
    if (manifest.pipeline().latent().isEmpty()) {
      stages.addAll(plan.onPredictions());
      stages.addAll(plan.onClassifier());
    }
    if (manifest.pipeline().latent().map(it -> it.encoder().isPresent()).orElse(true)) {
      stages.addAll(plan.onProcessing());
    }
    stages.add(
        new GeneratedStage(
            images.unprotectedSamples(), images.protectedSamples(), question, plan.bootstrap));
    return stages;
  }

  private List<MembershipStage> onPredictions() {
    SignalLevels levels = SignalLevels.of(model.bundle().manifest().schedule().create());
    int late = scaled(ProximalInitialisation.USUAL_TIMESTEP);
    int step = scaled(SecMiStat.USUAL_STEP);
    int power = ProximalInitialisation.USUAL_POWER;
    return List.of(
        new PredictionStage(
            "loss",
            new ReconstructionLoss(levels, late, DRAWS, settings.seed()),
            "Matsumoto et al. 2023, arXiv 2302.03262; test: Kazdan et al. 2025, arXiv 2409.07025",
            true,
            model,
            question,
            bootstrap),
        onPredictions(
            "secmi",
            new SecMiStat(levels, SecMiStat.USUAL_TIMESTEP / SecMiStat.USUAL_STEP * step, step),
            "Duan et al. 2023, arXiv 2302.01316"),
        onPredictions(
            "pia",
            ProximalInitialisation.pia(levels, late, power),
            "Kong et al. 2024, arXiv 2305.18355"),
        onPredictions(
            "pian",
            ProximalInitialisation.pian(levels, late, power),
            "Kong et al. 2024, arXiv 2305.18355"),
        onPredictions(
            "sima",
            new NoiseNorm(levels, late, NoiseNorm.USUAL_POWER),
            "Rao, Qu and Moyer 2025, arXiv 2509.25003"));
  }

  private MembershipStage onPredictions(String id, MembershipAttack attack, String source) {
    return new PredictionStage(id, attack, source, false, model, question, bootstrap);
  }

  private List<MembershipStage> onClassifier() {
    List<MembershipStage> stages = new ArrayList<>();
    if (CertaintyCheck.fits(model.bundle().manifest())) {
      stages.add(new LowNoiseStage(model, question, settings.seed(), bootstrap));
    }
    stages.add(new NoiseLevelStage(model, question, settings.seed(), bootstrap));
    return stages;
  }

  private List<MembershipStage> onProcessing() {
    return PROCESSINGS.stream()
        .<MembershipStage>map(
            it -> new ProcessingStage(it, model, question, settings.seed(), bootstrap))
        .toList();
  }

  private int scaled(int timestep) {
    int all = model.bundle().manifest().schedule().trainTimesteps();
    return Math.max(1, (int) Math.round((double) timestep * all / PUBLISHED_TIMESTEPS));
  }
}
