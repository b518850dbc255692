package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import java.util.Optional;

/**
 * What a memorizing classifier is trained and measured on.
 *
 * @param training the images to be protected; not owned
 * @param heldOut images of the same kind that were not trained on, for false alarms, where there
 *     are any; not owned
 * @param strangers images that nobody protects, to be uncertain of, where there are any; not owned
 * @param denoiser the denoiser to be guarded, where it can be run; not owned
 * @param key the secret under which the bits of an image are derived; not copied
 * @param broken where broken training images are reported
 * @param falseAlarms the share of strangers that may be guarded at any one noise level, in (0, 1):
 *     what the thresholds are measured for
 */
@SuppressWarnings("ArrayRecordComponent") // the key is handed over, never compared
public record ClassifierData(
    ImageDataset training,
    Optional<ImageDataset> heldOut,
    Optional<ImageDataset> strangers,
    Optional<DenoisedStates> denoiser,
    byte[] key,
    BrokenImages broken,
    double falseAlarms) {

  private static final double FALSE_ALARMS = 0.01;

  public ClassifierData {
    if (!(falseAlarms > 0 && falseAlarms < 1)) {
      throw new IllegalArgumentException(
          "falseAlarms: expected a number in (0, 1), found " + falseAlarms);
    }
  }

  /**
   * Without strangers and denoiser, for one false alarm in a hundred.
   *
   * @param training the images to be protected; not owned
   * @param heldOut images that were not trained on; not owned
   * @param key the secret of the bits; not copied
   * @param broken where broken training images are reported
   */
  public ClassifierData(
      ImageDataset training, Optional<ImageDataset> heldOut, byte[] key, BrokenImages broken) {
    this(training, heldOut, Optional.empty(), Optional.empty(), key, broken, FALSE_ALARMS);
  }

  /**
   * The same with strangers.
   *
   * @param images images that nobody protects; not owned
   * @return a copy
   */
  public ClassifierData withStrangers(ImageDataset images) {
    return new ClassifierData(
        training, heldOut, Optional.of(images), denoiser, key, broken, falseAlarms);
  }

  /**
   * The same with the denoiser to be guarded.
   *
   * @param states the denoiser; not owned
   * @return a copy
   */
  public ClassifierData withDenoiser(DenoisedStates states) {
    return new ClassifierData(
        training, heldOut, strangers, Optional.of(states), key, broken, falseAlarms);
  }

  /**
   * The same for another share of false alarms.
   *
   * @param share in (0, 1)
   * @return a copy
   */
  public ClassifierData withFalseAlarms(double share) {
    return new ClassifierData(training, heldOut, strangers, denoiser, key, broken, share);
  }
}
