/** Measuring models: quality, replicas, membership attacks, calibration, audits. */
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
  exports io.github.cpsample.evaluation.audit;
  exports io.github.cpsample.evaluation.calibration;
  exports io.github.cpsample.evaluation.embedding;
  exports io.github.cpsample.evaluation.figures;
  exports io.github.cpsample.evaluation.quality;
  exports io.github.cpsample.evaluation.statistics;
  exports io.github.cpsample.evaluation.comparators;
  exports io.github.cpsample.evaluation.judging;
  exports io.github.cpsample.evaluation.membership;
  exports io.github.cpsample.evaluation.replication;
  exports io.github.cpsample.evaluation.similarity;
  exports io.github.cpsample.evaluation.store;

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
