package io.github.cpsample.evaluation.audit;

import com.google.gson.reflect.TypeToken;
import io.github.cpsample.evaluation.figures.TrajectoryStrip;
import io.github.cpsample.evaluation.store.FinishedStages;
import io.github.cpsample.evaluation.store.RowFile;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.evaluation.trajectory.RecordedStrip;
import io.github.cpsample.evaluation.trajectory.StripRecorder;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows some seeds on their way; the pictures are in a file per seed, the protected ones last.
 */
final class StripStage {

  private static final String FOLDER = "strips";

  private final WorkFolder work;
  private final FinishedStages finished;
  private final ImageShape shape;

  StripStage(WorkFolder work, FinishedStages finished, ImageShape shape) {
    this.work = work;
    this.finished = finished;
    this.shape = shape;
  }

  List<TrajectoryStrip> run(AuditedModel model, List<Long> seeds, AuditDisplay display)
      throws IOException {
    StripRecorder recorder =
        new StripRecorder(model.sampler(), model.condition().applied(), StripRecorder.USUAL_FRAMES);
    List<TrajectoryStrip> strips = new ArrayList<>();
    for (long seed : seeds) {
      strips.add(
          finished.once(
              "strip-" + seed,
              TypeToken.get(TrajectoryStrip.class),
              () -> record(recorder, seed, display)));
    }
    return strips;
  }

  private TrajectoryStrip record(StripRecorder recorder, long seed, AuditDisplay display)
      throws IOException {
    RecordedStrip strip;
    try (AuditDisplay.Stage stage = display.begin("following seed " + seed, "steps")) {
      strip = recorder.record(seed, stage.progress());
    }
    try (RowFile file = open(seed)) {
      file.keep(0);
      file.append(rows(strip.unprotectedFrames()));
      file.append(rows(strip.protectedFrames()));
    }
    return strip.figures();
  }

  private static float[][] rows(List<FloatImage> frames) {
    return frames.stream().map(FloatImage::values).toArray(float[][]::new);
  }

  /** One picture of a strip; empty where it has none. */
  Optional<FloatImage> frame(long seed, int frame, boolean guarded) throws IOException {
    try (RowFile file = open(seed)) {
      int row = frame + (guarded ? file.size() / 2 : 0);
      return row < file.size()
          ? Optional.of(FloatImage.copyOf(shape, file.rows(row, row + 1)[0], 0))
          : Optional.empty();
    }
  }

  private RowFile open(long seed) throws IOException {
    return RowFile.open(work.resolve(FOLDER).resolve(seed + ".f32"), shape.size());
  }
}
