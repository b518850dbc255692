package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.inference.TextEncoder;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.tools.cli.Terminal;
import java.util.Optional;

/**
 * How much of the texts a model read.
 *
 * @param prompt of the prompt; empty where there is none
 * @param negativePrompt of the negative prompt; empty where there is none
 */
record PromptTokens(
    Optional<TextEncoder.TokenCount> prompt, Optional<TextEncoder.TokenCount> negativePrompt) {

  static PromptTokens of(ProtectedSampler sampler, Conditioning conditioning) {
    return new PromptTokens(
        conditioning.prompt().flatMap(sampler::countTokens),
        conditioning.negativePrompt().flatMap(sampler::countTokens));
  }

  /** Warns of texts whose ends were not read. */
  void warn(Terminal terminal) {
    prompt.ifPresent(count -> warn("prompt", count, terminal));
    negativePrompt.ifPresent(count -> warn("negative-prompt", count, terminal));
  }

  private static void warn(String option, TextEncoder.TokenCount count, Terminal terminal) {
    if (count.isCut()) {
      terminal
          .err()
          .println(
              "cpsample sample: --"
                  + option
                  + " has "
                  + count.found()
                  + " tokens, of which the model reads "
                  + count.room()
                  + ": the end of the text was left out");
    }
  }
}
