package io.github.cpsample.inference;

import io.github.cpsample.base.Checks;
import java.util.List;
import java.util.Map;

/**
 * Turns texts into the hidden states that a denoiser reads: tokenizer and encoder network ({@code
 * input_ids} int32 or int64 [N,L] to {@code last_hidden_state} [N,L,D]). Thread-safe; owns neither.
 */
public final class TextEncoder {
  private static final String PREFERRED = "last_hidden_state";
  private static final int IDS_RANK = 2;
  private static final int STATES_RANK = 3;

  private final Tokenizer tokenizer;
  private final InferenceSession session;
  private final TensorSpec ids;
  private final TensorSpec states;
  private final int width;

  /**
   * Puts both together.
   *
   * @param tokenizer the tokenizer; not closed by this
   * @param session the encoder; not closed by this
   * @param width the number D of values that the denoiser reads of each token; 0 where it takes any
   * @throws IllegalArgumentException if the network is no such encoder
   */
  public TextEncoder(Tokenizer tokenizer, InferenceSession session, int width) {
    this.tokenizer = tokenizer;
    this.session = session;
    this.ids = ids(session);
    this.states = states(session);
    long declared = states.dimensions().get(STATES_RANK - 1);
    if (declared < 0 && width == 0) {
      throw new IllegalArgumentException(
          session.name()
              + ": expected a fixed last size of "
              + states.name()
              + ", or one of the denoiser's input, found "
              + states.describe());
    }
    this.width = declared < 0 ? width : Math.toIntExact(declared);
  }

  /**
   * Encodes a text.
   *
   * @param text any text, possibly empty
   * @return its hidden states
   * @throws io.github.cpsample.inference.InferenceException if the network fails
   */
  public HiddenStates encode(String text) {
    long[] tokens = tokenizer.encode(text);
    int rows = (int) Math.max(1, ids.dimensions().get(0));
    TensorBuffer in = TensorBuffer.of(ids.type(), rows, tokens.length);
    TensorBuffer out = TensorBuffer.of(states.type(), rows, tokens.length, width);
    for (int i = 0; i < rows * tokens.length; i++) {
      in.values().put(i, (double) tokens[i % tokens.length]);
    }
    session.run(Map.of(ids.name(), in), Map.of(states.name(), out));
    float[] values = new float[tokens.length * width];
    out.values().get(0, values, 0, values.length);
    return new HiddenStates(tokens.length, values);
  }

  /**
   * Counts the tokens of a text.
   *
   * @param text any text, possibly empty
   * @return how many there are, and how many are read
   */
  public TokenCount count(String text) {
    return new TokenCount(tokenizer.count(text), tokenizer.length());
  }

  private static TensorSpec ids(InferenceSession session) {
    List<TensorSpec> inputs = session.inputs();
    TensorSpec first = inputs.get(0);
    if (inputs.size() != 1 || !first.type().isInteger() || first.dimensions().size() != IDS_RANK) {
      throw new IllegalArgumentException(
          session.name()
              + ": expected one input, of token numbers [N,L], found "
              + describe(inputs));
    }
    return first;
  }

  private static TensorSpec states(InferenceSession session) {
    List<TensorSpec> found =
        session.outputs().stream()
            .filter(output -> output.dimensions().size() == STATES_RANK)
            .toList();
    return found.stream()
        .filter(output -> output.name().equals(PREFERRED))
        .findFirst()
        .or(() -> found.stream().findFirst())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    session.name()
                        + ": expected an output "
                        + PREFERRED
                        + " [N,L,D], found "
                        + describe(session.outputs())));
  }

  private static List<String> describe(List<TensorSpec> tensors) {
    return tensors.stream().map(tensor -> tensor.name() + " " + tensor.describe()).toList();
  }

  /**
   * The tokens of a text, start and end token included.
   *
   * @param found how many the text has
   * @param room how many the text encoder reads; the end of a longer text is cut
   */
  public record TokenCount(int found, int room) {
    public TokenCount {
      Checks.argument(
          found >= 0 && room >= 2, "tokens", "at least 0 and room for 2", found + " and " + room);
    }

    /**
     * Whether the end of the text is not read.
     *
     * @return true if it is too long
     */
    public boolean isCut() {
      return found > room;
    }
  }

  /** What a text encoder makes of one text. Immutable; the values are not copied. */
  public static final class HiddenStates {
    private final int tokens;
    private final float[] values;

    HiddenStates(int tokens, float[] values) {
      this.tokens = tokens;
      this.values = values;
    }

    /**
     * The number of tokens.
     *
     * @return at least 1
     */
    public int tokens() {
      return tokens;
    }

    /**
     * The number of values of a token.
     *
     * @return at least 1
     */
    public int width() {
      return values.length / tokens;
    }

    /** The live array, [tokens, width]. */
    float[] values() {
      return values;
    }
  }
}
