package io.github.cpsample.bundle;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.List;
import java.util.Map;

/** Manifests for tests. */
public final class Manifests {
  private Manifests() {}

  /** An epsilon model of 1 x 4 x 4 images, 8 bits, 1000 linear timesteps; without files. */
  public static Manifest small() {
    return of(new ImageShape(1, 4, 4), PredictionType.EPSILON, 8);
  }

  /** A small one of another protection. */
  static Manifest protectedBy(ProtectionSettings protection) {
    DenoiserSpec denoiser = DenoiserSpec.of(PredictionType.EPSILON, 0);
    return of(new ImageShape(1, 4, 4), denoiser, 8, protection);
  }

  /** A model of a shape, prediction type and number of bits; without files. */
  public static Manifest of(ImageShape shape, PredictionType predictionType, int bits) {
    return of(shape, DenoiserSpec.of(predictionType, 0), bits);
  }

  /** A model of a shape, denoiser and number of bits; without files. */
  public static Manifest of(ImageShape shape, DenoiserSpec denoiser, int bits) {
    return of(
        shape, denoiser, bits, ProtectionSettings.of("code", "opposite-label", 0.05, 40, 0, 999));
  }

  private static Manifest of(
      ImageShape shape, DenoiserSpec denoiser, int bits, ProtectionSettings protection) {
    return new Manifest(
        "tiny",
        Map.of("cpsample", "0.1.0"),
        Map.of(),
        shape,
        NoiseScheduleConfig.linear(1000, 1e-4, 0.02),
        denoiser,
        Manifest.Classifier.of(bits),
        new SamplerSpec("ddim", 10, 0.0, TimestepSpacing.LEADING, true),
        protection,
        List.of(
            new Manifest.MemorisationPoint(
                1, 1.0, 0.99, new Manifest.MemorisationPoint.HeldOut(0.5, 0.8, 0.99, 0.9)),
            new Manifest.MemorisationPoint(101, 1.0, 0.99, null)),
        new Manifest.Training(1, 2, 3, 4, "met"),
        new Manifest.Data(24, 2000, "00ff", "abcdef"));
  }
}
