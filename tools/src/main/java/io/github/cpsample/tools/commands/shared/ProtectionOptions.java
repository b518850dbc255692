package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.trainer.training.ClassifierSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The options that say how samples are protected. */
public final class ProtectionOptions {

  public static final Opt<Double> ALPHA =
      Opt.decimal(
          "alpha",
          "A",
          "a step is guarded when the classifier is more certain than 1 - A; 0.5 guards always",
          a -> a > 0 && a <= 0.5,
          "a number in (0, 0.5]");
  static final Opt<Double> SCALE =
      Opt.decimal(
          "scale", "S", "how strong guarded steps are pushed", s -> s >= 0, "a number >= 0");
  public static final Opt<String> GATE =
      Opt.choice(
          "gate",
          "which steps are guarded: code by the mean certainty of all bits, paper by the one bit of"
              + " a classifier with one bit",
          List.of("code", "paper"));
  public static final Opt<String> FORCE =
      Opt.choice(
          "force",
          "which way: towards the opposite of what was recognised, or away from it (needs a scale"
              + " about 1/A times larger)",
          List.of("opposite-label", "own-label"));
  public static final Opt<TimestepRange> GUARDED =
      Opt.of(
          "guarded", "FROM-TO", "timesteps at which the classifier is asked", TimestepRange::parse);
  public static final Opt<Integer> ASK_EVERY =
      Opt.integer(
          "ask-every", "ask the classifier once in N timesteps of training; 1: in every step", 1);
  public static final Opt<String> ASKS =
      Opt.choice(
          "asks",
          "what the classifier is asked about while sampling: the noised image, as in the paper, or"
              + " the image that the denoiser sees in it",
          List.of(Subject.X_T.label(), Subject.X_0.label()));

  public static final Opt<Path> FALLBACK =
      Opt.path(
          "fallback",
          "PATH",
          "a denoiser that never saw the images, for instance the one that was fine-tuned: it goes"
              + " on with what is guarded, so that the images stay good; needs the tensors and the"
              + " schedule of the denoiser");

  private static final String GATE_OF_NEW = "code";
  private static final String FORCE_OF_NEW = "opposite-label";

  /** The options of a new model, with what holds unless they are given. */
  public static final List<Opt<?>> OF_NEW_MODEL =
      Stream.of(
              List.of(
                  GATE.or(GATE_OF_NEW),
                  FORCE.or(FORCE_OF_NEW),
                  ALPHA.noted(
                      "; default: the thresholds measured with the classifier, without any 0.3, and"
                          + " 0.07 where it was shown no strangers"),
                  SCALE.noted("; default: 20, where it was shown no strangers 120"),
                  GUARDED.noted(
                      "; default: up to 0.6 T or the last threshold, where it was shown no strangers T/2"),
                  ASK_EVERY.noted(
                      "; default: T/20, with a --fallback T/10, where it was shown no strangers"
                          + " 1")),
              List.of(
                  CorrectionOptions.KIND.noted(
                      "; default: handover with a --fallback, else restart, and push where the"
                          + " classifier was shown no strangers"),
                  CorrectionOptions.BACK.noted("; default: T/10, with a --fallback 0.4 T"),
                  CorrectionOptions.RETURNS.noted("; default: 8"),
                  CorrectionOptions.REDOS.noted("; default: 3, without strangers and --fallback 0"),
                  CorrectionOptions.STRIDE.noted("; default: 1, with a --fallback 2"),
                  FALLBACK))
          .<Opt<?>>flatMap(List::stream)
          .toList();

  private static final double PAPER_ALPHA = 0.07;
  private static final double PAPER_SCALE = 120;

  private ProtectionOptions() {}

  /** Fails where the options contradict each other. */
  public static void check(Arguments arguments) {
    int any = Integer.MAX_VALUE;
    ofNewModel(arguments, ProtectionSettings.standard(any, Subject.X_T), any);
  }

  /** Reads the options of a model with a new classifier. */
  public static ProtectionSettings ofNewModel(Arguments arguments, ClassifierSettings classifier) {
    int timesteps = classifier.schedule().trainTimesteps();
    boolean exposed = classifier.exposure().isSome();
    if (arguments.has(FALLBACK)) {
      return ofNewModel(
          arguments,
          exposed
              ? ProtectionSettings.handover(timesteps, classifier.asks())
              : paper(timesteps).withCorrection(Correction.handover(timesteps)),
          timesteps);
    }
    return ofNewModel(
        arguments,
        exposed ? ProtectionSettings.standard(timesteps, classifier.asks()) : paper(timesteps),
        timesteps);
  }

  private static ProtectionSettings paper(int timesteps) {
    return ProtectionSettings.of(
        GATE_OF_NEW, FORCE_OF_NEW, PAPER_ALPHA, PAPER_SCALE, 0, timesteps / 2);
  }

  private static ProtectionSettings ofNewModel(
      Arguments arguments, ProtectionSettings standard, int timesteps) {
    Correction correction =
        CorrectionOptions.of(arguments).over(standard.correction(), Correction.standard(timesteps));
    if (correction.kind().handsOver() && !arguments.has(FALLBACK)) {
      throw new UsageException(
          "--correction: expected a --fallback for handover, the denoiser that goes on with what is"
              + " guarded, found none; give one, or take restart");
    }
    TimestepRange guarded =
        arguments
            .find(GUARDED)
            .orElse(new TimestepRange(standard.firstTimestep(), standard.lastTimestep()));
    return standard
        .withGate(Gate.named(arguments.find(GATE).orElse(GATE_OF_NEW)))
        .withForce(Force.named(arguments.find(FORCE).orElse(FORCE_OF_NEW)))
        .withAlpha(arguments.find(ALPHA).orElse(standard.alpha()))
        .withScale(arguments.find(SCALE).orElse(standard.scale()))
        .withTimesteps(guarded.first(), guarded.last())
        .withAskEvery(arguments.find(ASK_EVERY).orElse(standard.askEvery()))
        .withCorrection(correction);
  }

  /**
   * A range of timesteps.
   *
   * @param first the smallest
   * @param last the largest
   */
  public record TimestepRange(int first, int last) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})-(\\d{1,6})");

    public static TimestepRange parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (matcher.matches()) {
        int first = Integer.parseInt(matcher.group(1));
        int last = Integer.parseInt(matcher.group(2));
        if (first <= last) {
          return new TimestepRange(first, last);
        }
      }
      throw new UsageException(
          "expected two timesteps FROM-TO with FROM <= TO, for instance 0-400, found '"
              + text
              + "'");
    }

    /** As on the command line. */
    @Override
    public String toString() {
      return first + "-" + last;
    }
  }
}
