package io.github.cpsample.tools.audit;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.similarity.ReplicaMatch;
import io.github.cpsample.trainer.evaluation.ReplicaReport;
import java.util.List;

/**
 * The images of one side of an audit, protected or not.
 *
 * @param result the images with their reports
 * @param replicas the images held against the training images
 */
public record SampledSide(SampleResult result, ReplicaReport replicas) {

  float[][] rows() {
    return result.images().stream().map(FloatImage::values).toArray(float[][]::new);
  }

  /** 1 for every replica, 0 for every other image. */
  double[] flags() {
    return replicas.matches().stream().mapToDouble(match -> match.replica() ? 1 : 0).toArray();
  }

  List<ReplicaMatch> matches() {
    return replicas.matches();
  }

  double secondsPerImage() {
    return result.totals().seconds() / result.images().size();
  }
}
