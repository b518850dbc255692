package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.ConditionOptions;
import io.github.cpsample.tools.commands.shared.CorrectionOptions;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import io.github.cpsample.tools.commands.shared.ProtectionOptions;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code cpsample sample} was asked for.
 *
 * @param model name or path of the model
 * @param device where the networks run
 * @param request what to sample, but for what is in files or depends on the model
 * @param correction what is done with guarded images
 * @param origin what the images are made of besides noise
 * @param guarantee how replicas are replaced, or empty
 * @param out folder for the results
 */
record SampleOptions(
    String model,
    Device device,
    SampleRequest request,
    CorrectionOptions correction,
    OriginOptions origin,
    Optional<GuaranteeOptions> guarantee,
    Path out) {

  static final Opt<String> GATE = ProtectionOptions.GATE.noted(SamplingOptions.MODELS_DEFAULT);
  static final Opt<String> FORCE = ProtectionOptions.FORCE.noted(SamplingOptions.MODELS_DEFAULT);
  static final Opt<ProtectionOptions.TimestepRange> GUARDED =
      ProtectionOptions.GUARDED.noted(SamplingOptions.MODELS_DEFAULT);
  static final Opt<Integer> ASK_EVERY =
      ProtectionOptions.ASK_EVERY.noted(SamplingOptions.MODELS_DEFAULT);
  static final Opt<String> ASKS = ProtectionOptions.ASKS.noted(SamplingOptions.MODELS_DEFAULT);
  static final Opt<String> ON_FAILURE =
      Opt.choice(
          "on-failure",
          "what becomes of an image that is still recognised after all redos: delivered, which"
              + " report.json says, or withheld, the images behind it moving up by a number;"
              + " default: deliver",
          List.of(
              SampleRequest.OnFailure.DELIVER.label(), SampleRequest.OnFailure.WITHHOLD.label()));
  static final Opt<String> NOISE =
      Opt.choice(
              "noise",
              "where noise comes from; torch gives the sequence of torch.manual_seed and randn on"
                  + " the CPU",
              List.of("java", "torch"))
          .or("java");
  static final Opt<Boolean> CERTAINTY =
      Opt.flag(
          "certainty",
          "write into the report how certain the classifier was at every step. It is left out"
              + " unless you ask, because it tells members of the training set from strangers:"
              + " whoever sees it can test whether an image was trained on. For audits by the party"
              + " that holds the training data");

  private static final List<Opt<?>> OF_PROTECTION =
      Stream.of(
              List.of(
                  SamplingOptions.PROTECT,
                  SamplingOptions.ALPHA,
                  SamplingOptions.SCALE,
                  GATE,
                  FORCE,
                  GUARDED,
                  ASK_EVERY,
                  ASKS),
              CorrectionOptions.noted(SamplingOptions.MODELS_DEFAULT),
              List.of(ON_FAILURE))
          .<Opt<?>>flatMap(List::stream)
          .toList();
  private static final List<Opt<?>> OF_SAMPLING =
      List.of(
          ModelArgument.MODEL,
          SamplingOptions.COUNT,
          SamplingOptions.STEPS,
          SamplingOptions.SAMPLER,
          SamplingOptions.ETA,
          SamplingOptions.SEED,
          NOISE,
          ConditionOptions.LABEL,
          ConditionOptions.PROMPT,
          ConditionOptions.NEGATIVE_PROMPT,
          ConditionOptions.GUIDANCE_SCALE,
          ConditionOptions.GUIDANCE_RESCALE,
          ConditionOptions.NULL_CLASS,
          SamplingOptions.BATCH);
  private static final List<Opt<?>> OF_OUTPUT =
      List.of(
          GuaranteeOptions.GUARANTEE,
          GuaranteeOptions.MAX_TRIES,
          SamplingOptions.DEVICE,
          CERTAINTY,
          SamplingOptions.OUT);
  static final List<Opt<?>> ALL =
      Stream.of(OF_SAMPLING, OF_PROTECTION, OF_OUTPUT, OriginOptions.ALL)
          .<Opt<?>>flatMap(List::stream)
          .toList();

  static SampleOptions of(Arguments arguments) {
    SampleRequest request =
        SampleRequest.of(arguments.get(SamplingOptions.COUNT))
            .withSeed(arguments.get(SamplingOptions.SEED))
            .withBatchSize(arguments.get(SamplingOptions.BATCH))
            .withNoise(RandomMode.named(arguments.get(NOISE)))
            .withProtection(SamplingOptions.protect(arguments))
            .withCertaintyTrace(arguments.has(CERTAINTY));
    request = sampler(arguments, request);
    request = ConditionOptions.apply(arguments, request);
    request = protection(arguments, request);
    return new SampleOptions(
        arguments.get(ModelArgument.MODEL),
        Device.parse(arguments.get(SamplingOptions.DEVICE)),
        request,
        CorrectionOptions.of(arguments),
        OriginOptions.of(arguments),
        GuaranteeOptions.of(arguments),
        arguments.get(SamplingOptions.OUT));
  }

  private static SampleRequest sampler(Arguments arguments, SampleRequest plain) {
    SampleRequest request = plain;
    Optional<Integer> steps = arguments.find(SamplingOptions.STEPS);
    if (steps.isPresent()) {
      request = request.withSteps(steps.get());
    }
    Optional<String> sampler = arguments.find(SamplingOptions.SAMPLER);
    if (sampler.isPresent()) {
      request = request.withSampler(SamplerKind.named(sampler.get()));
    }
    Optional<Double> eta = arguments.find(SamplingOptions.ETA);
    if (eta.isPresent()) {
      request = request.withEta(eta.get());
    }
    return request;
  }

  private static SampleRequest protection(Arguments arguments, SampleRequest plain) {
    if (!SamplingOptions.protect(arguments)) {
      refuseWithoutProtection(arguments);
      return plain;
    }
    SampleRequest request = plain;
    Optional<String> gate = arguments.find(GATE);
    if (gate.isPresent()) {
      request = request.withGate(Gate.named(gate.get()));
    }
    Optional<String> force = arguments.find(FORCE);
    if (force.isPresent()) {
      request = request.withForce(Force.named(force.get()));
    }
    Optional<Double> alpha = arguments.find(SamplingOptions.ALPHA);
    if (alpha.isPresent()) {
      request = request.withAlpha(alpha.get());
    }
    Optional<Double> scale = arguments.find(SamplingOptions.SCALE);
    if (scale.isPresent()) {
      request = request.withScale(scale.get());
    }
    Optional<String> asks = arguments.find(ASKS);
    if (asks.isPresent()) {
      request = request.withAsks(Subject.named(asks.get()));
    }
    Optional<Integer> askEvery = arguments.find(ASK_EVERY);
    if (askEvery.isPresent()) {
      request = request.withAskEvery(askEvery.get());
    }
    Optional<String> onFailure = arguments.find(ON_FAILURE);
    if (onFailure.isPresent()) {
      request =
          request.withOnFailure(
              onFailure(arguments, SampleRequest.OnFailure.named(onFailure.get())));
    }
    Optional<ProtectionOptions.TimestepRange> guarded = arguments.find(GUARDED);
    return guarded.isPresent()
        ? request.withGuardedTimesteps(guarded.get().first(), guarded.get().last())
        : request;
  }

  private static SampleRequest.OnFailure onFailure(
      Arguments arguments, SampleRequest.OnFailure asked) {
    if (asked == SampleRequest.OnFailure.WITHHOLD && arguments.has(GuaranteeOptions.GUARANTEE)) {
      throw new UsageException(
          "--on-failure: expected deliver with --guarantee, which judges every image itself and"
              + " delivers as many as were asked for, found withhold");
    }
    return asked;
  }

  /** The request with what depends on the model. */
  SampleRequest requestOf(Manifest manifest) throws IOException {
    SampleRequest whole = origin.applyTo(request, manifest.image());
    return correction.isEmpty()
        ? whole
        : whole.withCorrection(
            correction.over(
                manifest.protection().correction(),
                Correction.standard(manifest.schedule().trainTimesteps())));
  }

  private static void refuseWithoutProtection(Arguments arguments) {
    Stream<Opt<?>> all = Stream.concat(OF_PROTECTION.stream(), Stream.of(CERTAINTY));
    for (Opt<?> option : all.filter(it -> it != SamplingOptions.PROTECT).toList()) {
      if (arguments.has(option)) {
        throw new UsageException(
            "--protect off: expected no --" + option.name() + ", which says how to protect");
      }
    }
  }
}
