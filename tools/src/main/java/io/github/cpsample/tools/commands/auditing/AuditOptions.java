package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.AuditedModel.Condition;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.inference.Device;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.ConditionOptions;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code cpsample audit} is asked to do.
 *
 * @param model the model as named
 * @param train where the training images are
 * @param holdout where the held-out images are
 * @param embedders of the user's own
 * @param condition what images are asked to show
 * @param device where networks run
 * @param output the folder of the report
 * @param trainingImages whether training images are shown
 * @param prepare whether all that is done is to begin
 * @param restart whether earlier work is thrown away
 * @param keepWork whether the work stays when it is done
 * @param arguments for what depends on the images
 */
record AuditOptions(
    String model,
    String train,
    String holdout,
    List<EmbedderSpec> embedders,
    Condition condition,
    Device device,
    Path output,
    boolean trainingImages,
    boolean prepare,
    boolean restart,
    boolean keepWork,
    Arguments arguments) {

  private static final Opt<String> TRAIN =
      Opt.text("train", "PATH|fashion-mnist", "the images that the model was trained on")
          .required();
  private static final Opt<String> HOLDOUT =
      Opt.text(
              "holdout",
              "PATH|fashion-mnist",
              "images of the same kind that neither denoiser nor classifier was trained on")
          .required();
  private static final Opt<Integer> COUNT =
      Opt.integer("count", "images sampled without and with protection", 4).or(200);
  private static final Opt<List<String>> METHODS =
      Opt.of(
          "methods",
          "M,M,...",
          "ways of sampling to compare, of "
              + String.join(", ", ComparedMethods.NAMES)
              + "; the first two are always there; default: all that the model allows, amg and"
              + " spell up to "
              + AuditOptions.MOST_TO_COMPARE
              + " training images",
          AuditOptions::methods);
  private static final Opt<Integer> COMPARATOR_COUNT =
      Opt.integer("comparator-count", "seeds of the other methods; default: the count", 4);
  private static final Opt<Double> SPELL_RADIUS =
      Opt.decimal(
              "spell-radius",
              "SHARE",
              "radius of spell, as a share of the median distance of a training image to the"
                  + " nearest other one",
              share -> share > 0,
              "a number above 0")
          .or(SpellSettings.RADIUS_SHARE);
  private static final Opt<Integer> ATTACKED =
      Opt.integer("attack-images", "attack at most so many training and held-out images", 2)
          .or(500);
  private static final Opt<EmbedderSpec> EMBEDDER =
      Opt.of(
              "embedder",
              EmbedderSpec.SYNTAX,
              "an ONNX file whose features images are compared in, besides pixels and the built-in"
                  + " embedder for 1x28x28",
              EmbedderSpec::parse)
          .repeated();
  private static final Opt<String> SEARCH =
      Opt.choice(
              "search",
              "how nearest training images are found; auto is exact up to what fits",
              Arrays.stream(SearchSettings.Mode.values()).map(AuditOptions::label).toList())
          .or(label(SearchSettings.Mode.AUTO));
  private static final Opt<Boolean> NO_TRAINING =
      Opt.flag(
          "no-training-images",
          "leave training images out of the report, for reports that leave the house");
  private static final Opt<Boolean> PREPARE =
      Opt.flag(
          "prepare",
          "begin and sample nothing, so that a cluster makes the images in the folder work; the"
              + " command without this option then does the rest");
  private static final Opt<Boolean> RESTART =
      Opt.flag("restart", "throw the work of an earlier audit in this folder away");
  private static final Opt<Boolean> KEEP_WORK =
      Opt.flag("keep-work", "keep samples and features in the folder work when all is done");
  private static final Opt<Long> SEED =
      Opt.wide(
          "seed",
          "S",
          "seed of the first image; default: 0, or behind the seeds of the model's calibration");
  private static final Opt<Path> OUT =
      Opt.path("out", "DIR", "folder for the report; an audit that is there is resumed").required();

  static final List<Opt<?>> ALL =
      List.of(
          ModelArgument.MODEL,
          TRAIN,
          HOLDOUT,
          COUNT,
          METHODS,
          COMPARATOR_COUNT,
          SPELL_RADIUS,
          ATTACKED,
          EMBEDDER,
          SEARCH,
          ConditionOptions.LABEL,
          ConditionOptions.PROMPT,
          ConditionOptions.NEGATIVE_PROMPT,
          ConditionOptions.GUIDANCE_SCALE,
          SEED,
          SamplingOptions.BATCH,
          SamplingOptions.DEVICE,
          NO_TRAINING,
          PREPARE,
          RESTART,
          KEEP_WORK,
          OUT);

  /** The largest training set whose images methods compare with samples unless asked for. */
  static final int MOST_TO_COMPARE = 2000;

  static AuditOptions of(Arguments arguments) {
    List<EmbedderSpec> embedders = arguments.all(EMBEDDER);
    requireDifferentNames(embedders);
    if (arguments.has(NO_TRAINING) && arguments.has(KEEP_WORK)) {
      throw new UsageException(
          "--keep-work: expected none with --no-training-images, since the work holds what training"
              + " images become");
    }
    AuditOptions options =
        new AuditOptions(
            arguments.get(ModelArgument.MODEL),
            arguments.get(TRAIN),
            arguments.get(HOLDOUT),
            embedders,
            condition(arguments),
            Device.parse(arguments.get(SamplingOptions.DEVICE)),
            arguments.get(OUT),
            !arguments.has(NO_TRAINING),
            arguments.has(PREPARE),
            arguments.has(RESTART),
            arguments.has(KEEP_WORK),
            arguments);
    options.settings(0, ComparedMethods.NAMES, Optional.empty());
    return options;
  }

  /**
   * What is measured by default of so many training images, by a model of some methods: of one that
   * was calibrated, images on which nothing was chosen.
   */
  AuditSettings settings(
      int trainingImages, List<String> possible, Optional<CalibrationEvidence> calibrated) {
    int count = arguments.get(COUNT);
    return new AuditSettings(
        count,
        arguments.find(COMPARATOR_COUNT).orElse(count),
        arguments.find(SEED).orElseGet(() -> calibrated.map(AuditOptions::behind).orElse(0L)),
        arguments.get(SamplingOptions.BATCH),
        arguments.get(ATTACKED),
        arguments.find(METHODS).orElseGet(() -> usual(trainingImages, possible)),
        SearchSettings.Mode.valueOf(arguments.get(SEARCH).toUpperCase(Locale.ROOT)),
        arguments.get(SPELL_RADIUS));
  }

  private static long behind(CalibrationEvidence evidence) {
    return evidence.confirmation().firstSeed() + evidence.confirmation().images();
  }

  /** Whether settings were compared on some of the seeds of an audit. */
  static boolean tunedOn(CalibrationEvidence evidence, AuditSettings settings) {
    return settings.seed() < evidence.tuningSeed() + evidence.tuningImages()
        && settings.seed() > evidence.tuningSeed() - settings.count();
  }

  private static List<String> usual(int trainingImages, List<String> possible) {
    return possible.stream()
        .filter(
            name ->
                trainingImages <= MOST_TO_COMPARE || !ComparedMethods.comparesTrainingImages(name))
        .toList();
  }

  private static List<String> methods(String text) {
    Set<String> names = new HashSet<>(Arrays.asList(text.split(",", -1)));
    names.add(AuditSettings.UNPROTECTED);
    names.add(AuditSettings.PROTECTED);
    if (!ComparedMethods.NAMES.containsAll(names)) {
      throw new UsageException(
          "expected names out of " + ComparedMethods.NAMES + ", found '" + text + "'");
    }
    return List.copyOf(names);
  }

  private static Condition condition(Arguments arguments) {
    StringBuilder described = new StringBuilder();
    for (Opt<?> option :
        List.of(
            ConditionOptions.LABEL,
            ConditionOptions.PROMPT,
            ConditionOptions.NEGATIVE_PROMPT,
            ConditionOptions.GUIDANCE_SCALE)) {
      Optional<?> value = arguments.find(option);
      if (value.isPresent()) {
        described.append(described.isEmpty() ? "" : ", ");
        described.append(option.name()).append(' ').append(value.get());
      }
    }
    return new Condition(
        described.toString(), request -> ConditionOptions.apply(arguments, request));
  }

  private static void requireDifferentNames(List<EmbedderSpec> embedders) {
    Set<String> names = new HashSet<>();
    for (EmbedderSpec embedder : embedders) {
      if (!names.add(embedder.name())) {
        throw new UsageException(
            "--embedder: expected different names, found "
                + embedder.name()
                + " twice; add name=ANOTHER to one of them");
      }
    }
  }

  private static String label(SearchSettings.Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
