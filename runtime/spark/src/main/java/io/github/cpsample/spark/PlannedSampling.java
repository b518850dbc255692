package io.github.cpsample.spark;

import io.github.cpsample.evaluation.audit.SamplingPlan;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.comparators.SampleCost;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.comparators.Trajectory;
import io.github.cpsample.evaluation.store.SeedRange;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.Progress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Samples batches of an audit's method as the audit does: the number of a batch becomes a row for
 * each of its seeds, with the image in full precision.
 */
final class PlannedSampling implements MapPartitionsFunction<Long, Row> {
  private static final long serialVersionUID = 1L;

  /** The columns, in the order in which {@link #row} writes and {@link #sample} reads them. */
  static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("seed", DataTypes.LongType, false),
            DataTypes.createStructField("pixels", DataTypes.BinaryType, true),
            DataTypes.createStructField("steps", DataTypes.IntegerType, false),
            DataTypes.createStructField("guardedSteps", DataTypes.IntegerType, false),
            DataTypes.createStructField("returns", DataTypes.IntegerType, false),
            DataTypes.createStructField("redos", DataTypes.IntegerType, false),
            DataTypes.createStructField("recognised", DataTypes.BooleanType, false),
            DataTypes.createStructField("denoiserRows", DataTypes.LongType, false),
            DataTypes.createStructField("classifierRows", DataTypes.LongType, false),
            DataTypes.createStructField("gradientRows", DataTypes.LongType, false),
            DataTypes.createStructField("seconds", DataTypes.DoubleType, false)
          });

  private final ClusterModel model;
  private final String plan;
  private final String method;
  private final long firstSeed;
  private final int count;
  private final int together;

  /**
   * Prepares it on the driver.
   *
   * @param plan how to sample
   * @param method one of {@link SamplingPlan#METHODS}
   * @param seeds all seeds of the method
   */
  PlannedSampling(ClusterModel model, SamplingPlan plan, String method, SeedRange seeds) {
    this.model = model;
    this.plan = plan.text();
    this.method = method;
    this.firstSeed = seeds.first();
    this.count = seeds.count();
    this.together = seeds.batch();
  }

  @Override
  public Iterator<Row> call(Iterator<Long> batches) {
    TaskPlace place = new TaskPlace();
    SamplingMethod sampling = place.doing("opening " + method, this::open);
    return new Flattened<>(
        batches,
        batch -> {
          place.next();
          return place.doing(method + ", batch " + batch, () -> sample(sampling, batch)).iterator();
        });
  }

  private SamplingMethod open() {
    SamplingPlan parsed = SamplingPlan.parse(plan);
    parsed.requireVersions();
    return parsed.method(method, model.sampler());
  }

  private List<Row> sample(SamplingMethod sampling, long batch) {
    long done = batch * together;
    List<Row> rows = new ArrayList<>(together);
    sampling.sample(
        firstSeed + done,
        (int) Math.min(together, count - done),
        sample -> rows.add(row(sample)),
        Progress.none());
    return rows;
  }

  private static Row row(AuditSample sample) {
    Trajectory way = sample.trajectory();
    SampleCost cost = sample.cost();
    return RowFactory.create(
        sample.seed(),
        sample.image().map(image -> bytes(image.values())).orElse(null),
        way.steps(),
        way.guardedSteps(),
        way.returns(),
        way.redos(),
        way.recognised(),
        cost.denoiserRows(),
        cost.classifierRows(),
        cost.gradientRows(),
        cost.seconds());
  }

  /**
   * What a row stands for.
   *
   * @param row of {@link #SCHEMA}
   * @param shape of the image
   */
  static AuditSample sample(Row row, ImageShape shape) {
    Optional<FloatImage> image =
        Optional.ofNullable(row.<byte[]>getAs(1))
            .map(bytes -> FloatImage.copyOf(shape, floats(bytes), 0));
    Trajectory way =
        new Trajectory(
            row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getBoolean(6));
    SampleCost cost =
        new SampleCost(row.getLong(7), row.getLong(8), row.getLong(9), row.getDouble(10));
    return new AuditSample(row.getLong(0), image, way, cost);
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
