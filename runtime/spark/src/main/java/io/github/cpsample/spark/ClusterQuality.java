package io.github.cpsample.spark;

import io.github.cpsample.evaluation.quality.FeatureMoments;
import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.evaluation.quality.KernelDistance;
import io.github.cpsample.evaluation.quality.SubsetKernelDistance;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The Frechet distance from moments that are summed where the features are, and the kernel distance
 * from subsets, each of which is computed by one task. The subsets are those of one machine: images
 * count in the order of their ids.
 */
final class ClusterQuality {

  /** Feature vectors whose moments are summed at once. */
  private static final int TOGETHER = 256;

  private static final int LEAST = 2;

  private final SubsetKernelDistance subsets;

  ClusterQuality(SubsetKernelDistance subsets) {
    this.subsets = subsets;
  }

  /** A vector in its place of a subset. */
  private static final class Placed implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean first;
    private final int place;
    private final float[] values;

    Placed(boolean first, int place, float[] values) {
      this.first = first;
      this.place = place;
      this.values = values;
    }
  }

  ImageAudit.Quality compare(
      Dataset<Row> images, Dataset<Row> reference, ClusterFeatures features) {
    JavaRDD<Row> first = rows(images, features);
    JavaRDD<Row> second = rows(reference, features);
    try {
      FeatureMoments firstMoments = moments("images", first);
      FeatureMoments secondMoments = moments("reference", second);
      double frechet = FrechetDistance.between(firstMoments.summary(), secondMoments.summary());
      int firstCount = Math.toIntExact(firstMoments.count());
      int secondCount = Math.toIntExact(secondMoments.count());
      List<SubsetKernelDistance.Subset> drawn = subsets.draw(firstCount, secondCount);
      JavaPairRDD<Integer, Placed> all =
          placed(first, true, drawn).union(placed(second, false, drawn));
      double[] distances = new double[drawn.size()];
      for (Tuple2<Integer, Double> found :
          all.groupByKey().mapValues(ClusterQuality::kernelDistance).collect()) {
        distances[found._1()] = found._2();
      }
      SubsetKernelDistance.Estimate kernel = subsets.estimate(distances);
      return new ImageAudit.Quality(
          firstCount, secondCount, frechet, kernel.mean(), kernel.deviation());
    } finally {
      first.unpersist();
      second.unpersist();
    }
  }

  private static JavaRDD<Row> rows(Dataset<Row> images, ClusterFeatures features) {
    return FeatureRows.of(images, features).toJavaRDD().persist(StorageLevel.MEMORY_AND_DISK_SER());
  }

  private static FeatureMoments moments(String name, JavaRDD<Row> rows) {
    JavaRDD<FeatureMoments> parts = rows.mapPartitions(ClusterQuality::moments);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          name + ": expected at least " + LEAST + " images that can be decoded, found none");
    }
    return parts.treeReduce(
        (a, b) -> {
          a.addAll(b);
          return a;
        });
  }

  /** The moments of a partition; none where it is empty. */
  private static Iterator<FeatureMoments> moments(Iterator<Row> rows) {
    FeatureMoments moments = null;
    Chunks<Row> chunks = new Chunks<>(rows, TOGETHER);
    while (chunks.hasNext()) {
      double[][] values =
          chunks.next().stream()
              .map(row -> widened(FeatureRows.values(row.<byte[]>getAs(1))))
              .toArray(double[][]::new);
      moments = moments == null ? new FeatureMoments(values[0].length) : moments;
      moments.add(values);
    }
    return moments == null ? List.<FeatureMoments>of().iterator() : List.of(moments).iterator();
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /**
   * The vectors that are in subsets, once for each subset. What is sent to the executors says of
   * every id in which subsets it is, and at which place.
   */
  private static JavaPairRDD<Integer, Placed> placed(
      JavaRDD<Row> rows, boolean first, List<SubsetKernelDistance.Subset> drawn) {
    Map<Long, List<int[]>> byRank = new HashMap<>();
    for (int subset = 0; subset < drawn.size(); subset++) {
      int[] chosen = first ? drawn.get(subset).first() : drawn.get(subset).second();
      for (int place = 0; place < chosen.length; place++) {
        byRank
            .computeIfAbsent((long) chosen[place], rank -> new ArrayList<>())
            .add(new int[] {subset, place});
      }
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(rows.context());
    Set<Long> ranks = new HashSet<>(byRank.keySet());
    Broadcast<Set<Long>> wanted = context.broadcast(ranks);
    Map<Long, List<int[]>> byId = new HashMap<>();
    rows.map(row -> row.getLong(0))
        .sortBy(id -> id, true, Math.max(1, rows.getNumPartitions()))
        .zipWithIndex()
        .filter(ranked -> wanted.value().contains(ranked._2()))
        .collect()
        .forEach(ranked -> byId.put(ranked._1(), byRank.get(ranked._2())));
    Broadcast<Map<Long, List<int[]>>> uses = context.broadcast(byId);
    return rows.flatMapToPair(
        row -> {
          List<Tuple2<Integer, Placed>> found = new ArrayList<>();
          for (int[] use : uses.value().getOrDefault(row.getLong(0), List.of())) {
            float[] values = FeatureRows.values(row.<byte[]>getAs(1));
            found.add(new Tuple2<>(use[0], new Placed(first, use[1], values)));
          }
          return found.iterator();
        });
  }

  private static double kernelDistance(Iterable<Placed> vectors) {
    List<Placed> all = new ArrayList<>();
    vectors.forEach(all::add);
    double[][] first = new double[all.size() / 2][];
    double[][] second = new double[all.size() / 2][];
    for (Placed vector : all) {
      (vector.first ? first : second)[vector.place] = widened(vector.values);
    }
    if (Arrays.asList(first).contains(null) || Arrays.asList(second).contains(null)) {
      throw new IllegalStateException("images: expected ids of their own, found an id twice");
    }
    return KernelDistance.between(first, second);
  }
}
