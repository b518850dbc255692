package io.github.cpsample.evaluation.audit;

import com.google.gson.reflect.TypeToken;
import io.github.cpsample.evaluation.comparators.ModelSampling;
import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.evaluation.figures.GuardFigures.Rule;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.store.FinishedStages;
import io.github.cpsample.evaluation.store.LineReader;
import io.github.cpsample.evaluation.store.SampleStore;
import io.github.cpsample.evaluation.store.StoredSample;
import io.github.cpsample.evaluation.trajectory.GuardedImages;
import io.github.cpsample.evaluation.trajectory.OverheadTiming;
import io.github.cpsample.evaluation.trajectory.TrajectoryFigures;
import io.github.cpsample.evaluation.trajectory.TrajectoryStudy;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Thresholds;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What the guard did to the protected samples, and what it does along some trajectories. */
final class GuardStage {

  private static final int MOST_FOLLOWED = 50;
  private static final int TIMED_PAIRS = 5;

  /** In one request, so that images that are done make room for others, as in a long request. */
  private static final int TIMED_BATCHES = 2;

  private final AuditedModel model;
  private final AuditSettings settings;
  private final FinishedStages finished;
  private final AuditDisplay display;
  private final Bootstrap bootstrap;

  GuardStage(
      AuditedModel model, AuditSettings settings, FinishedStages finished, AuditDisplay display) {
    this.model = model;
    this.settings = settings;
    this.finished = finished;
    this.display = display;
    this.bootstrap = Bootstrap.usual(settings.seed());
  }

  GuardFigures run(SampleStore guarded, List<NoiseLevel> levels) throws IOException {
    GuardedImages images = new GuardedImages();
    try (LineReader<StoredSample> reader = guarded.reader()) {
      for (Optional<StoredSample> sample = reader.next();
          sample.isPresent();
          sample = reader.next()) {
        images.add(sample.get().trajectory());
      }
    }
    TrajectoryFigures followed =
        finished.once("trajectories", TypeToken.get(TrajectoryFigures.class), this::follow);
    Interval overhead = finished.once("overhead", TypeToken.get(Interval.class), this::time);
    Rule rule = rule();
    return new GuardFigures(
        rule,
        images.stepsGuarded(bootstrap),
        images.imagesGuarded(),
        images.work(rule.checksFinished(), bootstrap),
        followed.relativeForce(),
        followed.lipschitz(),
        overhead,
        levels);
  }

  private Rule rule() {
    ProtectionSettings protection = model.manifest().protection();
    return new Rule(
        protection.asks().label(),
        protection.describeThreshold(),
        protection.correction().describe(),
        model.movesPredictions(),
        protection.correction().redos() > 0,
        protection.thresholds().map(Thresholds::falseAlarms).orElse(null));
  }

  private TrajectoryFigures follow() {
    try (AuditDisplay.Stage stage = display.begin("force along trajectories", "steps")) {
      return new TrajectoryStudy(model.sampler(), model.condition().applied(), settings.batch())
          .run(settings.seed(), Math.min(MOST_FOLLOWED, settings.count()), stage.progress());
    }
  }

  private Interval time() {
    try (AuditDisplay.Stage stage = display.begin("time with and without guard", "steps")) {
      return new OverheadTiming(
              ModelSampling.unprotected(
                  model.sampler(), model.condition().applied(), settings.batch()),
              ModelSampling.cpsample(
                  model.sampler(), model.condition().applied(), settings.batch()),
              TIMED_BATCHES * settings.batch())
          .measure(settings.seed(), TIMED_PAIRS, bootstrap, stage.progress());
    }
  }
}
