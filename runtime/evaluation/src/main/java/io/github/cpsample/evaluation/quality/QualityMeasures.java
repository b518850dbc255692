package io.github.cpsample.evaluation.quality;

import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.ProportionInterval;
import io.github.cpsample.evaluation.statistics.RandomRows;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.statistics.Subsampling;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Compares sets of images in the features of one embedder: Frechet distance and kernel distance,
 * precision and recall, each with an interval by {@link Subsampling}.
 *
 * <p>A bootstrap would draw images twice, and each of the four numbers takes copies of an image for
 * something they are not: distances come out too large, neighbourhoods too small. Parts without
 * copies do not have that fault. Intervals of precision and recall, which are shares of images, are
 * no narrower than Wilson's (1927) of so many independent ones. Parts are of at most {@value
 * #LARGEST_PART} images, so that the intervals cost the same however many images there are. Memory
 * holds the vectors of a few parts, and of at most {@value #MOST_NEIGHBOURS} images per set for
 * precision and recall.
 *
 * @param embedder in whose features images are compared
 * @param seed of subsets and parts
 */
public record QualityMeasures(String embedder, long seed) {

  /** The least number of images of a set: one more than a neighbourhood and its centre. */
  public static final int LEAST = PrecisionRecall.USUAL_NEIGHBOURS + 2;

  /** At most so many images of each set are compared for precision and recall. */
  public static final int MOST_NEIGHBOURS = 10_000;

  private static final int LARGEST_PART = 500;
  private static final int DRAWS = 40;
  private static final double LEVEL = 0.95;

  /**
   * Compares a set with another one.
   *
   * @param images the set
   * @param reference what it is compared with
   * @return the figures
   * @throws IllegalArgumentException if features of different lengths are compared
   */
  public QualityFigures compare(FeatureSet images, FeatureSet reference) {
    int count = images.rows().size();
    int references = reference.rows().size();
    double[] distances = {
      FrechetDistance.between(images.summary(), reference.summary()),
      SubsetKernelDistance.usual(seed).between(images.rows(), reference.rows()).mean()
    };
    List<Interval> intervals =
        parts(2)
            .ofTwoSets(
                distances,
                count,
                references,
                (a, b) -> distances(images.rows(), a, reference.rows(), b));
    List<Interval> neighbourhoods = neighbourhoods(images.rows(), reference.rows());
    return new QualityFigures(
        images.name(),
        embedder,
        reference.name(),
        count,
        references,
        intervals.get(0).within(0, Double.MAX_VALUE),
        intervals.get(1),
        neighbourhoods.get(0),
        neighbourhoods.get(1));
  }

  private Subsampling parts(int least) {
    return new Subsampling(DRAWS, LARGEST_PART, least, LEVEL, seed);
  }

  private static double[] distances(RowSource images, int[] a, RowSource reference, int[] b) {
    double[][] generated = FeatureRows.widened(FeatureRows.some(images, a));
    double[][] real = FeatureRows.widened(FeatureRows.some(reference, b));
    return new double[] {
      FrechetDistance.between(generated, real), KernelDistance.between(generated, real)
    };
  }

  /** Of equal numbers of both, since larger sets have smaller neighbourhoods. */
  private List<Interval> neighbourhoods(RowSource images, RowSource reference) {
    int equal = Math.min(MOST_NEIGHBOURS, Math.min(images.size(), reference.size()));
    Random random = new Random(seed);
    float[][] generated = FeatureRows.some(images, RandomRows.draw(random, images.size(), equal));
    float[][] real = FeatureRows.some(reference, RandomRows.draw(random, reference.size(), equal));
    return parts(LEAST - 1)
        .ofTwoSets(
            neighbourhoods(real, generated),
            equal,
            equal,
            (a, b) -> neighbourhoods(chosen(real, b), chosen(generated, a)))
        .stream()
        .map(share -> noNarrowerThanCounted(share, equal))
        .toList();
  }

  /** Parts that are all within, or all without, do not vary, and yet are few images. */
  private static Interval noNarrowerThanCounted(Interval share, int images) {
    ProportionInterval counted =
        ProportionInterval.wilson95(Math.round(share.value() * images), images);
    return new Interval(
            share.value(),
            Math.min(share.low(), counted.low()),
            Math.max(share.high(), counted.high()))
        .within(0, 1);
  }

  private static double[] neighbourhoods(float[][] real, float[][] generated) {
    PrecisionRecall found = PrecisionRecall.of(real, generated, PrecisionRecall.USUAL_NEIGHBOURS);
    return new double[] {found.precision(), found.recall()};
  }

  private static float[][] chosen(float[][] rows, int[] indices) {
    return Arrays.stream(indices).mapToObj(i -> rows[i]).toArray(float[][]::new);
  }
}
