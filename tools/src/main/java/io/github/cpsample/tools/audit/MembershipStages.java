package io.github.cpsample.tools.audit;

import com.google.gson.reflect.TypeToken;
import io.github.cpsample.tools.audit.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.tools.audit.figures.MembershipFigures;
import io.github.cpsample.tools.audit.membership.MembershipPlan;
import io.github.cpsample.tools.audit.membership.MembershipResult;
import io.github.cpsample.tools.audit.membership.MembershipSettings;
import io.github.cpsample.tools.audit.membership.MembershipStage;
import io.github.cpsample.tools.audit.store.FinishedStages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
    for (MembershipStage stage : MembershipPlan.stages(model.attacked(), images, fixed)) {
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

  private static MembershipResult run(MembershipStage stage, AuditDisplay display) {
    try (AuditDisplay.Stage shown = display.begin(stage.title(), "images")) {
      return stage.run(shown.progress());
    }
  }
}
