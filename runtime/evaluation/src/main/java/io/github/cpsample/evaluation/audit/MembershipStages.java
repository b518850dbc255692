package io.github.cpsample.evaluation.audit;

import com.google.gson.reflect.TypeToken;
import io.github.cpsample.evaluation.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.membership.MembershipPlan;
import io.github.cpsample.evaluation.membership.MembershipResult;
import io.github.cpsample.evaluation.membership.MembershipSettings;
import io.github.cpsample.evaluation.membership.MembershipStage;
import io.github.cpsample.evaluation.statistics.RandomRows;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.FinishedStages;
import io.github.cpsample.evaluation.store.SelectedRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the attacks found.
 *
 * @param attacks in the order of the plan
 * @param levels the classifier per noise level
 */
record MembershipStages(List<MembershipFigures> attacks, List<NoiseLevel> levels) {

  /** Runs every attack that was not run before. */
  static MembershipStages run(
      AuditedModel model,
      MembershipPlan.Images images,
      AuditSettings settings,
      FinishedStages finished,
      AuditDisplay display)
      throws IOException {
    MembershipSettings fixed =
        new MembershipSettings(settings.seed(), settings.batch(), settings.attackImages());
    List<MembershipFigures> attacks = new ArrayList<>();
    List<NoiseLevel> levels = new ArrayList<>();
    MembershipPlan.Images drawn =
        new MembershipPlan.Images(
            drawn(images.training(), settings),
            drawn(images.heldOut(), settings),
            images.unprotectedSamples(),
            images.protectedSamples());
    for (MembershipStage stage : MembershipPlan.stages(model.attacked(), drawn, fixed)) {
      MembershipResult result =
          finished.once(
              "membership-" + stage.id(),
              TypeToken.get(MembershipResult.class),
              () -> run(stage, display));
      attacks.addAll(result.attacks());
      levels.addAll(result.levels());
    }
    return new MembershipStages(attacks, levels);
  }

  /** Images in a random order: image sets are often sorted, by class for example. */
  private static RowSource drawn(RowSource images, AuditSettings settings) {
    int count = Math.min(images.size(), settings.attackImages());
    return new SelectedRows(
        images, RandomRows.draw(new Random(settings.seed()), images.size(), count));
  }

  private static MembershipResult run(MembershipStage stage, AuditDisplay display) {
    try (AuditDisplay.Stage shown = display.begin(stage.title(), "images")) {
      return stage.run(shown.progress());
    }
  }
}
