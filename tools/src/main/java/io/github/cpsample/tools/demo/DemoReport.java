package io.github.cpsample.tools.demo;

import com.google.gson.annotations.SerializedName;
import io.github.cpsample.evaluation.judging.Judge;
import io.github.cpsample.evaluation.judging.Judge.Verdict;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement.Side;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.sampling.ImageReport;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was measured; stored as {@code demo.json}.
 *
 * @param replicaRule the rule in words
 * @param falseAlarmRate share of held-out images that the rule takes for replicas
 * @param unprotectedSide without protection
 * @param rejection what is left of the unprotected images when the replicas among them are thrown
 *     away: no replica by this rule, by construction
 * @param protectedSide with protection, from the same seeds
 */
public record DemoReport(
    String replicaRule,
    double falseAlarmRate,
    @SerializedName("unprotected") SideReport unprotectedSide,
    SideReport rejection,
    @SerializedName("protected") SideReport protectedSide) {

  private static final String NONE = "-";

  /**
   * One side. Costs are per image that is delivered.
   *
   * @param replicaRate share of images that replicate a training image; null for fewer than two
   *     images
   * @param frechetDistance to held-out images, in the features of a garment classifier; null for
   *     fewer than two images
   * @param heldOutDistance mean root mean squared pixel difference to the nearest held-out image;
   *     null for fewer than two images
   * @param secondsPerImage wall-clock time; null without images
   * @param denoiserCallsPerImage passes through the denoiser; null without images
   * @param count images
   * @param stepsGuarded share of all steps that were guarded; null without protection
   * @param imagesGuarded share of images that were guarded at least once; null without protection
   */
  public record SideReport(
      @Nullable Double replicaRate,
      @Nullable Double frechetDistance,
      @Nullable Double heldOutDistance,
      @Nullable Double secondsPerImage,
      @Nullable Double denoiserCallsPerImage,
      int count,
      @Nullable Double stepsGuarded,
      @Nullable Double imagesGuarded) {

    static SideReport of(Side side, boolean guarded) {
      int count = side.result().images().size();
      return new SideReport(
          side.replicaRate(),
          side.verdict().frechetDistance(),
          side.verdict().heldOutDistance(),
          side.secondsPerImage(),
          (double) calls(side) / count,
          count,
          guarded ? side.stepsGuarded() : null,
          guarded ? side.imagesGuarded() : null);
    }

    /** The images of a side that are no replicas, which bear the cost of all. */
    static SideReport rejecting(Side side, Judge judge) {
      float[][] left =
          side.verdict().replicas().matches().stream()
              .filter(match -> !match.replica())
              .map(ReplicaRule.Match::image)
              .map(side.result()::image)
              .map(FloatImage::values)
              .toArray(float[][]::new);
      Verdict verdict = left.length < 2 ? null : judge.judge(left);
      return new SideReport(
          verdict == null ? null : verdict.replicas().rate(),
          verdict == null ? null : verdict.frechetDistance(),
          verdict == null ? null : verdict.heldOutDistance(),
          left.length == 0 ? null : side.result().totals().seconds() / left.length,
          left.length == 0 ? null : (double) calls(side) / left.length,
          left.length,
          null,
          null);
    }

    private static long calls(Side side) {
      return side.result().reports().stream().mapToLong(ImageReport::steps).sum();
    }

    private String line(String name) {
      return String.format(
              Locale.ROOT,
              "%-20s %6d %10s %9s %9s %9s %9s %8s %8s",
              name,
              count,
              percent(replicaRate),
              number("%.3f", frechetDistance),
              number("%.3f", heldOutDistance),
              number("%.3f", secondsPerImage),
              number("%.0f", denoiserCallsPerImage),
              percent(stepsGuarded),
              percent(imagesGuarded))
          .stripTrailing();
    }

    private static String percent(@Nullable Double share) {
      return share == null ? NONE : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(String format, @Nullable Double value) {
      return value == null ? NONE : String.format(Locale.ROOT, format, value);
    }
  }

  static DemoReport of(ReplicaRule rule, ProtectionMeasurement measured, Judge judge) {
    return new DemoReport(
        rule.describe(),
        measured.falseAlarmRate(),
        SideReport.of(measured.unprotectedSide(), false),
        SideReport.rejecting(measured.unprotectedSide(), judge),
        SideReport.of(measured.protectedSide(), true));
  }

  /**
   * The report as a short table.
   *
   * @return lines of text
   */
  public List<String> table() {
    return List.of(
        "                     images   replicas   Frechet  held-out   s/image   calls/  guarded "
            + " guarded",
        "                                        distance  distance             image     steps  "
            + " images",
        unprotectedSide.line("without protection"),
        rejection.line("rejection sampling"),
        protectedSide.line("with protection"),
        String.format(Locale.ROOT, "%-20s %16.2f %%", "false alarms", 100 * falseAlarmRate),
        "",
        unprotectedSide.count() + " seeds, the same in all rows. Replica: " + replicaRule + ".",
        "Rejection sampling: the unprotected images less their replicas, so it has none by"
            + " construction; the cost of all",
        "seeds is borne by the images that are left. It needs the training images wherever images"
            + " are made, protection does not.",
        "Fewer images have a larger Frechet distance, everything else being equal.",
        "Calls: of the denoiser. False alarms: held-out images, nobody's copies, that this rule"
            + " takes for replicas.");
  }
}
