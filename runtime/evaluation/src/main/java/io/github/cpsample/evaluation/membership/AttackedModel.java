package io.github.cpsample.evaluation.membership;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.util.function.UnaryOperator;

/**
 * A model that is attacked. Images that its guard still recognises are delivered, so that attacks
 * see one for every candidate.
 *
 * @param bundle the model; not owned
 * @param sampler its sampler; not owned
 * @param condition adds class or prompt to a request, if the model needs one; otherwise changes
 *     nothing
 */
public record AttackedModel(
    ModelBundle bundle, ProtectedSampler sampler, UnaryOperator<SampleRequest> condition) {

  /**
   * Whether the protection moves the predictions of guarded images, or replaces them by those of a
   * fallback denoiser. A correction that only sends images back leaves them as they are: protected
   * predictions are then the unprotected ones.
   *
   * @return false where both are the same
   */
  public boolean movesPredictions() {
    Correction.Kind kind = bundle.manifest().protection().correction().kind();
    return kind.move() != Move.NONE || kind.handsOver();
  }

  /** Whether the protection makes some images take more steps than others. */
  boolean repeatsSteps() {
    Correction correction = bundle.manifest().protection().correction();
    return (correction.kind().goesBack() && correction.returns() > 0) || correction.redos() > 0;
  }

  /**
   * What the model is asked for.
   *
   * @param count images that are computed together, at least 1
   * @param guarded whether they are protected
   * @return the request
   */
  public SampleRequest request(int count, boolean guarded) {
    return condition
        .apply(SampleRequest.of(count).withBatchSize(count).withProtection(guarded))
        .withOnFailure(SampleRequest.OnFailure.DELIVER);
  }
}
