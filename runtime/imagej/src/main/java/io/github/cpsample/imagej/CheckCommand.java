package io.github.cpsample.imagej;

import ij.measure.ResultsTable;
import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.TrainingIndex;
import java.io.IOException;
import java.util.List;

/** {@code Check...}: a table of how close the slices come to the training images. */
public final class CheckCommand extends OpenImageCommand {
  /** Called by ImageJ. */
  public CheckCommand() {}

  @Override
  void execute(Slices slices) throws IOException {
    TrainingIndex index = new CommandDialog("Check").withIndex().ask().index();
    IndexCheck check = IndexCheck.of(index);
    EscapableProgress progress = new EscapableProgress();
    ResultsTable table = new ResultsTable();
    int tooClose = 0;
    for (int i = 0; i < slices.count(); i++) {
      progress.step(i, slices.count());
      GuardVerdict verdict = check.check(List.of(slices.read(i, index.shape()))).get(0);
      tooClose += verdict.passes() ? 0 : 1;
      add(table, slices.label(i), verdict.match().orElseThrow());
    }
    table.show("CPSample Check");
    status(tooClose + " of " + slices.count() + " images are too close to a training image");
  }

  private static void add(ResultsTable table, String label, TrainingIndex.Match match) {
    table.addRow();
    table.addValue("Image", label);
    table.addValue("Too close", match.tooClose() ? 1 : 0);
    table.addValue("Nearest", match.name());
    table.addValue("Distance", match.nearest());
    table.addValue("Share of next", match.share());
  }
}
