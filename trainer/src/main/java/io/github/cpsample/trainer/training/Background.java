package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.Batch;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Teaches a memorizing classifier to be uncertain away from the training images.
 *
 * <p>Bits alone say nothing about images between the training images, and a classifier that is
 * trained on them alone is nearly as certain of strangers as of its own. So a share of every batch
 * is replaced by mixtures of two to four of the batch's images (after Zhang et al., 2018, mixup,
 * arXiv 1710.09412), with weights uniform on the simplex. A mixture in which one image weighs more
 * than {@code certain} keeps that image's bits; below {@code uncertain} all its bits are one half;
 * in between the target changes linearly. The gate then opens in a ball around each training image
 * whose radius is chosen, about as wide as the replica rule's, instead of wherever the network
 * happens to be sure.
 *
 * @param share share of the batch that is replaced, in [0,1]; 0 is the paper's training
 * @param uncertain largest weight at which nothing is to be recognised
 * @param certain smallest weight at which the image is to be recognised fully
 */
public record Background(double share, double uncertain, double certain) {

  /** No mixtures: the training of the paper. */
  public static final Background NONE = new Background(0, 0.45, 0.65);

  private static final int MOST_IMAGES = 4;
  private static final long STREAM = 0x5DEECE66DL;

  public Background {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: expected a number in [0,1], found " + share);
    }
    if (!(uncertain >= 0 && uncertain < certain && certain <= 1)) {
      throw new IllegalArgumentException(
          "Background: expected 0 <= uncertain < certain <= 1, found "
              + uncertain
              + " and "
              + certain);
    }
  }

  /**
   * Replaces a share of a batch by mixtures.
   *
   * @param batch images and codes, not modified
   * @param seed of the mixtures
   * @param step the step; equal seeds and steps give equal mixtures
   * @return clean images [N,...] and targets [N,K], each in [0,1]
   */
  Mixed mix(Batch batch, long seed, long step) {
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom")
            .create((seed ^ STREAM) * 0x9E3779B97F4A7C15L + step);
    int size = batch.images().length / batch.size();
    int bits = batch.bits();
    Mixed mixed = new Mixed(batch.images().clone(), new float[batch.size() * bits]);
    for (int n = 0; n < batch.size(); n++) {
      double[] weights = new double[batch.size()];
      weights[n] = 1;
      if (random.nextDouble() < share) {
        weights = simplex(batch, random);
        blend(batch.images(), weights, mixed.images(), n * size, size);
      }
      target(batch, weights, mixed.targets(), n * bits);
    }
    return mixed;
  }

  /** Clean images and what their bits should be. */
  @SuppressWarnings("ArrayRecordComponent") // a hand-over of one step's buffers, never compared
  record Mixed(float[] images, float[] targets) {}

  /** Weights over the rows of a batch; rows of the same image share one place. */
  private static double[] simplex(Batch batch, RandomGenerator random) {
    double[] weights = new double[batch.size()];
    int images = random.nextInt(2, MOST_IMAGES + 1);
    double sum = 0;
    for (int i = 0; i < images; i++) {
      double weight = random.nextExponential();
      weights[firstRow(batch, random.nextInt(batch.size()))] += weight;
      sum += weight;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  private static int firstRow(Batch batch, int row) {
    int image = batch.indices()[row];
    for (int i = 0; i < row; i++) {
      if (batch.indices()[i] == image) {
        return i;
      }
    }
    return row;
  }

  private static void blend(float[] images, double[] weights, float[] to, int offset, int size) {
    Arrays.fill(to, offset, offset + size, 0);
    for (int row = 0; row < weights.length; row++) {
      if (weights[row] > 0) {
        float weight = (float) weights[row];
        for (int i = 0; i < size; i++) {
          to[offset + i] += weight * images[row * size + i];
        }
      }
    }
  }

  private void target(Batch batch, double[] weights, float[] targets, int offset) {
    int heaviest = 0;
    for (int row = 1; row < weights.length; row++) {
      heaviest = weights[row] > weights[heaviest] ? row : heaviest;
    }
    double known = (weights[heaviest] - uncertain) / (certain - uncertain);
    double certainty = Math.max(0, Math.min(1, known));
    int bits = batch.bits();
    for (int k = 0; k < bits; k++) {
      double bit = batch.codes()[heaviest * bits + k];
      targets[offset + k] = (float) (certainty * bit + (1 - certainty) / 2);
    }
  }
}
