package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.StepTable;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.Force;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides whether the steps of a request are computed as one graph, and of which factors. On the
 * CPU separate runs are at least as fast (docs/studies/benchmarks.md); on a device to which tensors
 * have to be copied one run copies less than three.
 */
final class StepPlan {

  private StepPlan() {}

  /**
   * @throws IllegalArgumentException if the request asks for one graph and cannot have it
   */
  static Optional<StepTable.Layout> graph(
      Networks networks, Manifest manifest, Plan plan, SampleSettings settings, boolean observed) {
    boolean required = settings.path() == SampleRequest.StepPath.ONE_GRAPH;
    boolean faster =
        settings.path() == SampleRequest.StepPath.FASTEST
            && networks.device().device().kind() == Device.Kind.CUDA;
    if (!required && !faster) {
      return Optional.empty();
    }
    String obstacle =
        observed
            ? "an observer, to whom a graph shows nothing of its inside"
            : obstacle(networks, manifest, plan, settings);
    if (required && !obstacle.isEmpty()) {
      throw new IllegalArgumentException(
          "path: expected steps that can be one graph, found "
              + obstacle
              + "; ask for the path FASTEST or SEPARATE");
    }
    return obstacle.isEmpty() ? Optional.of(StepTable.of(plan).layout()) : Optional.empty();
  }

  private static String obstacle(
      Networks networks, Manifest manifest, Plan plan, SampleSettings settings) {
    if (settings.conditioning().guidance().active()) {
      return "a guidanceScale of " + settings.conditioning().guidance().scale();
    }
    if (!settings.image().equals(manifest.sampled())) {
      return "a size that is not the model's";
    }
    if (settings.guarded() && settings.protection().correction().kind().move() == Move.EXIT) {
      return "the correction "
          + settings.protection().correction().kind()
          + ", whose moves are found by trying";
    }
    Force own = manifest.protection().force();
    if (settings.guarded() && settings.protection().force() != own) {
      return "force " + settings.protection().force() + ", which is not the model's, " + own;
    }
    try {
      StepTable.Layout layout = StepTable.of(plan).layout();
      return Stream.of(networks.steps(), networks.fallbackSteps())
          .map(steps -> steps.obstacle(layout))
          .filter(obstacle -> !obstacle.isEmpty())
          .findFirst()
          .orElse("");
    } catch (IllegalArgumentException e) {
      return Checks.message(e);
    }
  }

  /** Takes rows through their next steps. Belongs to one thread. */
  interface Runner {
    /**
     * Advances rows by one step each: one call of the denoiser, whatever steps they are at.
     *
     * @param rows at least one, none twice; each is told what happened to it
     * @throws NonFiniteException if a number is not finite
     */
    void advance(List<Row> rows);
  }
}
