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
 * @param key the secret under which the bits of an image are derived; not copied
 * @param broken where broken training images are reported
 */
@SuppressWarnings("ArrayRecordComponent") // the key is handed over, never compared
public record ClassifierData(
    ImageDataset training, Optional<ImageDataset> heldOut, byte[] key, BrokenImages broken) {}
