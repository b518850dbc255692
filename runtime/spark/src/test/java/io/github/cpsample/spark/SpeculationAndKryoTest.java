package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.evaluation.quality.SubsetKernelDistance;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/**
 * Speculative copies of tasks, and Spark's other serializer, change nothing. Both are settings of
 * an application, so this is one of its own; it comes last, lest the others' is started twice.
 */
@Order(Integer.MAX_VALUE)
class SpeculationAndKryoTest {

  private static final int COUNT = 48;
  private static final int TOGETHER = 4;
  private static final SampleRequest REQUEST =
      SampleRequest.of(TOGETHER).withBatchSize(TOGETHER).withSteps(5);

  @TempDir private static Path folder;
  private static final List<RpcEnv> SERVERS = new ArrayList<>();
  private static SparkSession spark;

  /** Spark starts no copy on a host that has the task, so this machine gets two names. */
  @BeforeAll
  static void startCluster() {
    Cluster.stop();
    SparkConf conf = new SparkConf().set("spark.master.rest.enabled", "false");
    RpcEnv master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    SERVERS.add(master);
    String address = "spark://127.0.0.1:" + master.address().port();
    for (String host : List.of("127.0.0.1", "localhost")) {
      SERVERS.add(
          Worker.startRpcEnvAndEndpoint(
              host,
              0,
              0,
              1,
              1024,
              new String[] {address},
              folder.toString(),
              Option.apply(SERVERS.size()),
              conf,
              Option.empty()));
    }
    spark =
        Cluster.settings(address)
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.speculation", "true")
            .config("spark.speculation.quantile", "0.5")
            .config("spark.speculation.multiplier", "1.5")
            .getOrCreate();
  }

  @AfterAll
  static void stopCluster() {
    spark.stop();
    SERVERS.forEach(RpcEnv::shutdown);
    SERVERS.forEach(RpcEnv::awaitTermination);
  }

  @Test
  void aCopyOfASlowTaskChangesNothing() throws IOException {
    TinyBundle.writer().toDirectory(folder.resolve("model"));
    ClusterModel model = ClusterModel.ship(spark, folder.resolve("model"));
    String attempts = Files.createDirectory(folder.resolve("attempts")).toString();
    MapFunction<Row, Row> slow =
        row -> {
          TaskContext task = TaskContext.get();
          // Midway in its rows.
          if (task.partitionId() == 2 && row.<Long>getAs(ProtectedImages.ID) % 12 == 7) {
            Files.createFile(Path.of(attempts, Integer.toString(task.attemptNumber())));
            if (task.attemptNumber() == 0) {
              Thread.sleep(120_000);
            }
          }
          return row;
        };
    Dataset<Row> images =
        ProtectedImages.generate(spark, model, REQUEST, COUNT, 4)
            .map(slow, Encoders.row(ProtectedImages.SCHEMA));
    String out = folder.resolve("out").toString();
    ImageStore store = ImageStore.open(spark, out, Map.of());
    store.append(images);
    assertTrue(Files.exists(Path.of(attempts, "1")), "there was no copy");
    assertEquals(COUNT, store.summary(COUNT).images());
    List<Row> found = store.rows().orderBy(ProtectedImages.ID).collectAsList();
    assertEquals(COUNT, found.size());
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("model"));
        ProtectedSampler sampler =
            ProtectedSampler.open(
                bundle, Device.cpu(), new SessionSettings(1, SessionSettings.Optimization.ALL))) {
      for (int i = 0; i < COUNT; i += TOGETHER) {
        SampleResult expected = sampler.sample(REQUEST.withSeed(i), Progress.none());
        for (int j = 0; j < TOGETHER; j++) {
          assertEquals(i + j, found.get(i + j).<Long>getAs(ProtectedImages.ID));
          assertArrayEquals(
              PngBytes.of(expected.image(j).toBufferedImage()),
              found.get(i + j).<byte[]>getAs(ProtectedImages.PNG),
              "image " + (i + j));
        }
      }
    }
  }

  @Test
  void nearestImagesAndDistancesAreThoseOfOneMachine() throws IOException {
    List<byte[]> training = ImageAuditTest.tiny(0, 150);
    List<byte[]> generated = ImageAuditTest.tiny(1000, 120);
    generated.add(training.get(40));
    generated.add(17, training.get(7));
    float[][] images = FashionMnist.pixels(generated);
    float[][] references = FashionMnist.pixels(training);
    Dataset<Row> made = FashionMnist.set(spark, generated, ImageAuditTest.STEP, 3);
    Dataset<Row> known = FashionMnist.set(spark, training, ImageAuditTest.TRAINING_STEP, 2);
    ClusterFeatures pixels = ClusterFeatures.pixels(TinyBundle.SHAPE);
    ImageAuditTest.assertMatches(images, references, ImageAudit.nearest(made, known, pixels));
    ImageAuditTest.assertMatches(images, references, ImageAudit.nearest(made, known, pixels, 0));
    ImageAudit.Quality found = ImageAudit.quality(made, known, pixels, 11);
    double[][] first = ImageAuditTest.wide(images);
    double[][] second = ImageAuditTest.wide(references);
    double frechet = FrechetDistance.between(first, second);
    assertEquals(frechet, found.frechet(), 1e-9 * frechet);
    double kernel = SubsetKernelDistance.usual(11).between(first, second).mean();
    assertEquals(kernel, found.kernel(), 1e-9 * Math.abs(kernel));
  }

  @Test
  void attacksAreThoseOfOneMachine() throws IOException {
    ImageAuditTest.assertAttacksAreThoseOfOneMachine(spark, folder.resolve("attacked"));
  }
}
