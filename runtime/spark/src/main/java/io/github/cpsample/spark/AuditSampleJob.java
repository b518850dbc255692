package io.github.cpsample.spark;

import io.github.cpsample.evaluation.audit.OutsideSampling;
import io.github.cpsample.evaluation.audit.SamplingPlan;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.store.SeedRange;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * What {@code spark-submit} starts to make the images of an audit, unprotected and protected ones,
 * that {@code cpsample audit --prepare} began. They come into the audit's work folder in the order
 * of their seeds, bit for bit those that the audit would make; the audit's command then does the
 * rest. Started again with the same arguments, it makes what is missing.
 */
public final class AuditSampleJob {

  private static final JobOptions OPTIONS =
      new JobOptions(
          "AuditSampleJob",
          new Options()
              .addRequiredOption(null, "model", true, "folder or zip file of the audited bundle")
              .addRequiredOption(null, "out", true, "the audit's --out, prepared, on this machine")
              .addOption(null, "partitions", true, "number of tasks at a time"));

  /** What a task samples before its images are written. */
  private static final int BATCHES_PER_TASK = 4;

  static final ClusterJob<String> JOB =
      new ClusterJob<>(
          "cpsample audit images",
          OPTIONS,
          "what is in the audit's folder stays, and the same command makes the rest",
          AuditSampleJob::run);

  private AuditSampleJob() {}

  /**
   * Runs the job.
   *
   * @param arguments options; none at all shows which there are
   * @throws IOException if the model cannot be read, or the folder is not that of a prepared audit
   *     of this model, or cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    JOB.start(arguments);
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

  /**
   * Samples some batches at a time on all executors, which keep the images on their disks until the
   * driver has written them, in their order, a partition at a time.
   */
  private static void fill(
      SparkSession spark, ClusterModel model, OutsideSampling audit, String method, long partitions)
      throws IOException {
    SeedRange seeds = audit.seeds(method);
    PlannedSampling sampling = new PlannedSampling(model, audit.plan(), method, seeds);
    long batches = ((long) seeds.count() + seeds.batch() - 1) / seeds.batch();
    while (audit.done(method) < seeds.count()) {
      long next = audit.done(method) / seeds.batch();
      long end = Math.min(batches, next + partitions * BATCHES_PER_TASK);
      Dataset<Row> made =
          spark
              .range(next, end, 1, (int) Math.min(partitions, end - next))
              .mapPartitions(sampling, Encoders.row(PlannedSampling.SCHEMA))
              .persist(StorageLevel.DISK_ONLY());
      try {
        made.count();
        write(made.toLocalIterator(), audit, method, model.image(), place(spark));
      } finally {
        made.unpersist();
      }
    }
  }

  private static void write(
      Iterator<Row> rows, OutsideSampling audit, String method, ImageShape shape, String place)
      throws IOException {
    Chunks<Row> batches = new Chunks<>(rows, audit.seeds(method).batch());
    while (batches.hasNext()) {
      List<AuditSample> batch =
          batches.next().stream().map(row -> PlannedSampling.sample(row, shape)).toList();
      audit.append(method, place, batch);
    }
  }

  private static String place(SparkSession spark) {
    return "Apache Spark, cores for each task: "
        + spark.sparkContext().getConf().get("spark.task.cpus", "1");
  }
}
