package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.protection.Correction;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was asked for of the correction; what was not comes from a model.
 *
 * @param kind the family
 * @param back timesteps of the first way back
 * @param returns how often a row is sent back at most
 * @param redos how often a recognised image is redone at most
 * @param stride how many times larger steps are that are taken again
 */
public record CorrectionOptions(
    Optional<Correction.Kind> kind,
    Optional<Integer> back,
    Optional<Integer> returns,
    Optional<Integer> redos,
    Optional<Integer> stride) {

  public static final List<String> KINDS =
      Arrays.stream(Correction.Kind.values()).map(Correction.Kind::label).toList();

  static final Opt<String> KIND =
      Opt.choice(
          "correction",
          "what is done with a guarded image: push it by S, move it just out of the certain region"
              + " (exit), do one of these and then noise it back (heal, heal-exit), noise it back"
              + " alone (restart), or noise it back and let the model's fallback denoiser go on"
              + " (handover)",
          KINDS);
  static final Opt<Integer> BACK =
      Opt.integer(
          "back",
          "TIMESTEPS",
          "how far the first way back of heal, heal-exit, restart and handover goes; the k-th"
              + " goes k times as far",
          1);
  static final Opt<Integer> RETURNS =
      Opt.integer("returns", "how often an image is noised back at most", 0);
  static final Opt<Integer> REDOS =
      Opt.integer(
          "redos",
          "how often an image that is recognised when it is finished is made anew at most, first"
              + " from the middle, then from noise; 0 does not look at finished images",
          0);

  static final Opt<Integer> STRIDE =
      Opt.integer(
          "stride",
          "how many times larger the steps of an image are that was noised back or made anew (the"
              + " whole trajectory would still have 20)",
          1);

  /** All, with a note on what holds without them. */
  public static List<Opt<?>> noted(String note) {
    return Stream.of(KIND, BACK, RETURNS, REDOS, STRIDE)
        .<Opt<?>>map(option -> option.noted(note))
        .toList();
  }

  public static CorrectionOptions of(Arguments arguments) {
    CorrectionOptions options =
        new CorrectionOptions(
            arguments.find(KIND).map(Correction.Kind::named),
            arguments.find(BACK),
            arguments.find(RETURNS),
            arguments.find(REDOS),
            arguments.find(STRIDE));
    options.kind.ifPresent(options::requireFitting);
    return options;
  }

  /** Whether nothing was asked for. */
  public boolean isEmpty() {
    return Stream.of(kind, back, returns, redos, stride).allMatch(Optional::isEmpty);
  }

  /**
   * What was asked for, the rest as it is.
   *
   * @param own what holds where nothing was asked for
   * @param standard gives way back and returns to a kind that goes back where {@code own} does not
   * @throws UsageException if a way back is asked for of a correction that has none
   */
  public Correction over(Correction own, Correction standard) {
    Correction.Kind chosen = kind.orElse(own.kind());
    requireFitting(chosen);
    Correction way = chosen.goesBack() && !own.kind().goesBack() ? standard : own;
    return new Correction(
        chosen,
        back.orElse(way.back()),
        returns.orElse(way.returns()),
        redos.orElse(own.redos()),
        stride.orElse(way.stride()));
  }

  private void requireFitting(Correction.Kind chosen) {
    if (!chosen.goesBack() && (back.isPresent() || returns.isPresent())) {
      throw new UsageException(
          "--"
              + (back.isPresent() ? BACK : RETURNS).name()
              + ": expected a correction that goes back (heal, heal-exit, restart, handover), found"
              + " "
              + chosen
              + "; say it with --correction");
    }
  }
}
