package io.github.cpsample.evaluation.audit;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.membership.AttackedModel;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A model that is audited.
 *
 * @param bundle the model; not owned
 * @param sampler its sampler; not owned
 * @param condition what images are asked to show
 */
public record AuditedModel(ModelBundle bundle, ProtectedSampler sampler, Condition condition) {

  /**
   * What images are asked to show.
   *
   * @param described in words; empty for nothing
   * @param applied adds class or prompt to a request, if the model needs one; otherwise changes
   *     nothing
   */
  public record Condition(String described, UnaryOperator<SampleRequest> applied) {}

  Manifest manifest() {
    return bundle.manifest();
  }

  AttackedModel attacked() {
    return new AttackedModel(bundle, sampler, condition.applied());
  }

  /** Whether protected predictions are others than unprotected ones. */
  boolean movesPredictions() {
    return attacked().movesPredictions();
  }

  /** The files with their hashes. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    manifest().files().forEach((name, entry) -> files.put(name, entry.sha256()));
    return files;
  }

  /** How it is protected. */
  Map<String, String> protection() {
    Map<String, String> protection = new LinkedHashMap<>();
    protection.put("gate", manifest().protection().gate().label());
    protection.put("force", manifest().protection().force().label());
    protection.put("asks", manifest().protection().asks().label());
    protection.put("threshold", manifest().protection().describeThreshold());
    protection.put("scale", Double.toString(manifest().protection().scale()));
    protection.put("correction", manifest().protection().correction().describe());
    protection.put(
        "guardedTimesteps",
        manifest().protection().firstTimestep() + " to " + manifest().protection().lastTimestep());
    protection.put("askedEvery", manifest().protection().askEvery() + " timesteps of training");
    protection.put("bits", Integer.toString(manifest().classifier().bits()));
    return protection;
  }
}
