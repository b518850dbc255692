package io.github.cpsample.spark;

import java.io.IOException;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.spark.sql.SparkSession;

/**
 * A job as {@code spark-submit} starts it.
 *
 * @param application its name among Spark's applications
 * @param options which it has
 * @param afterFailure what to do when a task has failed for good
 * @param work what it does, and what it prints at its end
 * @param <T> what it prints
 */
record ClusterJob<T>(String application, JobOptions options, String afterFailure, Work<T> work) {

  /** What a job does. */
  @FunctionalInterface
  interface Work<T> {
    T run(SparkSession spark, CommandLine line) throws IOException;
  }

  /** Runs it in the session that {@code spark-submit} describes, and ends that. */
  void start(String... arguments) throws IOException {
    CommandLine line = options.parse(arguments);
    SparkSession spark = SparkSession.builder().appName(application).getOrCreate();
    try {
      System.out.println(run(spark, line));
    } finally {
      spark.stop();
    }
  }

  /**
   * Runs it in a session.
   *
   * @throws IllegalStateException if a task fails for good, with its partition and row
   */
  T run(SparkSession spark, String... arguments) throws IOException {
    return run(spark, options.parse(arguments));
  }

  private T run(SparkSession spark, CommandLine line) throws IOException {
    try {
      return work.run(spark, line);
    } catch (Exception e) {
      Optional<TaskPlace.TaskFailedException> failed = TaskPlace.TaskFailedException.in(e);
      if (failed.isEmpty()) {
        throw e;
      }
      throw new IllegalStateException(
          options.job() + ": " + failed.get().getMessage() + "; " + afterFailure, e);
    }
  }
}
