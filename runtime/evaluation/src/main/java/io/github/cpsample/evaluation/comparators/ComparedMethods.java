package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The ways of sampling that an audit compares, by name. For a seed each of them calls the denoiser
 * as often as the model's own sampler does. Not thread-safe.
 */
public final class ComparedMethods {

  private static final String AMG = "amg";
  private static final String AMG_DENOISED = "amg-denoised";
  private static final String SPELL = "spell";

  /** Names of all of them, in the order of reports. */
  public static final List<String> NAMES =
      List.of(
          MethodFigures.UNPROTECTED,
          MethodFigures.PROTECTED,
          "rejection",
          AMG,
          AMG_DENOISED,
          SPELL);

  private static final ReplicaRule RULE = ReplicaRule.STANDARD;

  private final ProtectedSampler sampler;
  private final UnaryOperator<SampleRequest> request;
  private final int batchSize;
  private final float[][] training;
  private final double spellRadius;

  /**
   * Of one model, SPELL with its usual radius.
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
    this(sampler, request, batchSize, training, SpellSettings.RADIUS_SHARE);
  }

  /**
   * Of one model.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its steps
   * @param batchSize how many images are made together, at least 1
   * @param training values in [-1, 1], {@code [N][C*H*W]}; neither copied nor modified
   * @param spellRadius radius of SPELL, as {@link SpellSettings#radiusShare}; positive and finite
   */
  public ComparedMethods(
      ProtectedSampler sampler,
      UnaryOperator<SampleRequest> request,
      int batchSize,
      float[][] training,
      double spellRadius) {
    this.sampler = sampler;
    this.request = request;
    this.batchSize = batchSize;
    this.training = training;
    this.spellRadius = spellRadius;
  }

  /**
   * The names of those that a model allows: all, but AMG and SPELL, which know pixels only, where a
   * model is sampled in latents.
   *
   * @param model the model
   * @return names in the order of reports
   */
  public static List<String> namesFor(Manifest model) {
    boolean latent = model.pipeline().latent().isPresent();
    return NAMES.stream().filter(name -> !(latent && comparesTrainingImages(name))).toList();
  }

  /**
   * Whether a method compares all training images with each other, and then every sample with all
   * of them in nearly every step: to be left out where they are many.
   *
   * @param name one of {@link #NAMES}
   * @return true for both kinds of AMG, and SPELL
   */
  public static boolean comparesTrainingImages(String name) {
    return List.of(AMG, AMG_DENOISED, SPELL).contains(name);
  }

  /**
   * One way of sampling. Rejection sampling searches all training images, and AMG and SPELL compare
   * all of them with each other first.
   *
   * @param name one of {@link #NAMES}
   * @return the method
   * @throws IllegalArgumentException if there is none of that name, or the model or the training
   *     images do not allow it
   */
  public SamplingMethod named(String name) {
    return switch (name) {
      case MethodFigures.UNPROTECTED -> ModelSampling.unprotected(sampler, request, batchSize);
      case MethodFigures.PROTECTED -> ModelSampling.cpsample(sampler, request, batchSize);
      case "rejection" -> rejecting(named(MethodFigures.UNPROTECTED));
      case AMG -> amg(AmgSettings::carriedTo);
      case AMG_DENOISED -> amg(AmgSettings::denoised);
      case SPELL -> spell(SpellSettings.beside(sampler.settings(one()), calls(), spellRadius));
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

  /**
   * AMG with settings of one's own, such as the published number of 250 steps: {@code
   * AmgSettings.carriedTo(250, size)}.
   *
   * @param settings with the number of steps, one call of the denoiser each
   * @return the method
   * @throws IllegalArgumentException if the model or the training images do not allow it
   */
  public SamplingMethod amg(AmgSettings settings) {
    return new AmgSampling(sampler, request, batchSize, training, settings);
  }

  private SamplingMethod amg(BiFunction<Integer, Integer, AmgSettings> settings) {
    return amg(settings.apply(calls(), sampler.settings(one()).images().shape().size()));
  }

  /**
   * SPELL with settings of one's own, such as another radius.
   *
   * @param settings with the number of steps, one call of the denoiser each
   * @return the method
   * @throws IllegalArgumentException if the model or the training images do not allow it
   */
  public SamplingMethod spell(SpellSettings settings) {
    return new SpellSampling(sampler, request, batchSize, training, settings);
  }

  private SampleRequest one() {
    return request.apply(SampleRequest.of(1)).withProtection(false);
  }

  private int calls() {
    return sampler.denoiserCalls(one());
  }
}
