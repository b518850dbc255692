package io.github.cpsample.tools.audit.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.similarity.ReplicaRule;
import io.github.cpsample.trainer.evaluation.ReplicaFinder;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The ways of sampling that an audit compares, by name. For a seed each of them calls the denoiser
 * as often as the model's own sampler does. Not thread-safe.
 */
public final class ComparedMethods {

  private static final String AMG = "amg";

  /** Names of all of them, in the order of reports. */
  public static final List<String> NAMES = List.of("unprotected", "cpsample", "rejection", AMG);

  private static final ReplicaRule RULE = ReplicaRule.STANDARD;

  private final ProtectedSampler sampler;
  private final UnaryOperator<SampleRequest> request;
  private final int batchSize;
  private final float[][] training;

  /**
   * Of one model.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its steps
   * @param batchSize how many images are made together, at least 1
   * @param training values in [-1, 1], {@code [N][C*H*W]}; neither copied nor modified
   */
  public ComparedMethods(
      ProtectedSampler sampler,
      UnaryOperator<SampleRequest> request,
      int batchSize,
      float[][] training) {
    this.sampler = sampler;
    this.request = request;
    this.batchSize = batchSize;
    this.training = training;
  }

  /**
   * The names of those that a model allows: all, but AMG, which knows pixels only, where a model is
   * sampled in latents.
   *
   * @param model the model
   * @return names in the order of reports
   */
  public static List<String> namesFor(Manifest model) {
    boolean latent = model.pipeline().latent().isPresent();
    return NAMES.stream().filter(name -> !(latent && name.equals(AMG))).toList();
  }

  /**
   * One way of sampling. Rejection sampling searches all training images, and AMG compares all of
   * them with each other first.
   *
   * @param name one of {@link #NAMES}
   * @return the method
   * @throws IllegalArgumentException if there is none of that name, or the model or the training
   *     images do not allow it
   */
  public SamplingMethod named(String name) {
    return switch (name) {
      case "unprotected" -> ModelSampling.unprotected(sampler, request, batchSize);
      case "cpsample" -> ModelSampling.cpsample(sampler, request, batchSize);
      case "rejection" -> rejecting(named("unprotected"));
      case AMG -> amg();
      default ->
          throw new IllegalArgumentException(
              "method: expected one of " + NAMES + ", found '" + name + "'");
    };
  }

  /**
   * Rejection sampling of images that were made before, so that they need not be made twice.
   *
   * @param proposals gives the unprotected images again, with what they cost
   * @return the method
   */
  public SamplingMethod rejecting(SamplingMethod proposals) {
    return new RejectionSampling(
        proposals, new ReplicaFinder(RULE, training), RULE.describe(), batchSize);
  }

  private SamplingMethod amg() {
    SampleRequest one = request.apply(SampleRequest.of(1)).protection(false);
    int size = sampler.settings(one).image().size();
    AmgSettings settings = AmgSettings.carriedTo(sampler.denoiserCalls(one), size);
    return new AmgSampling(sampler, request, batchSize, training, settings);
  }
}
