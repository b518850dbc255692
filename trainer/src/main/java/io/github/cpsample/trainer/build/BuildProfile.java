package io.github.cpsample.trainer.build;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.Background;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.Exposure;
import io.github.cpsample.trainer.training.MemorizationTarget;
import io.github.cpsample.trainer.training.OptimizerConfig;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import java.util.List;
import java.util.Locale;

/** How much the build trains. */
public enum BuildProfile {
  /** A few minutes on two cores. */
  QUICK(2_000, 3_000),
  /** Longer, for a denoiser that copies more and a more certain classifier. */
  STANDARD(6_000, 5_000);

  private static final int TRAINING_IMAGES = 24;
  private static final int BATCH = 16;
  private static final int BITS = 32;

  /** Of the models that the build ships. */
  static final long FIRST_SEED = 1;

  private static final long PAPER_STEPS = 600;
  private static final double KEPT_SHARE = 0.2;
  private static final long EMBEDDER_STEPS = 800;

  private final long denoiserSteps;
  private final long classifierSteps;

  BuildProfile(long denoiserSteps, long classifierSteps) {
    this.denoiserSteps = denoiserSteps;
    this.classifierSteps = classifierSteps;
  }

  /**
   * A profile by name.
   *
   * @param name as on the command line
   * @return the profile
   */
  public static BuildProfile named(String name) {
    return Checks.named("Build profile", values(), BuildProfile::label, name);
  }

  /**
   * The profile's name.
   *
   * @return as on the command line
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Everything that decides what is trained, in words. */
  String describe() {
    return String.join(
        " ",
        label(),
        "images",
        Integer.toString(trainingImages()),
        "steps",
        denoiserSteps + "/" + classifierSteps + "/" + EMBEDDER_STEPS,
        denoiser(FIRST_SEED).toString(),
        "kept",
        Double.toString(keptShare()),
        classifier(FIRST_SEED).toString());
  }

  int trainingImages() {
    return TRAINING_IMAGES;
  }

  long denoiserSteps() {
    return denoiserSteps;
  }

  long classifierSteps() {
    return classifierSteps;
  }

  long embedderSteps() {
    return EMBEDDER_STEPS;
  }

  /** Share of public images in every batch of the fine-tuning. */
  double keptShare() {
    return KEPT_SHARE;
  }

  int bits() {
    return BITS;
  }

  /** How long a classifier is trained that is not shown strangers: longer makes it worse. */
  long paperSteps() {
    return PAPER_STEPS;
  }

  DenoiserSettings denoiser(long seed) {
    return new DenoiserSettings(
        new UNetConfig(1, 28, 28, 2, List.of(32, 64), 1, List.of(7), 128, 8, 0),
        schedule(),
        PredictionType.EPSILON,
        new OptimizerConfig(2e-3f, 100, Decay.COSINE, 0, 1, 0.995f),
        BATCH,
        false,
        seed);
  }

  ClassifierSettings classifier(long seed) {
    return paperClassifier(BITS, seed)
        .exposedTo(Exposure.standard(schedule().trainTimesteps()), Subject.X_0);
  }

  /** A classifier of the paper's training, without strangers. */
  ClassifierSettings paperClassifier(int bits, long seed) {
    return new ClassifierSettings(
        new ClassifierConfig(1, 28, 28, 2, List.of(32, 64), 1, 64, bits),
        schedule(),
        new OptimizerConfig(2e-3f, 100, Decay.COSINE, 0, 1, 0.995f),
        64,
        false,
        Background.NONE,
        new MemorizationTarget(List.of(1, 101, 201, 301), 0.999, 0.995),
        seed + 1);
  }

  ProtectionSettings protection() {
    return ProtectionSettings.handover(schedule().trainTimesteps(), Subject.X_0);
  }

  private static NoiseScheduleConfig schedule() {
    return NoiseScheduleConfig.linear(1000, 1e-4, 0.02);
  }
}
