package io.github.cpsample.sampling;

import io.github.cpsample.denoiser.Conditioning;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.random.RandomMode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * The fields of a {@link SampleRequest}, mutable while a changed copy is made and never afterwards.
 */
final class SampleDraft {
  int count;
  OptionalInt steps = OptionalInt.empty();
  Optional<SamplerKind> sampler = Optional.empty();
  OptionalDouble eta = OptionalDouble.empty();
  long seed;
  int batchSize = 16;
  boolean guarded = true;
  UnaryOperator<ProtectionSettings> overrides = UnaryOperator.identity();
  RandomMode noise = RandomMode.JAVA;
  OptionalInt classLabel = OptionalInt.empty();
  Conditioning conditioning = Conditioning.NONE;
  boolean traced;
  SampleRequest.OnFailure onFailure = SampleRequest.OnFailure.DELIVER;

  /** Height and width; the channels are the model's. */
  Optional<ImageShape> size = Optional.empty();

  SampleRequest.StepPath path = SampleRequest.StepPath.FASTEST;
  SampleOrigin origin = SampleOrigin.NOISE;

  SampleDraft copy() {
    SampleDraft copy = new SampleDraft();
    copy.count = count;
    copy.steps = steps;
    copy.sampler = sampler;
    copy.eta = eta;
    copy.seed = seed;
    copy.batchSize = batchSize;
    copy.guarded = guarded;
    copy.overrides = overrides;
    copy.noise = noise;
    copy.classLabel = classLabel;
    copy.conditioning = conditioning;
    copy.traced = traced;
    copy.onFailure = onFailure;
    copy.size = size;
    copy.path = path;
    copy.origin = origin;
    return copy;
  }
}
