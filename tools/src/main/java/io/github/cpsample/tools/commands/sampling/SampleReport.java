package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.inference.TextEncoder;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.SampleSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.json} of {@code cpsample sample}.
 *
 * @param model the model's name
 * @param settings what was done
 * @param totals what it cost
 * @param guarantee what the guarantee took; left out without one
 * @param images one entry per image
 */
record SampleReport(
    String model,
    Settings settings,
    Totals totals,
    GuaranteeOptions.@Nullable Report guarantee,
    List<Image> images) {

  /** The request with the model's defaults filled in; what does not apply is left out. */
  record Settings(
      int count,
      String sampler,
      int steps,
      double eta,
      String timestepSpacing,
      boolean clipSample,
      long seed,
      int batch,
      String noise,
      @Nullable Integer classLabel,
      @Nullable Condition condition,
      OriginReport origin,
      String protect,
      @Nullable Protection protection,
      @Nullable String onFailure) {

    static Settings of(SampleSettings s, PromptTokens tokens) {
      return new Settings(
          s.images().count(),
          s.trajectory().sampler().label(),
          s.trajectory().steps(),
          s.trajectory().eta(),
          s.trajectory().spacing().name().toLowerCase(Locale.ROOT),
          s.trajectory().clipSample(),
          s.images().seed(),
          s.images().batchSize(),
          s.images().noise().label(),
          s.shown().classLabel().isPresent() ? s.shown().classLabel().getAsInt() : null,
          Condition.of(s.shown().conditioning(), tokens),
          OriginReport.of(s),
          s.guarding().on() ? "on" : "off",
          s.guarding().on() ? Protection.of(s.guarding().protection()) : null,
          looksAtFinished(s) ? s.guarding().onFailure().label() : null);
    }
  }

  /** What the images were asked to show; what was not said is left out. */
  record Condition(
      @Nullable String prompt,
      @Nullable Tokens promptTokens,
      @Nullable String negativePrompt,
      @Nullable Tokens negativePromptTokens,
      double guidanceScale,
      double guidanceRescale,
      @Nullable Integer nullClass) {

    static @Nullable Condition of(Conditioning c, PromptTokens tokens) {
      if (c.equals(Conditioning.NONE)) {
        return null;
      }
      return new Condition(
          c.prompt().orElse(null),
          Tokens.of(tokens.prompt()),
          c.negativePrompt().orElse(null),
          Tokens.of(tokens.negativePrompt()),
          c.guidance().scale(),
          c.guidance().rescale(),
          c.nullClass().isPresent() ? c.nullClass().getAsInt() : null);
    }
  }

  /** The tokens of a text and how many of them the model read. */
  record Tokens(int found, int read) {

    static @Nullable Tokens of(Optional<TextEncoder.TokenCount> count) {
      return count.map(it -> new Tokens(it.found(), Math.min(it.found(), it.room()))).orElse(null);
    }
  }

  /** How samples were protected: with one alpha, or with thresholds instead. */
  record Protection(
      String gate,
      String force,
      String asks,
      @Nullable Double alpha,
      @Nullable Thresholds thresholds,
      double scale,
      List<Integer> guardedTimesteps,
      int askEvery,
      Way correction) {

    static Protection of(ProtectionSettings s) {
      return new Protection(
          s.gate().label(),
          s.force().label(),
          s.asks().label(),
          s.thresholds().isPresent() ? null : s.alpha(),
          s.thresholds().orElse(null),
          s.scale(),
          List.of(s.firstTimestep(), s.lastTimestep()),
          s.askEvery(),
          Way.of(s.correction()));
    }
  }

  /** What was done with guarded images; what a kind does not do is left out. */
  record Way(
      String kind,
      @Nullable Integer back,
      @Nullable Integer returns,
      int redos,
      @Nullable Integer stride) {

    static Way of(Correction c) {
      boolean goesBack = c.kind().goesBack();
      return new Way(
          c.kind().label(),
          goesBack ? c.back() : null,
          goesBack ? c.returns() : null,
          c.redos(),
          c.stride() > 1 ? c.stride() : null);
    }
  }

  /** Whether it is known of finished images if the classifier recognises them. */
  private static boolean looksAtFinished(SampleSettings settings) {
    return settings.guarding().on() && settings.guarding().protection().correction().redos() > 0;
  }

  /** What all images cost together. */
  record Totals(
      int imagesGuarded,
      @Nullable Integer imagesRecognised,
      int imagesWithheld,
      int returns,
      int redos,
      long steps,
      long stepsGuarded,
      long denoiserCalls,
      long classifierRows,
      long gradientRows,
      double seconds,
      double secondsPerImage,
      String device,
      @Nullable String deviceNote) {

    static Totals of(SampleResult result) {
      SampleResult.Totals t = result.totals();
      List<ImageReport> reports = result.reports();
      return new Totals(
          t.imagesGuarded(),
          looksAtFinished(result.settings())
              ? (int) reports.stream().filter(ImageReport::recognised).count()
              : null,
          t.imagesWithheld(),
          reports.stream().mapToInt(ImageReport::returns).sum(),
          reports.stream().mapToInt(ImageReport::redos).sum(),
          reports.stream().mapToLong(ImageReport::steps).sum(),
          reports.stream().mapToLong(ImageReport::guardedSteps).sum(),
          t.denoiserCalls(),
          t.classifierRows(),
          t.gradientRows(),
          t.seconds(),
          t.seconds() / result.settings().images().count(),
          t.device(),
          t.fallbackReason().orElse(null));
    }
  }

  /** One image; whether it is still recognised is left out where nothing looked. */
  record Image(
      String file,
      long seed,
      int steps,
      int stepsGuarded,
      int returns,
      int redos,
      @Nullable Boolean recognised,
      @Nullable Integer tries,
      @Nullable List<Double> certainty) {}

  static SampleReport of(
      String model,
      SampleResult result,
      PromptTokens tokens,
      Optional<GuaranteeOptions.Outcome> guaranteed) {
    return new SampleReport(
        model,
        Settings.of(result.settings(), tokens),
        Totals.of(result),
        guaranteed.map(GuaranteeOptions.Outcome::report).orElse(null),
        IntStream.range(0, result.images().size())
            .mapToObj(
                i ->
                    image(
                        i,
                        result.report(i),
                        looksAtFinished(result.settings()),
                        tries(guaranteed, i)))
            .toList());
  }

  private static @Nullable Integer tries(Optional<GuaranteeOptions.Outcome> guaranteed, int index) {
    return guaranteed.map(outcome -> outcome.result().tries().get(index)).orElse(null);
  }

  private static Image image(
      int index, ImageReport report, boolean looked, @Nullable Integer tries) {
    return new Image(
        fileName(index),
        report.seed(),
        report.steps(),
        report.guardedSteps(),
        report.returns(),
        report.redos(),
        looked ? report.recognised() : null,
        tries,
        report.certaintyTrace().orElse(null));
  }

  static String fileName(int index) {
    return String.format(Locale.ROOT, "image-%05d.png", index);
  }

  /**
   * What images were made of besides noise, in {@code report.json}; what does not apply is left
   * out.
   *
   * @param size height and width
   * @param startImages how many images were started from
   * @param strength share of the steps that was taken
   * @param filledPixels pixels that were filled, of the first mask
   * @param resample how often each stretch was taken, and its length
   * @param interpolatedTo the last seed
   */
  private record OriginReport(
      List<Integer> size,
      @Nullable Integer startImages,
      @Nullable Double strength,
      @Nullable Integer filledPixels,
      @Nullable List<Integer> resample,
      @Nullable Long interpolatedTo) {

    static OriginReport of(SampleSettings settings) {
      var origin = settings.shown().origin();
      return new OriginReport(
          List.of(settings.images().shape().height(), settings.images().shape().width()),
          origin.start().map(start -> start.images().size()).orElse(null),
          origin.start().map(start -> start.strengths().get(0)).orElse(null),
          origin.inpainting().map(it -> it.masks().get(0).filledPixels()).orElse(null),
          origin.inpainting().map(OriginReport::resampling).orElse(null),
          origin.interpolation().map(SampleOrigin.Interpolation::lastSeed).orElse(null));
    }

    private static List<Integer> resampling(Inpainting it) {
      return List.of(it.resampling().times(), it.resampling().jump());
    }
  }
}
