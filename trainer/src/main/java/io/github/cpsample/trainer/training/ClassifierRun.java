package io.github.cpsample.trainer.training;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Thresholds;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a classifier's training came to; stored as {@code run.json}.
 *
 * @param settings what was trained
 * @param images readable training images
 * @param heldOutImages readable held-out images
 * @param steps updates applied in all
 * @param repeats steps of the last call that were not finite and were repeated
 * @param seconds wall-clock seconds of the last call
 * @param ended why it ended: goal, steps, time or interrupted
 * @param targetReached whether the memorisation target holds at the end
 * @param curve what was memorised, per noise level
 * @param strangers which strangers it was taught; null for the training of the paper, see {@link
 *     #taught()}
 * @param thresholds the gate's thresholds for a share of false alarms; null where they were not
 *     measured, see {@link #measured()}
 */
public record ClassifierRun(
    ClassifierSettings settings,
    int images,
    int heldOutImages,
    long steps,
    long repeats,
    double seconds,
    String ended,
    boolean targetReached,
    List<Manifest.MemorisationPoint> curve,
    @Nullable StrangersUsed strangers,
    @Nullable Thresholds thresholds) {

  public ClassifierRun {
    curve = List.copyOf(curve);
  }

  /**
   * Which strangers the classifier was taught to be uncertain of.
   *
   * @return empty for the training of the paper
   */
  public Optional<StrangersUsed> taught() {
    return Optional.ofNullable(strangers);
  }

  /**
   * The gate's threshold per noise level.
   *
   * @return empty where there was nothing to measure them on
   */
  public Optional<Thresholds> measured() {
    return Optional.ofNullable(thresholds);
  }

  /**
   * Protection settings with what was found for this classifier: what it is asked about, and its
   * thresholds, if there are any. Nothing is guarded above the last noise level that has one.
   *
   * @param otherwise everything else, and alpha where there are no thresholds
   * @return the settings
   */
  public ProtectionSettings protection(ProtectionSettings otherwise) {
    ProtectionSettings asking = otherwise.withAsks(settings.asks());
    return measured().map(found -> limited(asking, found)).orElse(asking);
  }

  private static ProtectionSettings limited(ProtectionSettings asking, Thresholds found) {
    int last = Math.min(asking.lastTimestep(), (int) found.lastTimestep());
    return asking.withTimesteps(Math.min(asking.firstTimestep(), last), last).withThresholds(found);
  }

  /**
   * Which strangers a classifier was taught to be uncertain of, and which its thresholds were
   * measured on.
   *
   * @param source where they come from
   * @param trained how many were trained on
   * @param near how many were left out because they are near a training image
   * @param measuredOn what the thresholds were measured on
   * @param measured how many images that were; 0 where there were none, and no thresholds
   */
  public record StrangersUsed(
      Source source, int trained, int near, MeasuredOn measuredOn, int measured) {

    /** Where strangers come from. */
    public enum Source {
      /** Images that were given for this. */
      GIVEN("images given as strangers"),
      /** Samples of the denoiser that are not near a training image. */
      SAMPLES("samples of the denoiser"),
      /** Mixtures of the training images, for want of others. */
      MIXTURES("mixtures of the training images");

      private final String words;

      Source(String words) {
        this.words = words;
      }

      @Override
      public String toString() {
        return words;
      }
    }

    /** What thresholds are measured on; never what was trained on. */
    public enum MeasuredOn {
      /** Held-out images. */
      HELD_OUT("held-out images"),
      /** A tenth of the strangers, set aside before the training. */
      SET_ASIDE("strangers that were set aside"),
      /** Nothing, for want of images. */
      NOTHING("nothing");

      private final String words;

      MeasuredOn(String words) {
        this.words = words;
      }

      @Override
      public String toString() {
        return words;
      }
    }
  }
}
