package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Cluster.class)
class ProtectedImagesTest {

  private static final int COUNT = 50;
  private static final SampleRequest REQUEST =
      SampleRequest.of(1).withSeed(5).withBatchSize(4).withSteps(5);

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static ClusterModel model;
  private static List<Row> together;

  @BeforeAll
  static void sampleInOnePartition() throws IOException {
    spark = Cluster.session();
    TinyBundle.healing(Correction.Kind.RESTART).toDirectory(folder.resolve("model"));
    model = ClusterModel.ship(spark, folder.resolve("model"));
    together = sorted(ProtectedImages.generate(spark, model, REQUEST, COUNT, 1));
  }

  private static List<Row> sorted(Dataset<Row> images) {
    return images.orderBy(ProtectedImages.ID).collectAsList();
  }

  static void assertSame(List<Row> expected, List<Row> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      for (String column : List.of(ProtectedImages.ID, ProtectedImages.SEED, "guarded")) {
        assertEquals(
            expected.get(i).<Object>getAs(column), found.get(i).<Object>getAs(column), column);
      }
      assertArrayEquals(
          expected.get(i).<byte[]>getAs(ProtectedImages.PNG),
          found.get(i).<byte[]>getAs(ProtectedImages.PNG),
          "image " + i);
    }
  }

  @Test
  void imagesDependOnTheirSeedsAlone() {
    for (int i = 0; i < COUNT; i++) {
      assertEquals(i, together.get(i).<Long>getAs(ProtectedImages.ID));
      assertEquals(5L + i, together.get(i).<Long>getAs(ProtectedImages.SEED));
      assertTrue(together.get(i).isNullAt(together.get(i).fieldIndex(ProtectedImages.REJECTED)));
      assertTrue(together.get(i).isNullAt(together.get(i).fieldIndex(ProtectedImages.FLAGGED)));
    }
    assertEquals(COUNT, new TreeSet<>(pixels(together)).size(), "different images");
    assertSame(together, sorted(ProtectedImages.generate(spark, model, REQUEST, COUNT, 7)));
    List<Row> later =
        sorted(ProtectedImages.generate(spark, model, REQUEST.withSeed(12), COUNT - 7, 3));
    for (int i = 0; i < later.size(); i++) {
      assertArrayEquals(
          together.get(i + 7).<byte[]>getAs(ProtectedImages.PNG),
          later.get(i).<byte[]>getAs(ProtectedImages.PNG));
    }
  }

  private static List<String> pixels(List<Row> rows) {
    return rows.stream()
        .map(row -> java.util.Arrays.toString(row.<byte[]>getAs(ProtectedImages.PNG)))
        .toList();
  }

  @Test
  void imagesAreThoseOfTheLibrary() throws IOException {
    boolean[] guarded = new boolean[2];
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("model"));
        ProtectedSampler sampler =
            ProtectedSampler.open(
                bundle, Device.cpu(), new SessionSettings(1, SessionSettings.Optimization.ALL))) {
      // The first whole block: seeds 8 to 11.
      SampleRequest request = SampleRequest.of(4).withSeed(8).withBatchSize(4).withSteps(5);
      SampleResult result = sampler.sample(request, Progress.none());
      for (int i = 0; i < 4; i++) {
        Row row = together.get(3 + i);
        FloatImage decoded =
            FloatImage.of(
                ImageIO.read(new ByteArrayInputStream(row.<byte[]>getAs(ProtectedImages.PNG))), 1);
        assertArrayEquals(result.image(i).rounded().values(), decoded.values());
        assertEquals(
            result.report(i).guardedSteps() > 0, row.<Boolean>getAs(ProtectedImages.GUARDED));
      }
    }
    together.forEach(row -> guarded[row.<Boolean>getAs(ProtectedImages.GUARDED) ? 1 : 0] = true);
    assertTrue(guarded[0] && guarded[1], "expected some images to be guarded, and some not");
  }

  @Test
  void aTaskThatFailsMidwayIsRepeatedWithTheSameImages() {
    MapFunction<Row, Row> failing =
        row -> {
          TaskContext task = TaskContext.get();
          if (task.attemptNumber() == 0
              && task.partitionId() == 2
              && row.<Long>getAs(ProtectedImages.ID) % 8 == 5) {
            throw new IllegalStateException("made to fail");
          }
          return row;
        };
    Dataset<Row> images =
        ProtectedImages.generate(spark, model, REQUEST, COUNT, 5)
            .map(failing, Encoders.row(ProtectedImages.SCHEMA));
    assertSame(together, sorted(images));
  }

  @Test
  void aProcessOpensAModelOnce() {
    ClusterModel shipped = model;
    MapFunction<Row, String> sampler =
        row -> ProcessHandle.current().pid() + " " + System.identityHashCode(shipped.sampler());
    List<String> opened =
        ProtectedImages.generate(spark, model, REQUEST, COUNT, 6)
            .map(sampler, Encoders.STRING())
            .distinct()
            .collectAsList();
    long processes = opened.stream().map(it -> it.substring(0, it.indexOf(' '))).distinct().count();
    assertEquals(processes, opened.size(), opened.toString());
    assertFalse(
        opened.stream().anyMatch(it -> it.startsWith(ProcessHandle.current().pid() + " ")),
        "images were sampled in the driver");
  }

  @Test
  void whatCannotTravelIsRefused() {
    FloatImage start = FloatImage.of(TinyImages.image(1), 1);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ProtectedImages.generate(spark, model, REQUEST.withStart(start, 0.5), COUNT, 1));
    assertTrue(refused.getMessage().contains("each from its own seed"), refused.getMessage());
    refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ProtectedImages.generate(spark, model, REQUEST.withAlpha(0.4), COUNT, 1));
    assertTrue(refused.getMessage().contains("the protection of the bundle"));
    assertThrows(
        IllegalArgumentException.class,
        () -> ProtectedImages.generate(spark, model, REQUEST, 0, 1));
  }
}
