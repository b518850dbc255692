package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import java.util.List;

/** Whether networks take images of another size than the model's. */
final class SizeCheck {
  private SizeCheck() {}

  /** Refuses a size that a network that is needed cannot take. */
  static void require(Networks networks, Manifest manifest, SampleSettings settings) {
    ImageShape image = settings.images().shape();
    if (image.equals(manifest.sampled())) {
      return;
    }
    String denoiser = manifest.denoiser().input();
    if (!takes(networks.ofAllThreads().denoiser(), denoiser, image)) {
      throw refusal(manifest, image, "denoiser", "");
    }
    boolean handsOver =
        settings.guarding().on()
            && settings.guarding().protection().correction().kind().handsOver();
    if (handsOver && !takes(networks.ofAllThreads().fallback(), denoiser, image)) {
      throw refusal(manifest, image, "fallback denoiser", "; or take the correction restart");
    }
    if (settings.guarding().on()
        && !takes(networks.ofAllThreads().classifier(), manifest.classifier().input(), image)) {
      throw refusal(
          manifest,
          image,
          "classifier",
          "; without it nothing is protected: use a classifier whose graph leaves height and width"
              + " free, or switch the protection off");
    }
  }

  private static boolean takes(InferenceSession session, String input, ImageShape image) {
    List<Long> lengths =
        session.inputs().stream()
            .filter(spec -> spec.name().equals(input))
            .findFirst()
            .orElseThrow()
            .dimensions();
    return fits(lengths.get(2), image.height()) && fits(lengths.get(3), image.width());
  }

  private static boolean fits(long declared, int length) {
    return declared < 0 || declared == length;
  }

  private static IllegalArgumentException refusal(
      Manifest manifest, ImageShape image, String network, String hint) {
    return new IllegalArgumentException(
        "size: expected "
            + manifest.sampled().height()
            + " x "
            + manifest.sampled().width()
            + " (height x width), the only size that the "
            + network
            + " of "
            + manifest.name()
            + " takes, found "
            + image.height()
            + " x "
            + image.width()
            + hint);
  }
}
