package io.github.cpsample.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A master and two workers on this machine, each with an executor process of its own, started once
 * for all tests and stopped after them.
 */
final class Cluster implements BeforeAllCallback {

  private static SparkSession session;

  @Override
  public void beforeAll(ExtensionContext context) {
    AutoCloseable stopping = Cluster::stop;
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(Cluster.class, key -> stopping);
  }

  /** Makes room for a test's own cluster. */
  static synchronized void stop() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }

  /** The session of all tests. */
  static synchronized SparkSession session() {
    if (session == null) {
      session = settings("local-cluster[2,1,1024]").getOrCreate();
    }
    return session;
  }

  /** What all clusters need whose executors are processes of this machine. */
  static SparkSession.Builder settings(String master) {
    try {
      Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return SparkSession.builder()
        .master(master)
        .appName("tests")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.task.maxFailures", "2")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse");
  }
}
