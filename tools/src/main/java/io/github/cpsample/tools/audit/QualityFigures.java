package io.github.cpsample.tools.audit;

import io.github.cpsample.tools.audit.quality.PrecisionRecall;
import io.github.cpsample.tools.audit.quality.SubsetKernelDistance;
import io.github.cpsample.trainer.evaluation.FeatureExtractor;
import io.github.cpsample.trainer.evaluation.FrechetDistance;
import java.util.Arrays;

/**
 * Are the images as good as real ones? Everything is compared with the held-out images, in the
 * features of an embedder.
 *
 * @param frechetDistance Frechet distance
 * @param kernelDistance mean of the kernel distance over subsets
 * @param kernelDeviation standard deviation of the subsets
 * @param precision share of generated images within the held-out images' neighbourhoods
 * @param recall share of held-out images within the generated images' neighbourhoods
 */
public record QualityFigures(
    double frechetDistance,
    double kernelDistance,
    double kernelDeviation,
    double precision,
    double recall) {

  static QualityFigures of(
      FeatureExtractor features, float[][] images, float[][] heldOut, long seed) {
    double[][] generated = features.of(images);
    double[][] real = features.of(heldOut);
    SubsetKernelDistance.Estimate kernel =
        SubsetKernelDistance.usual(seed).between(generated, real);
    int equal = Math.min(generated.length, real.length);
    PrecisionRecall neighbourhoods =
        PrecisionRecall.of(
            floats(real, equal), floats(generated, equal), PrecisionRecall.USUAL_NEIGHBOURS);
    return new QualityFigures(
        FrechetDistance.between(generated, real),
        kernel.mean(),
        kernel.deviation(),
        neighbourhoods.precision(),
        neighbourhoods.recall());
  }

  /** The first rows, in single precision. */
  private static float[][] floats(double[][] rows, int count) {
    return Arrays.stream(rows, 0, count)
        .map(
            row -> {
              float[] values = new float[row.length];
              for (int i = 0; i < row.length; i++) {
                values[i] = (float) row[i];
              }
              return values;
            })
        .toArray(float[][]::new);
  }
}
