package io.github.cpsample.spark;

import io.github.cpsample.evaluation.audit.OutsideSampling;
import io.github.cpsample.evaluation.audit.SamplingPlan;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.store.SeedRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code spark-submit} starts to make the images of an audit, unprotected and protected ones,
 * that {@code cpsample audit --prepare} began. They come into the audit's work folder in the order
 * of their seeds, bit for bit those that the audit would make; the audit's command then does the
 * rest. Started again with the same arguments, it makes what is missing.
 */
public final class AuditSampleJob {

  static final JobOptions OPTIONS =
      new JobOptions(
          "AuditSampleJob",
          new Options()
              .addRequiredOption(null, "model", true, "folder or zip file of the audited bundle")
              .addRequiredOption(null, "out", true, "the audit's --out, prepared, on this machine")
              .addOption(null, "partitions", true, "number of tasks at a time"));

  /** What a task samples before its images are written. */
  private static final int BATCHES_PER_TASK = 4;

  /** What the driver takes from all tasks at a time: a quarter of what Spark allows by default. */
  private static final long MOST_BYTES = 256L << 20;

  private AuditSampleJob() {}

  /**
   * Runs the job.
   *
   * @param arguments options; none at all shows which there are
   * @throws IOException if the model cannot be read, or the folder is not that of a prepared audit
   *     of this model, or cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    CommandLine line = OPTIONS.parse(arguments);
    SparkSession spark = SparkSession.builder().appName("cpsample audit images").getOrCreate();
    try {
      System.out.println(run(spark, line));
    } finally {
      spark.stop();
    }
  }

  /** Runs it in a session. */
  static String run(SparkSession spark, String... arguments) throws IOException {
    return run(spark, OPTIONS.parse(arguments));
  }

  private static String run(SparkSession spark, CommandLine line) throws IOException {
    ClusterModel model = ClusterModel.ship(spark, Path.of(line.getOptionValue("model")));
    StringBuilder done = new StringBuilder();
    try (OutsideSampling audit =
        OutsideSampling.open(
            Path.of(line.getOptionValue("out")).resolve("work"), model.manifest())) {
      for (String method : SamplingPlan.METHODS) {
        int before = audit.done(method);
        long some = ProtectedImages.partitions(spark, audit.seeds(method).count());
        long partitions = OPTIONS.whole(line, "partitions", some);
        ProtectedImages.requireAtLeastOne("--partitions", partitions);
        fill(spark, model, audit, method, partitions);
        done.append(method)
            .append(": ")
            .append(audit.done(method) - before)
            .append(" images made, ")
            .append(before)
            .append(" there before\n");
      }
    }
    return done + "now give the audit's command again, without --prepare";
  }

  /** Samples some batches at a time on all executors, and writes them in their order. */
  private static void fill(
      SparkSession spark, ClusterModel model, OutsideSampling audit, String method, long partitions)
      throws IOException {
    SeedRange seeds = audit.seeds(method);
    PlannedSampling sampling = new PlannedSampling(model, audit.plan(), method, seeds);
    long batches = ((long) seeds.count() + seeds.batch() - 1) / seeds.batch();
    long most = Math.min(partitions * BATCHES_PER_TASK, batchesThatFit(model, seeds));
    String place = "Apache Spark, cores for each task: " + cores(spark);
    long next = audit.done(method) / seeds.batch();
    while (audit.done(method) < seeds.count()) {
      long end = Math.min(batches, next + Math.max(1, most));
      List<Row> rows =
          spark
              .range(next, end, 1, (int) Math.min(partitions, end - next))
              .mapPartitions(sampling, Encoders.row(PlannedSampling.SCHEMA))
              .collectAsList();
      Iterator<AuditSample> samples =
          rows.stream().map(row -> PlannedSampling.sample(row, model.image())).iterator();
      Chunks<AuditSample> whole = new Chunks<>(samples, seeds.batch());
      while (whole.hasNext()) {
        audit.append(method, place, whole.next());
      }
      next = end;
    }
  }

  private static long batchesThatFit(ClusterModel model, SeedRange seeds) {
    return MOST_BYTES / ((long) Float.BYTES * model.image().size() * seeds.batch());
  }

  private static String cores(SparkSession spark) {
    return spark.sparkContext().getConf().get("spark.task.cpus", "1");
  }
}
