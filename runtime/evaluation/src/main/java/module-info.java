/** Measuring models: quality, replicas, membership attacks, calibration, audits. */
module io.github.cpsample.evaluation {
  requires transitive io.github.cpsample.runtime;
  requires com.google.gson;
  requires java.logging;
  requires ejml.core;
  requires ejml.ddense;
  requires org.apache.commons.statistics.distribution;
  requires org.apache.commons.statistics.inference;
  requires org.apache.lucene.core;

  exports io.github.cpsample.evaluation.attack;
  exports io.github.cpsample.evaluation.audit;
  exports io.github.cpsample.evaluation.calibration;
  exports io.github.cpsample.evaluation.embedding;
  exports io.github.cpsample.evaluation.figures;
  exports io.github.cpsample.evaluation.quality;
  exports io.github.cpsample.evaluation.statistics;
  exports io.github.cpsample.evaluation.comparators to
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.judging to
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.replication to
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.similarity to
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.evaluation.store to
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
