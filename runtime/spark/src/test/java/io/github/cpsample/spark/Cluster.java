package io.github.cpsample.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import scala.Option;

/**
 * A standalone master with two workers on loopback whose executors are processes of their own, for
 * all test classes that name this extension; stopped after the last test. Copies slow tasks, and
 * uses Kryo: jobs under spark-submit have the settings that Spark comes with.
 */
final class Cluster implements BeforeAllCallback {

  /** Spark starts no copy of a task on the host that has it, so this machine gets two names. */
  private static final List<String> HOSTS = List.of("127.0.0.1", "localhost");

  private static final int MEGABYTES = 1024;

  private static final List<RpcEnv> SERVERS = new ArrayList<>();
  private static SparkSession session;

  @Override
  public void beforeAll(ExtensionContext context) {
    AutoCloseable stopping = Cluster::stop;
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(Cluster.class, key -> stopping);
  }

  private static synchronized void stop() {
    if (session != null) {
      session.stop();
      session = null;
      SERVERS.forEach(RpcEnv::shutdown);
      SERVERS.forEach(RpcEnv::awaitTermination);
      SERVERS.clear();
    }
  }

  /** The session of all tests. */
  static synchronized SparkSession session() {
    if (session == null) {
      try {
        session = start();
      } catch (IOException e) {
        throw new IllegalStateException("The cluster of the tests did not start", e);
      }
    }
    return session;
  }

  private static SparkSession start() throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    SparkConf conf = new SparkConf().set("spark.master.rest.enabled", "false");
    RpcEnv master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    SERVERS.add(master);
    String address = "spark://127.0.0.1:" + master.address().port();
    String work = Files.createDirectories(Path.of("target", "spark-work")).toString();
    for (String host : HOSTS) {
      SERVERS.add(
          Worker.startRpcEnvAndEndpoint(
              host,
              0,
              0,
              1,
              MEGABYTES,
              new String[] {address},
              work,
              Option.apply(SERVERS.size()),
              conf,
              Option.empty()));
    }
    return SparkSession.builder()
        .master(address)
        .appName("tests")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.task.maxFailures", "2")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .config("spark.speculation", "true")
        .config("spark.speculation.quantile", "0.5")
        .config("spark.speculation.multiplier", "1.5")
        .config("spark.speculation.minTaskRuntime", "5s")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse")
        .getOrCreate();
  }
}
