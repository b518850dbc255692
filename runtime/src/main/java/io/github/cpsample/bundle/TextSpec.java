package io.github.cpsample.bundle;

import java.util.List;

/**
 * How a prompt reaches the denoiser. Immutable.
 *
 * @param encoder name of the text encoder's file
 * @param tokenizer names of the tokenizer's files, as they are called in its folder: {@code
 *     tokenizer.json}, or {@code vocab.json} and {@code merges.txt}; {@code tokenizer_config.json}
 * @param input the denoiser's input that receives the encoder's hidden states
 */
public record TextSpec(String encoder, List<String> tokenizer, String input) {
  /** The name of that input in exports of Stable Diffusion. */
  public static final String HIDDEN_STATES = "encoder_hidden_states";

  /**
   * Copies the list and refuses missing names.
   *
   * @param encoder as the component says
   * @param tokenizer as the component says
   * @param input as the component says
   */
  public TextSpec {
    ManifestChecks.filled("text.encoder", encoder);
    ManifestChecks.filled("text.input", input);
    tokenizer = List.copyOf(tokenizer);
    if (tokenizer.isEmpty()) {
      throw new IllegalArgumentException(
          "text.tokenizer: expected the tokenizer's files, found none");
    }
  }
}
