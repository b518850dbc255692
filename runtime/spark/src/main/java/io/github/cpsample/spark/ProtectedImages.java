package io.github.cpsample.spark;

import io.github.cpsample.sampling.SampleRequest;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Samples a model on a cluster. Image {@code i} is a function of the model, the request and {@code
 * seed + i} alone, bit for bit on processors of one kind: how many partitions and executors there
 * are, retries and speculation change nothing. That holds because images are computed together in
 * blocks of the request's batch size, which begin at seeds that are its multiples; up to a block at
 * either end is computed for the images of it that are asked for.
 *
 * <pre>{@code
 * ClusterModel model = ClusterModel.ship(spark, Path.of("photos-model"));
 * Dataset<Row> images =
 *     ProtectedImages.generate(spark, model, SampleRequest.of(1).withSeed(7), 1_000_000);
 * }</pre>
 */
public final class ProtectedImages {

  /** Number of the image, from 0: {@code long}. */
  public static final String ID = "id";

  /** Its seed, the request's seed plus its id: {@code long}. */
  public static final String SEED = "seed";

  /** The image as a PNG file: {@code binary}; null if it was rejected. */
  public static final String PNG = "png";

  /** Whether it was guarded in at least one step: {@code boolean}; null if it was rejected. */
  public static final String GUARDED = "guarded";

  /**
   * Whether it is too close to an image of the model's index: {@code boolean}; null if there is no
   * index, or it was rejected.
   */
  public static final String FLAGGED = "flagged";

  /** Why there is no image: {@code string}; null where there is one. */
  public static final String REJECTED = "rejected";

  /** The columns. */
  public static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(ID, DataTypes.LongType, false),
            DataTypes.createStructField(SEED, DataTypes.LongType, false),
            DataTypes.createStructField(PNG, DataTypes.BinaryType, true),
            DataTypes.createStructField(GUARDED, DataTypes.BooleanType, true),
            DataTypes.createStructField(FLAGGED, DataTypes.BooleanType, true),
            DataTypes.createStructField(REJECTED, DataTypes.StringType, true)
          });

  private static final String BLOCK = "block";
  private static final String IDS = "ids";
  private static final StructType BLOCKS =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(BLOCK, DataTypes.LongType, false),
            DataTypes.createStructField(IDS, ArrayType.apply(DataTypes.LongType, false), true)
          });

  private static final int IMAGES_PER_PARTITION = 10_000;
  private static final int PARTITIONS_PER_CORE = 4;

  private ProtectedImages() {}

  /**
   * Samples images, in so many partitions that every core gets some, of at most about 10,000 images
   * each.
   *
   * @param spark the session that the model was shipped with
   * @param model the model, possibly with an index
   * @param request how to sample; its count is of no account
   * @param count the number of images, at least 1
   * @return rows of {@link #SCHEMA}, computed whenever an action asks for them
   * @throws IllegalArgumentException if the model cannot do what is asked, the request has images
   *     of its own, other protection than the bundle's or a certainty trace, or a number is out of
   *     range
   */
  public static Dataset<Row> generate(
      SparkSession spark, ClusterModel model, SampleRequest request, long count) {
    return generate(spark, model, request, count, partitions(spark, count));
  }

  /**
   * Samples images.
   *
   * @param spark the session that the model was shipped with
   * @param model the model, possibly with an index
   * @param request how to sample; its count is of no account
   * @param count the number of images, at least 1
   * @param partitions of the data set, at least 1
   * @return rows of {@link #SCHEMA}, computed whenever an action asks for them
   * @throws IllegalArgumentException as {@link #generate(SparkSession, ClusterModel, SampleRequest,
   *     long)}
   */
  public static Dataset<Row> generate(
      SparkSession spark, ClusterModel model, SampleRequest request, long count, int partitions) {
    requireAtLeastOne("count", count);
    requireAtLeastOne("partitions", partitions);
    TravellingRequest travelling = TravellingRequest.of(model.manifest(), request);
    Math.addExact(request.seed(), count);
    int together = request.batchSize();
    long first = Math.floorDiv(request.seed(), (long) together);
    long last = Math.floorDiv(request.seed() + count - 1, (long) together);
    MapFunction<Long, Row> toBlock = block -> RowFactory.create(block, null);
    return sampled(
        spark.range(first, last + 1, 1, partitions).map(toBlock, Encoders.row(BLOCKS)),
        new BlockSampling(model, travelling, count));
  }

  /**
   * Samples those images that are not there yet.
   *
   * @param present a data set with a column {@link #ID}
   */
  static Dataset<Row> generateMissing(
      SparkSession spark,
      ClusterModel model,
      SampleRequest request,
      long count,
      int partitions,
      Dataset<Row> present) {
    requireAtLeastOne("count", count);
    requireAtLeastOne("partitions", partitions);
    TravellingRequest travelling = TravellingRequest.of(model.manifest(), request);
    String seed = "(" + ID + " + " + request.seed() + ")";
    String together = Integer.toString(request.batchSize());
    Dataset<Row> blocks =
        spark
            .range(count)
            .toDF(ID)
            .join(present.select(ID), new String[] {ID}, "left_anti")
            .groupBy(
                functions
                    .expr("(" + seed + " - pmod(" + seed + ", " + together + ")) div " + together)
                    .as(BLOCK))
            .agg(functions.collect_list(ID).as(IDS));
    return sampled(blocks.repartition(partitions), new BlockSampling(model, travelling, count));
  }

  private static Dataset<Row> sampled(Dataset<Row> blocks, BlockSampling sampling) {
    return blocks.mapPartitions(sampling, Encoders.row(SCHEMA));
  }

  static int partitions(SparkSession spark, long count) {
    long wanted =
        Math.max(
            (long) PARTITIONS_PER_CORE * spark.sparkContext().defaultParallelism(),
            (count + IMAGES_PER_PARTITION - 1) / IMAGES_PER_PARTITION);
    return (int) Math.min(Integer.MAX_VALUE, wanted);
  }

  static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          name + ": expected a number of at least 1, found " + value);
    }
  }
}
