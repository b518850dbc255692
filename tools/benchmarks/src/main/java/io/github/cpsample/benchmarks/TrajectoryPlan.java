package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.DdimConfig;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.List;

/** What all sides sample: a batch of images by the model's DDIM, from the same seeds. */
final class TrajectoryPlan {

  /**
   * What is compared is a push with every guarded step, which all the ways of sampling here know;
   * the shipped model's own protection sends images back, each in its own time.
   */
  static final ProtectionSettings PUSH =
      ProtectionSettings.of("code", "opposite-label", 0.07, 120, 0, 500);

  static final int STEPS = 50;
  static final long SEED = 7;

  private final Manifest manifest;
  private final int rows;
  private final int steps;

  TrajectoryPlan(Manifest manifest, int rows, int steps) {
    var spec = manifest.sampler();
    if (!spec.kind().equals("ddim") || spec.eta() != 0 || manifest.denoiser().classes() > 0) {
      throw new IllegalStateException(
          "shipped model: expected an unconditional one sampled by ddim with eta 0, found "
              + manifest.denoiser()
              + " and "
              + spec);
    }
    this.manifest = manifest;
    this.rows = rows;
    this.steps = steps;
  }

  Manifest manifest() {
    return manifest;
  }

  int rows() {
    return rows;
  }

  int steps() {
    return steps;
  }

  NoiseSchedule schedule() {
    return manifest.schedule().create();
  }

  Sampler sampler() {
    DdimConfig.Clipping clipping =
        clips() ? DdimConfig.Clipping.SAMPLE_AND_EPSILON : DdimConfig.Clipping.NONE;
    return new DdimConfig(steps, 0, manifest.sampler().timestepSpacing(), 0, true, clipping)
        .create(schedule(), manifest.denoiser().predictionType());
  }

  boolean clips() {
    return manifest.sampler().clipSample();
  }

  /** Fills the initial noise of every image, as the library draws it. */
  void fillNoise(float[] x) {
    int size = manifest.image().size();
    for (int row = 0; row < rows; row++) {
      RandomMode.JAVA.open(SEED + row).initial().fill(x, row * size, size);
    }
  }

  /** The batches that every report measures. */
  static final class Batches {

    static final List<Integer> ALL = List.of(1, 4, 16, 64);

    private Batches() {}
  }
}
