package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.StepTable;
import io.github.cpsample.image.ImageShape;
import java.util.List;
import java.util.Optional;

/**
 * Calls of the networks for rows of one kind, which may be of many requests. Owns its buffers;
 * belongs to one thread.
 */
final class RowCalls {
  private final StepPlan.Runner runner;
  private final CoreSteps separate;

  /**
   * What rows must have in common to share calls.
   *
   * @param shape of an image
   * @param predictions how many predictions an image needs in a step
   * @param graph the factors of the steps, where a step is one graph; empty for separate runs
   */
  record Kind(ImageShape shape, int predictions, Optional<StepTable.Layout> graph) {}

  /**
   * @param room the most rows at once
   */
  RowCalls(Networks networks, Manifest manifest, Kind kind, int room) {
    this.separate = new CoreSteps(networks, manifest, kind.shape(), room, kind.predictions());
    this.runner =
        kind.graph()
            .<StepPlan.Runner>map(
                layout ->
                    new FusedSteps(
                        networks.steps().get(layout).orElseThrow(),
                        networks.fallbackSteps().get(layout).orElseThrow(),
                        layout,
                        manifest,
                        kind.shape(),
                        room))
            .orElse(separate);
  }

  /**
   * Advances rows by a step each.
   *
   * @throws NonFiniteException if a number is not finite; other rows are then between two steps
   */
  void advance(List<Row> rows) {
    runner.advance(rows);
  }

  /**
   * Shows those rows to the classifier whose images are finished.
   *
   * @throws NonFiniteException if a number is not finite
   */
  void check(List<Row> finished) {
    finished.forEach(Row::prepareCheck);
    separate.check(finished.stream().map(Row::query).toList());
    finished.forEach(Row::settleCheck);
  }

  /** What to tell about a number that is not finite. */
  static NonFiniteImageException named(Row row, NonFiniteException found) {
    return new NonFiniteImageException(
        "step "
            + (row.calls() + 1)
            + " of "
            + row.job().calls(row.image())
            + " (timestep "
            + row.query().level().timestep()
            + "), image with seed "
            + row.job().settings().seedOf(row.image())
            + ": expected finite numbers, found "
            + found.value()
            + " in the "
            + found.what(),
        found);
  }
}
