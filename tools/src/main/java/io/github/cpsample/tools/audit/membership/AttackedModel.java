package io.github.cpsample.tools.audit.membership;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.util.function.UnaryOperator;

/**
 * A model that is attacked.
 *
 * @param bundle the model; not owned
 * @param sampler its sampler; not owned
 * @param condition adds class or prompt to a request, if the model needs one; otherwise changes
 *     nothing
 */
public record AttackedModel(
    ModelBundle bundle, ProtectedSampler sampler, UnaryOperator<SampleRequest> condition) {

  SampleRequest request(int count, boolean guarded) {
    return condition.apply(SampleRequest.of(count).batchSize(count).protection(guarded));
  }
}
