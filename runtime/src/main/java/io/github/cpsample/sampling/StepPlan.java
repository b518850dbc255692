package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.ProtectionSettings;

/**
 * Decides whether the steps of a request are computed as one graph. On the CPU separate runs are at
 * least as fast (docs/benchmarks.md); on a device to which tensors have to be copied one run copies
 * less than three.
 */
final class StepPlan {

  private StepPlan() {}

  /**
   * @throws IllegalArgumentException if the request asks for one graph and cannot have it
   */
  static boolean isOneGraph(
      Networks networks, Manifest manifest, SampleSettings settings, boolean observed) {
    boolean required = settings.path() == StepPath.ONE_GRAPH;
    boolean faster =
        settings.path() == StepPath.FASTEST
            && networks.device().device().kind() == Device.Kind.CUDA;
    if (!required && !faster) {
      return false;
    }
    String obstacle =
        observed
            ? "an observer, to whom a graph shows nothing of its inside"
            : obstacle(networks, manifest, settings);
    if (required && !obstacle.isEmpty()) {
      throw new IllegalArgumentException(
          "path: expected steps that can be one graph, found "
              + obstacle
              + "; ask for the path FASTEST or SEPARATE");
    }
    return obstacle.isEmpty();
  }

  private static String obstacle(Networks networks, Manifest manifest, SampleSettings settings) {
    ProtectionSettings own = manifest.protection();
    ProtectionSettings asked = settings.protection();
    if (!SamplerGraph.SAMPLERS.contains(settings.sampler())) {
      return "sampler " + settings.sampler().label();
    }
    if (settings.scheduler().isPresent()) {
      return "a sampler with settings of its own, " + settings.scheduler().get().className();
    }
    if (settings.conditioning().guidance().active()) {
      return "a guidanceScale of " + settings.conditioning().guidance().scale();
    }
    if (!settings.image().equals(manifest.sampled())) {
      return "a size that is not the model's";
    }
    if (settings.guarded() && !sameRule(own, asked)) {
      return "gate "
          + asked.gate().label()
          + " and force "
          + asked.force().label()
          + ", which are not the model's";
    }
    return networks.step().get().isPresent() ? "" : networks.step().obstacle();
  }

  private static boolean sameRule(ProtectionSettings one, ProtectionSettings other) {
    return one.gate().equals(other.gate()) && one.force().equals(other.force());
  }
}
