package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a slow task changes nothing. */
@ExtendWith(Cluster.class)
class SpeculationTest {

  private static final int COUNT = 48;
  private static final int TOGETHER = 4;
  private static final SampleRequest REQUEST =
      SampleRequest.of(TOGETHER).withBatchSize(TOGETHER).withSteps(5);

  @TempDir private static Path folder;

  @Test
  void aCopyOfASlowTaskChangesNothing() throws IOException {
    SparkSession spark = Cluster.session();
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
    Dataset<Row> quick = ProtectedImages.generate(spark, model, REQUEST, COUNT, 4);
    // A copy starts when a task takes longer than the others; in a fresh process these take long.
    assertEquals(COUNT, quick.collectAsList().size());
    Dataset<Row> images = quick.map(slow, Encoders.row(ProtectedImages.SCHEMA));
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
}
