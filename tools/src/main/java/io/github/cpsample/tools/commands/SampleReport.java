package io.github.cpsample.tools.commands;

import io.github.cpsample.conditioning.Conditioning;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.SampleSettings;
import io.github.cpsample.sampling.SampleTotals;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

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
    GuaranteeOptions.Report guarantee,
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
      Integer classLabel,
      Condition condition,
      OriginReport origin,
      String protect,
      Protection protection) {

    static Settings of(SampleSettings s) {
      return new Settings(
          s.count(),
          s.sampler().label(),
          s.steps(),
          s.eta(),
          s.spacing().name().toLowerCase(Locale.ROOT),
          s.clipSample(),
          s.seed(),
          s.batchSize(),
          s.noise().label(),
          s.classLabel().isPresent() ? s.classLabel().getAsInt() : null,
          Condition.of(s.conditioning()),
          OriginReport.of(s),
          s.guarded() ? "on" : "off",
          s.guarded() ? Protection.of(s.protection()) : null);
    }
  }

  /** What the images were asked to show; what was not said is left out. */
  record Condition(
      String prompt,
      String negativePrompt,
      double guidanceScale,
      double guidanceRescale,
      Integer nullClass) {

    static Condition of(Conditioning c) {
      if (c.equals(Conditioning.NONE)) {
        return null;
      }
      return new Condition(
          c.prompt().orElse(null),
          c.negativePrompt().orElse(null),
          c.guidance().scale(),
          c.guidance().rescale(),
          c.nullClass().isPresent() ? c.nullClass().getAsInt() : null);
    }
  }

  /** How samples were protected. */
  record Protection(
      String gate, String force, double alpha, double scale, List<Integer> guardedTimesteps) {

    static Protection of(ProtectionSettings s) {
      return new Protection(
          s.gate().label(),
          s.force().label(),
          s.alpha(),
          s.scale(),
          List.of(s.firstTimestep(), s.lastTimestep()));
    }
  }

  /** What all images cost together. */
  record Totals(
      int imagesGuarded,
      long steps,
      long stepsGuarded,
      long denoiserCalls,
      long classifierRows,
      long gradientRows,
      double seconds,
      double secondsPerImage,
      String device,
      String deviceNote) {

    static Totals of(SampleResult result) {
      SampleTotals t = result.totals();
      return new Totals(
          t.imagesGuarded(),
          result.reports().stream().mapToLong(ImageReport::steps).sum(),
          result.reports().stream().mapToLong(ImageReport::guardedSteps).sum(),
          t.denoiserCalls(),
          t.classifierRows(),
          t.gradientRows(),
          t.seconds(),
          t.seconds() / result.images().size(),
          t.device(),
          t.fallbackReason().orElse(null));
    }
  }

  /** One image. */
  record Image(
      String file, long seed, int steps, int stepsGuarded, Integer tries, List<Double> certainty) {}

  static SampleReport of(
      String model, SampleResult result, Optional<GuaranteeOptions.Outcome> guaranteed) {
    return new SampleReport(
        model,
        Settings.of(result.settings()),
        Totals.of(result),
        guaranteed.map(GuaranteeOptions.Outcome::report).orElse(null),
        IntStream.range(0, result.images().size())
            .mapToObj(i -> image(i, result.report(i), tries(guaranteed, i)))
            .toList());
  }

  private static Integer tries(Optional<GuaranteeOptions.Outcome> guaranteed, int index) {
    return guaranteed.map(outcome -> outcome.result().tries().get(index)).orElse(null);
  }

  private static Image image(int index, ImageReport report, Integer tries) {
    return new Image(
        fileName(index),
        report.seed(),
        report.steps(),
        report.guardedSteps(),
        tries,
        report.certaintyTrace().orElse(null));
  }

  static String fileName(int index) {
    return String.format(Locale.ROOT, "image-%05d.png", index);
  }
}
