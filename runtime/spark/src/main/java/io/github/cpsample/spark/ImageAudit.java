package io.github.cpsample.spark;

import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.quality.SubsetKernelDistance;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.sampling.SampleRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Measures sets of images on a cluster. A set is a data set with the columns {@code id}, a whole
 * number of its own for every image, and {@code png}, an image file in any format that the runtime
 * decodes; {@link ProtectedImages} makes such sets. Images that cannot be decoded are left out of
 * all figures; {@link #rejected} names them.
 */
public final class ImageAudit {

  /** Id of an image: {@code long}. */
  public static final String ID = ProtectedImages.ID;

  /** Id of the nearest training image: {@code long}; the smallest where several are as near. */
  public static final String NEAREST = "nearest";

  /** Euclidean distance to it: {@code double}. */
  public static final String DISTANCE = "distance";

  /** Mean distance to the five next nearest training images: {@code double}. */
  public static final String MEAN_OF_NEXT = "mean_of_next";

  /** Whether {@link ReplicaRule#STANDARD} calls it a replica: {@code boolean}. */
  public static final String REPLICA = "replica";

  /** The columns of {@link #nearest}. */
  public static final StructType MATCHES =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(ID, DataTypes.LongType, false),
            DataTypes.createStructField(NEAREST, DataTypes.LongType, false),
            DataTypes.createStructField(DISTANCE, DataTypes.DoubleType, false),
            DataTypes.createStructField(MEAN_OF_NEXT, DataTypes.DoubleType, false),
            DataTypes.createStructField(REPLICA, DataTypes.BooleanType, false)
          });

  /** Name of an attack: {@code string}, as in the audit's work folder. */
  public static final String ATTACK = "attack";

  /** What an attack gives an image, low for members: {@code double}. */
  public static final String SCORE = "score";

  /** The columns of {@link #scores}; {@code guarded} says whether predictions were protected. */
  public static final StructType SCORES =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(ID, DataTypes.LongType, false),
            DataTypes.createStructField(ATTACK, DataTypes.StringType, false),
            DataTypes.createStructField(ProtectedImages.GUARDED, DataTypes.BooleanType, false),
            DataTypes.createStructField(SCORE, DataTypes.DoubleType, false)
          });

  /** Training sets of at most so many bytes are sent to every process whole: 1 GiB. */
  public static final long BROADCAST_BYTES = 1L << 30;

  private ImageAudit() {}

  /**
   * How far two sets are from each other.
   *
   * @param images images of the first set that could be decoded
   * @param references images of the second one
   * @param frechet the squared Frechet distance, at least 0; FID in Inception's features
   * @param kernel the kernel distance, KID in Inception's features; may be negative
   * @param kernelDeviation its standard deviation over subsets
   */
  public record Quality(
      long images, long references, double frechet, double kernel, double kernelDeviation) {}

  /**
   * The images that cannot be decoded.
   *
   * @param images a set
   * @param features whose shape images are decoded to
   * @return {@code id}, or -1 where there is none, {@code partition}, {@code row} in it from 0, and
   *     {@code reason}
   */
  public static Dataset<Row> rejected(Dataset<Row> images, ClusterFeatures features) {
    return FeatureRows.rejected(images, features);
  }

  /**
   * Finds the nearest training image of every image, exactly, as the audit of one machine does.
   * Training images that are equal number for number count once, by the smallest id.
   *
   * @param generated the set
   * @param training the training images; a set of up to {@link #BROADCAST_BYTES} of features is
   *     sent to every process whole, a larger one is joined block by block
   * @param features where images are compared
   * @return rows of {@link #MATCHES}
   * @throws IllegalArgumentException if fewer than six training images differ
   */
  public static Dataset<Row> nearest(
      Dataset<Row> generated, Dataset<Row> training, ClusterFeatures features) {
    return nearest(generated, training, features, BROADCAST_BYTES);
  }

  /**
   * The same, with another limit.
   *
   * @param broadcastBytes how large a training set is sent whole
   */
  static Dataset<Row> nearest(
      Dataset<Row> generated,
      Dataset<Row> training,
      ClusterFeatures features,
      long broadcastBytes) {
    return nearest(
        FeatureRows.of(generated, features),
        FeatureRows.distinct(training, features),
        features.name(),
        broadcastBytes);
  }

  /**
   * The same of rows of id and values.
   *
   * @param reference all different
   * @param space its name, for errors
   */
  static Dataset<Row> nearest(
      Dataset<Row> queries, Dataset<Row> reference, String space, long broadcastBytes) {
    SparkSession spark = queries.sparkSession();
    JavaRDD<RowBlock> blocks =
        blocks(reference, BlockSearch.ROWS).persist(StorageLevel.MEMORY_AND_DISK());
    // One job for both: it reads, decodes and embeds the training images.
    Tuple2<Long, Long> sizeAndBytes =
        blocks
            .map(block -> new Tuple2<>((long) block.size(), block.bytes()))
            .fold(new Tuple2<>(0L, 0L), (a, b) -> new Tuple2<>(a._1() + b._1(), a._2() + b._2()));
    long size = sizeAndBytes._1();
    ReplicaRule rule = ReplicaRule.STANDARD;
    if (size <= rule.neighbours()) {
      blocks.unpersist();
      throw new IllegalArgumentException(
          "training: expected more than "
              + rule.neighbours()
              + " different images for this rule, found "
              + size
              + " in "
              + space);
    }
    if (sizeAndBytes._2() > broadcastBytes) {
      return joined(spark, queries, blocks);
    }
    List<RowBlock> all = new ArrayList<>(blocks.collect());
    blocks.unpersist();
    return broadcast(
        queries, JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(all));
  }

  private static JavaRDD<RowBlock> blocks(Dataset<Row> rows, int most) {
    return rows.toJavaRDD().mapPartitions(partition -> RowBlock.of(partition, most));
  }

  private static Dataset<Row> broadcast(Dataset<Row> queries, Broadcast<List<RowBlock>> reference) {
    MapPartitionsFunction<Row, Row> search =
        rows -> matches(RowBlock.of(rows, BlockSearch.QUERIES), reference.value());
    return queries.mapPartitions(search, Encoders.row(MATCHES));
  }

  /** The matches of a partition, block after block. */
  private static Iterator<Row> matches(Iterator<RowBlock> queries, List<RowBlock> reference) {
    TaskPlace place = new TaskPlace();
    BlockSearch search =
        place.doing(
            "matrix product", () -> new BlockSearch(reference.get(0).width(), neighbours()));
    return new Flattened<>(
        queries, block -> place.doing(block, () -> matches(block, reference, search)));
  }

  private static Iterator<Row> matches(
      RowBlock block, List<RowBlock> reference, BlockSearch search) {
    Nearest[] found = search.begin(block);
    reference.forEach(rows -> search.search(block, rows, found));
    List<Row> rows = new ArrayList<>(found.length);
    for (int i = 0; i < found.length; i++) {
      rows.add(found[i].match(block.id(i), ReplicaRule.STANDARD));
    }
    return rows.iterator();
  }

  private static Dataset<Row> joined(
      SparkSession spark, Dataset<Row> queries, JavaRDD<RowBlock> reference) {
    // Every block of queries meets every block of the reference; its features are computed once.
    JavaPairRDD<Long, Nearest> found =
        blocks(queries, BlockSearch.QUERIES)
            .persist(StorageLevel.MEMORY_AND_DISK())
            .cartesian(reference)
            .mapPartitionsToPair(ImageAudit::searched)
            .reduceByKey(Nearest::addAll);
    return spark.createDataFrame(
        found.map(entry -> entry._2().match(entry._1(), ReplicaRule.STANDARD)), MATCHES);
  }

  private static Iterator<Tuple2<Long, Nearest>> searched(
      Iterator<Tuple2<RowBlock, RowBlock>> pairs) {
    BlockSearch[] search = new BlockSearch[1];
    TaskPlace place = new TaskPlace();
    return new Flattened<>(
        pairs,
        pair ->
            place.doing(
                pair._1(),
                () -> {
                  RowBlock block = pair._1();
                  if (search[0] == null) {
                    search[0] = new BlockSearch(block.width(), neighbours());
                  }
                  Nearest[] found = search[0].begin(block);
                  search[0].search(block, pair._2(), found);
                  List<Tuple2<Long, Nearest>> rows = new ArrayList<>(found.length);
                  for (int i = 0; i < found.length; i++) {
                    rows.add(new Tuple2<>(block.id(i), found[i]));
                  }
                  return rows.iterator();
                }));
  }

  private static int neighbours() {
    return ReplicaRule.STANDARD.neighbours() + 1;
  }

  /**
   * Compares two sets: the Frechet distance from moments that are summed where the images are, and
   * the kernel distance over 100 subsets of up to 1000 images, the ones that one machine draws from
   * images in the order of their ids.
   *
   * @param images at least two images
   * @param reference at least two images, as many as an {@code int} counts
   * @param features where they are compared
   * @param seed of the subsets
   * @return the distances
   * @throws IllegalArgumentException if a set is too small
   */
  public static Quality quality(
      Dataset<Row> images, Dataset<Row> reference, ClusterFeatures features, long seed) {
    return new ClusterQuality(SubsetKernelDistance.usual(seed))
        .compare(images, reference, features);
  }

  /**
   * Scores images by the attacks on predictions that an audit makes, on unprotected and on
   * protected predictions. Scores tell training images from others: keep them where those are.
   *
   * @param images a set
   * @param model the attacked model, one that samples pixels
   * @param request what the model needs besides images, such as a class, and how many images are
   *     computed together; its count and seed are of no account
   * @param seed of what attacks draw
   * @return rows of {@link #SCORES}
   */
  public static Dataset<Row> scores(
      Dataset<Row> images, ClusterModel model, SampleRequest request, long seed) {
    return membership(model, request, seed).scores(images);
  }

  /**
   * What attacks on predictions can tell: scores are computed where the images are, statistics on
   * the driver, by the code of the one-machine audit.
   *
   * @param members images that the model was trained on, at least two
   * @param others images of the same kind that it was not trained on, at least two
   * @param model the attacked model, one that samples pixels
   * @param request what the model needs besides images, such as a class, and how many images are
   *     computed together; its count and seed are of no account
   * @param seed of what attacks draw
   * @return the figures of every attack
   * @throws IllegalArgumentException if there are fewer than two members or others, or the model
   *     samples latents or cannot do what is asked
   */
  public static List<MembershipFigures> membership(
      Dataset<Row> members,
      Dataset<Row> others,
      ClusterModel model,
      SampleRequest request,
      long seed) {
    ClusterMembership membership = membership(model, request, seed);
    Dataset<Row> in = membership.scores(members).persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> out = membership.scores(others).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return membership.figures(in, out);
    } finally {
      in.unpersist();
      out.unpersist();
    }
  }

  private static ClusterMembership membership(
      ClusterModel model, SampleRequest request, long seed) {
    if (model.manifest().pipeline().latent().isPresent()) {
      throw new IllegalArgumentException(
          "model "
              + model.manifest().name()
              + ": expected one that samples pixels, found one that samples latents; audit it on"
              + " one machine with 'cpsample audit'");
    }
    return new ClusterMembership(model, TravellingRequest.of(model.manifest(), request), seed);
  }
}
