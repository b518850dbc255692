package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.random.ImageNoise;
import java.util.Optional;

/** Puts the images of a batch where their first step expects them. Belongs to one thread. */
final class Beginning {
  private final SampleSettings settings;
  private final PipelineParts parts;
  private final Sampler sampler;
  private final int firstStep;
  private final SamplerState state;
  private final Optional<KnownRegion> known;

  Beginning(
      SampleSettings settings,
      PipelineParts parts,
      Sampler sampler,
      int firstStep,
      SamplerState state,
      Optional<KnownRegion> known) {
    this.settings = settings;
    this.parts = parts;
    this.sampler = sampler;
    this.firstStep = firstStep;
    this.state = state;
    this.known = known;
  }

  /** Draws an image's starting noise and makes its first x. */
  void begin(int row, int image, ImageNoise noise) {
    SampleOrigin origin = settings.origin();
    int from = state.offset(row);
    int size = state.rowSize();
    noise.initial().fill(state.noise(), from, size);
    if (origin.interpolation().isPresent()) {
      origin
          .interpolation()
          .get()
          .mix(state.noise(), from, size, image, settings.count(), settings.noise());
    }
    if (known.isPresent()) {
      known.get().begin(row, state.noise());
    }
    if (origin.start().isPresent()) {
      parts.sampled(origin.start().get().of(image)).copyTo(state.x(), from);
      sampler.beginAt(firstStep, state, row);
    } else {
      System.arraycopy(state.noise(), from, state.x(), from, size);
      sampler.begin(state, row);
    }
  }
}
