package io.github.cpsample.tools.audit;

import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.audit.attack.MembershipAttack;
import io.github.cpsample.tools.audit.attack.MembershipScores;
import io.github.cpsample.tools.audit.attack.NoiseNorm;
import io.github.cpsample.tools.audit.attack.NoisePredictor;
import io.github.cpsample.tools.audit.attack.ProximalInitialisation;
import io.github.cpsample.tools.audit.attack.ReconstructionLoss;
import io.github.cpsample.tools.audit.attack.SecMiStat;
import io.github.cpsample.tools.audit.attack.SignalLevels;
import io.github.cpsample.tools.audit.figures.AttackFigures;
import io.github.cpsample.tools.audit.figures.MembershipFigures;
import io.github.cpsample.tools.audit.statistics.Bootstrap;
import java.util.ArrayList;
import java.util.List;

/**
 * Attacks a model with its training images as members and held-out images as others. The published
 * settings are for 1000 timesteps and are scaled to the model's number.
 */
final class MembershipAudit {

  private static final String WHITE_BOX = "holds the bundle";
  private static final int PUBLISHED_TIMESTEPS = 1000;
  private static final int DRAWS = 4;

  private final ProtectedSampler sampler;
  private final AuditSettings settings;
  private final List<float[]> members;
  private final List<float[]> others;
  private final Bootstrap bootstrap;

  MembershipAudit(
      ProtectedSampler sampler, AuditImages images, AuditSettings settings, Bootstrap bootstrap) {
    this.sampler = sampler;
    this.settings = settings;
    this.members = first(images.training(), settings.attackImages());
    this.others = first(images.heldOut(), settings.attackImages());
    this.bootstrap = bootstrap;
  }

  /** The attacks, by what they score. */
  List<MembershipAttack> attacks() {
    SignalLevels levels = SignalLevels.of(sampler.manifest().schedule().create());
    int late = scaled(ProximalInitialisation.USUAL_TIMESTEP);
    int step = scaled(SecMiStat.USUAL_STEP);
    int power = ProximalInitialisation.USUAL_POWER;
    return List.of(
        new ReconstructionLoss(levels, late, DRAWS, settings.seed()),
        new SecMiStat(levels, SecMiStat.USUAL_TIMESTEP / SecMiStat.USUAL_STEP * step, step),
        ProximalInitialisation.pia(levels, late, power),
        ProximalInitialisation.pian(levels, late, power),
        new NoiseNorm(levels, late));
  }

  MembershipFigures figures(MembershipAttack attack) {
    SampleRequest request = SampleRequest.of(settings.batch()).batchSize(settings.batch());
    return new MembershipFigures(
        attack.name(),
        WHITE_BOX,
        figures(attack, sampler.predictions(request.protection(false))),
        figures(attack, sampler.predictions(request)));
  }

  /** The guard as an oracle: how certain the classifier is of an image. */
  MembershipFigures ofCertainty(CertaintyCheck check) {
    return new MembershipFigures(
        "certainty of the classifier (" + CertaintyCheck.DRAWS + " draws at low noise)",
        WHITE_BOX,
        null,
        new MembershipScores(uncertainties(check, members), uncertainties(check, others))
            .figures(bootstrap));
  }

  private AttackFigures figures(MembershipAttack attack, NoisePredictions predictions) {
    NoisePredictor predictor = predictions::epsilon;
    return new MembershipScores(
            scores(attack, predictor, members), scores(attack, predictor, others))
        .figures(bootstrap);
  }

  private double[] scores(MembershipAttack attack, NoisePredictor predictor, List<float[]> images) {
    double[] scores = new double[images.size()];
    for (int from = 0; from < images.size(); from += settings.batch()) {
      List<float[]> batch = images.subList(from, Math.min(images.size(), from + settings.batch()));
      double[] found = attack.scores(predictor, AuditImages.joined(batch), batch.size());
      System.arraycopy(found, 0, scores, from, found.length);
    }
    return scores;
  }

  /** Low for what the classifier recognises. */
  private double[] uncertainties(CertaintyCheck check, List<float[]> images) {
    List<FloatImage> pictures = new ArrayList<>();
    images.forEach(image -> pictures.add(FloatImage.copyOf(sampler.manifest().image(), image, 0)));
    return check.check(pictures).stream()
        .map(GuardVerdict::recognition)
        .mapToDouble(found -> -found.orElseThrow().score())
        .toArray();
  }

  private int scaled(int timestep) {
    int all = sampler.manifest().schedule().trainTimesteps();
    return Math.max(1, (int) Math.round((double) timestep * all / PUBLISHED_TIMESTEPS));
  }

  private static List<float[]> first(List<float[]> images, int count) {
    return images.subList(0, Math.min(count, images.size()));
  }
}
