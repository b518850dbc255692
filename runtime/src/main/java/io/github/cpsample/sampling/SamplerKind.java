package io.github.cpsample.sampling;

import java.util.Arrays;
import java.util.Locale;

/** The samplers that a request may choose. */
public enum SamplerKind {
  /**
   * Denoising diffusion implicit models: any number of steps, deterministic unless eta is above 0.
   */
  DDIM,
  /** Ancestral sampling. */
  DDPM;

  /**
   * The sampler's name.
   *
   * @return as in manifests and on the command line
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A sampler by name.
   *
   * @param label as in manifests and on the command line
   * @return the sampler
   * @throws IllegalArgumentException if there is none of that name
   */
  public static SamplerKind named(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sampler: expected ddim or ddpm, found '" + label + "'"));
  }
}
