package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.calibration.CalibrationPlan;
import io.github.cpsample.evaluation.calibration.Candidate;
import io.github.cpsample.evaluation.calibration.CandidateGrid;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.CorrectionOptions;
import io.github.cpsample.tools.commands.shared.ProtectionOptions;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The options that say what a calibration is asked for and what it tries. */
final class CalibrateOptions {

  static final Opt<Double> MAX_REPLICAS =
      Opt.decimal(
              "max-replicas",
              "SHARE",
              "the largest share of images that may be replicas of training images",
              r -> r > 0 && r < 1,
              "a share in (0, 1)")
          .required();
  static final Opt<Double> MAX_LOSS =
      Opt.decimal(
          "max-quality-loss",
          "L",
          "the largest loss of quality against unprotected images, in units of what real images"
              + " differ by: 0 is none, 1 a standard deviation; default: any",
          l -> true,
          "a number");
  static final Opt<Double> MAX_OVERHEAD =
      Opt.decimal(
          "max-overhead",
          "SHARE",
          "the largest additional time, as a share of that of unprotected images; default: any",
          o -> true,
          "a number");
  static final Opt<String> GRID =
      Opt.choice(
              "grid",
              "which settings are tried; --alphas, --scales, --ranges, --forces, --gates and"
                  + " --corrections replace the grid's",
              Arrays.stream(CandidateGrid.Size.values())
                  .map(size -> size.name().toLowerCase(Locale.ROOT))
                  .toList())
          .or("usual");
  static final Opt<List<Double>> ALPHAS =
      list(
          "alphas",
          "A,A,...",
          "thresholds of the gate, instead of those that were measured with the model's classifier"
              + " if there are any",
          ProtectionNumber.ALPHA);
  static final Opt<List<Double>> SCALES =
      list("scales", "S,S,...", "strengths of the push", ProtectionNumber.SCALE);
  static final Opt<List<ProtectionOptions.TimestepRange>> RANGES =
      list("ranges", "FROM-TO,...", "guarded timesteps", ProtectionOptions.TimestepRange::parse);
  static final Opt<List<String>> FORCES =
      list(
          "forces",
          "F,F",
          "opposite-label, own-label (which needs scales about 1/A times larger)",
          text -> word(text, List.of("opposite-label", "own-label")));
  static final Opt<List<String>> GATES =
      list("gates", "G,G", "code, paper", text -> word(text, List.of("code", "paper")));
  static final Opt<List<String>> CORRECTIONS =
      list(
          "corrections",
          "C,C,...",
          "what is done with guarded images: push, exit, heal, heal-exit, restart, handover;"
              + " default: the model's",
          text -> word(text, CorrectionOptions.KINDS));
  static final Opt<List<Integer>> BACKS =
      list(
          "backs",
          "N,N,...",
          "timesteps of the first way back of heal, heal-exit, restart and handover; default: the"
              + " model's, or T/10",
          text -> whole(text, 1));
  static final Opt<List<Integer>> RETURNS =
      list(
          "returns",
          "N,N,...",
          "how often an image is noised back at most; default: the model's, or 8",
          text -> whole(text, 0));
  static final Opt<Integer> COUNT =
      Opt.integer(
          "count",
          "images per side of a confirmation; default: 6.5 / max-replicas, 200 to 20,000",
          2);
  static final Opt<Integer> TUNING =
      Opt.integer(
          "tuning-count",
          "images of a setting at most while settings are compared; default: 5 / max-replicas, 256"
              + " to 4,096",
          2);
  static final Opt<Integer> FIRST =
      Opt.integer("first-count", "images of every setting before the first are set aside", 2)
          .or(64);
  static final Opt<Integer> FINALISTS =
      Opt.integer("finalists", "settings that are compared on all tuning images", 1).or(4);
  static final Opt<Integer> TRIES =
      Opt.integer(
              "tries",
              "settings that are confirmed at most, each on seeds of its own; the limits are"
                  + " corrected for as many",
              1)
          .or(3);
  static final Opt<Integer> BATCH = Opt.integer("batch", "images computed together", 2).or(16);

  static final List<Opt<?>> OF_THE_SEARCH =
      List.of(
          MAX_REPLICAS,
          MAX_LOSS,
          MAX_OVERHEAD,
          GRID,
          ALPHAS,
          SCALES,
          RANGES,
          FORCES,
          GATES,
          CORRECTIONS,
          BACKS,
          RETURNS,
          COUNT,
          TUNING,
          FIRST,
          FINALISTS,
          TRIES);

  private CalibrateOptions() {}

  /** How the numbers of a setting are read. */
  private enum ProtectionNumber implements Function<String, Double> {
    ALPHA("a number in (0, 0.5]") {
      @Override
      boolean allows(double value) {
        return value > 0 && value <= 0.5;
      }
    },
    SCALE("a number >= 0") {
      @Override
      boolean allows(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
      }
    };

    private final String expected;

    ProtectionNumber(String expected) {
      this.expected = expected;
    }

    abstract boolean allows(double value);

    @Override
    public Double apply(String text) {
      if (!text.matches("[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?")
          || !allows(Double.parseDouble(text))) {
        throw new UsageException("expected " + expected + ", found '" + text + "'");
      }
      return Double.valueOf(text);
    }
  }

  private static <T> Opt<List<T>> list(
      String name, String argument, String description, Function<String, T> parser) {
    return Opt.of(
        name,
        argument,
        description + ", separated by commas",
        text ->
            Arrays.stream(text.split(",", -1)).map(String::strip).map(parser).distinct().toList());
  }

  private static String word(String text, List<String> words) {
    if (!words.contains(text)) {
      throw new UsageException("expected " + String.join("|", words) + ", found '" + text + "'");
    }
    return text;
  }

  private static int whole(String text, int least) {
    if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < least) {
      throw new UsageException("expected a whole number >= " + least + ", found '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  /** Numbers of bits. */
  static Opt<List<Integer>> bits() {
    return list(
        "bits",
        "K,K,...",
        "with --train-classifier: numbers of bits for which a classifier is trained; default: the"
            + " model's",
        text -> {
          if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new UsageException(
                "expected a number of bits from 1 to 9999, found '" + text + "'");
          }
          return Integer.valueOf(text);
        });
  }

  static CalibrationPlan plan(Arguments arguments) {
    double most = arguments.get(MAX_REPLICAS);
    int first = arguments.get(FIRST);
    return new CalibrationPlan(
        new CalibrationEvidence.Bounds(
            most, arguments.find(MAX_LOSS).orElse(null), arguments.find(MAX_OVERHEAD).orElse(null)),
        arguments.get(SamplingOptions.SEED),
        arguments.get(BATCH),
        first,
        arguments.find(TUNING).orElse(Math.max(first, CalibrationPlan.usualTuning(most))),
        arguments.get(FINALISTS),
        arguments.find(COUNT).orElse(CalibrationPlan.usualCount(most)),
        arguments.get(TRIES));
  }

  /**
   * The settings to try, those of the model first.
   *
   * @param models the manifests to choose from, one per number of bits
   */
  static List<Candidate> candidates(
      Arguments arguments, Manifest model, List<Manifest> models, int steps) {
    int bits = model.classifier().bits();
    List<Candidate> candidates =
        models.stream()
            .sorted(Comparator.comparing(it -> it.classifier().bits() != bits))
            .flatMap(it -> candidates(arguments, it, steps).stream())
            .toList();
    int last = model.schedule().trainTimesteps() - 1;
    for (Candidate candidate : candidates) {
      if (candidate.settings().lastTimestep() > last) {
        throw new UsageException(
            "--ranges: expected timesteps up to " + last + ", found " + candidate.text());
      }
    }
    return candidates;
  }

  private static List<Candidate> candidates(Arguments arguments, Manifest manifest, int steps) {
    List<Integer> bits = List.of(manifest.classifier().bits());
    CandidateGrid named =
        CandidateGrid.of(
            CandidateGrid.Size.valueOf(arguments.get(GRID).toUpperCase(Locale.ROOT)),
            bits,
            steps,
            manifest.schedule().trainTimesteps());
    boolean measured = manifest.protection().thresholds().isPresent();
    CandidateGrid grid =
        new CandidateGrid(
            bits,
            arguments.find(ALPHAS).orElse(measured ? List.of() : named.alphas()),
            arguments.find(SCALES).orElse(named.scales()),
            arguments.find(RANGES).map(CalibrateOptions::ranges).orElse(named.ranges()),
            arguments.find(FORCES).orElse(named.forces()),
            arguments.find(GATES).orElse(named.gates()),
            corrections(arguments, manifest));
    return grid.candidates(new Candidate(bits.get(0), manifest.protection()));
  }

  private static List<Correction> corrections(Arguments arguments, Manifest manifest) {
    Correction own = manifest.protection().correction();
    Correction standard = Correction.standard(manifest.schedule().trainTimesteps());
    List<String> kinds = arguments.find(CORRECTIONS).orElse(List.of(own.kind().label()));
    List<Correction> corrections = new ArrayList<>();
    for (String kind : kinds) {
      Correction.Kind chosen = Correction.Kind.named(kind);
      Correction way = chosen.goesBack() && !own.kind().goesBack() ? standard : own;
      if (chosen.goesBack()) {
        for (int back : arguments.find(BACKS).orElse(List.of(way.back()))) {
          for (int returns : arguments.find(RETURNS).orElse(List.of(way.returns()))) {
            corrections.add(new Correction(chosen, back, returns, own.redos(), own.stride()));
          }
        }
      } else {
        corrections.add(own.withKind(chosen));
      }
    }
    requireWayBack(arguments, corrections);
    return corrections;
  }

  private static void requireWayBack(Arguments arguments, List<Correction> corrections) {
    for (Opt<?> option : List.of(BACKS, RETURNS)) {
      if (arguments.has(option) && corrections.stream().noneMatch(it -> it.kind().goesBack())) {
        throw new UsageException(
            "--"
                + option.name()
                + ": expected heal, heal-exit, restart or handover among the --corrections, found "
                + corrections.stream().map(Correction::kind).toList());
      }
    }
  }

  private static List<CandidateGrid.Range> ranges(List<ProtectionOptions.TimestepRange> ranges) {
    return ranges.stream().map(it -> new CandidateGrid.Range(it.first(), it.last())).toList();
  }
}
