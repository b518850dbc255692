package io.github.cpsample.trainer.training;

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
