/**
 * Measuring models: quality, replicas, membership attacks, calibration, audits. Exported to all is
 * what a program measures with; whole audits, and what they keep on disk, to this project's tools.
 */
module io.github.cpsample.evaluation {
  requires transitive io.github.cpsample.runtime;
  requires transitive com.google.gson;
  requires java.logging;
  requires ejml.core;
  requires ejml.ddense;
  requires org.apache.commons.statistics.distribution;
  requires org.apache.commons.statistics.inference;
  requires org.apache.commons.statistics.descriptive;
  requires org.apache.commons.statistics.interval;
  requires org.apache.lucene.core;
  requires static org.jspecify;

  exports io.github.cpsample.evaluation.attack;
  exports io.github.cpsample.evaluation.calibration;
  exports io.github.cpsample.evaluation.quality;
  exports io.github.cpsample.evaluation.figures;
  exports io.github.cpsample.evaluation.statistics;
  exports io.github.cpsample.evaluation.audit to
      io.github.cpsample.spark,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.comparators to
      io.github.cpsample.spark,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.judging to
      io.github.cpsample.spark,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.membership to
      io.github.cpsample.spark,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.replication to
      io.github.cpsample.spark,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.store to
      io.github.cpsample.spark,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;

  // Gson writes and reads their records.
  opens io.github.cpsample.evaluation.audit to
      com.google.gson;
  opens io.github.cpsample.evaluation.calibration to
      com.google.gson;
  opens io.github.cpsample.evaluation.comparators to
      com.google.gson;
  opens io.github.cpsample.evaluation.figures to
      com.google.gson;
  opens io.github.cpsample.evaluation.membership to
      com.google.gson;
  opens io.github.cpsample.evaluation.quality to
      com.google.gson;
  opens io.github.cpsample.evaluation.replication to
      com.google.gson;
  opens io.github.cpsample.evaluation.statistics to
      com.google.gson;
  opens io.github.cpsample.evaluation.store to
      com.google.gson;
  opens io.github.cpsample.evaluation.trajectory to
      com.google.gson;
}
