package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.SampleRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
class GenerateJobTest {

  private static final SampleRequest REQUEST =
      SampleRequest.of(1).withSeed(3).withBatchSize(4).withSteps(5);

  @TempDir private static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void writeModel() {
    spark = Cluster.session();
    TinyBundle.writer().toDirectory(folder.resolve("model"));
  }

  private static ImageStore.Summary run(Path out, String... more) throws IOException {
    List<String> arguments =
        Stream.concat(
                Stream.of(
                    "--model",
                    folder.resolve("model").toString(),
                    "--out",
                    out.toString(),
                    "--seed",
                    "3",
                    "--batch-size",
                    "4",
                    "--steps",
                    "5"),
                Stream.of(more))
            .toList();
    return GenerateJob.run(spark, arguments.toArray(String[]::new));
  }

  private static Set<Path> files(Path out) throws IOException {
    try (Stream<Path> files = Files.walk(out)) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .collect(TreeSet::new, Set::add, Set::addAll);
    }
  }

  private static List<Row> sorted(Dataset<Row> images) {
    return images.orderBy(ProtectedImages.ID).collectAsList();
  }

  @Test
  void aFilePerPartitionHoldsWhatTheLibraryMakes() throws IOException {
    Path out = folder.resolve("out");
    ImageStore.Summary summary = run(out, "--count", "30", "--partitions", "3");
    assertEquals(30, summary.images());
    assertEquals(0, summary.rejected());
    Set<Path> files = files(out);
    assertEquals(3, files.size(), files.toString());
    ClusterModel model = ClusterModel.ship(spark, folder.resolve("model"));
    List<Row> expected = sorted(ProtectedImages.generate(spark, model, REQUEST, 30, 2));
    List<Row> found = sorted(spark.read().parquet(out + "/kind=images"));
    assertEquals(
        expected.stream().map(row -> row.<Long>getAs(ProtectedImages.SEED)).toList(),
        found.stream().map(row -> row.<Long>getAs(ProtectedImages.SEED)).toList());

    // Nothing is left to be done.
    assertEquals(summary, run(out, "--count", "30"));
    assertEquals(files, files(out));

    // More images of the same request.
    assertEquals(41, run(out, "--count", "41", "--partitions", "2").images());
    assertTrue(files(out).containsAll(files), "files of the first job were changed");

    IllegalArgumentException other =
        assertThrows(IllegalArgumentException.class, () -> run(out, "--count", "41", "--eta", "1"));
    assertTrue(other.getMessage().contains("eta: expected 1.0"), other.getMessage());
  }

  @Test
  void aJobGoesOnWhereAnotherOneEnded() throws IOException {
    Path out = folder.resolve("interrupted");
    ClusterModel model = ClusterModel.ship(spark, folder.resolve("model"));
    run(out, "--count", "1", "--partitions", "1");
    ImageStore store = ImageStore.open(spark, out.toString(), GenerateJob.decides(model, REQUEST));
    MapFunction<Row, Row> failing =
        row -> {
          if (TaskContext.get().partitionId() == 3) {
            throw new IllegalStateException("made to fail for good");
          }
          return row;
        };
    Dataset<Row> broken =
        ProtectedImages.generateMissing(spark, model, REQUEST, 40, 4, store.rows())
            .map(failing, Encoders.row(ProtectedImages.SCHEMA));
    assertThrows(Exception.class, () -> store.append(broken));
    Set<Path> before = files(out);
    long there = store.rows().count();
    assertTrue(there > 1 && there < 40, there + " images of the tasks that were done");
    assertEquals(40, run(out, "--count", "40", "--partitions", "2").images());
    assertTrue(files(out).containsAll(before), "images that were there were made again");
    List<Row> expected = sorted(ProtectedImages.generate(spark, model, REQUEST, 40, 1));
    List<Row> found = sorted(spark.read().parquet(out + "/kind=images"));
    for (int i = 0; i < 40; i++) {
      assertEquals(
          java.util.Arrays.toString(expected.get(i).<byte[]>getAs(ProtectedImages.PNG)),
          java.util.Arrays.toString(found.get(i).<byte[]>getAs(ProtectedImages.PNG)));
    }
  }

  @Test
  void imagesThatAreInTheIndexAreFlagged() throws IOException {
    ClusterModel model = ClusterModel.ship(spark, folder.resolve("model"));
    List<Row> images = sorted(ProtectedImages.generate(spark, model, REQUEST, 12, 1));
    TrainingIndex.Builder index = TrainingIndex.builder(TinyBundle.SHAPE);
    for (int i = 0; i < 12; i += 5) {
      byte[] png = images.get(i).<byte[]>getAs(ProtectedImages.PNG);
      index.add(
          "image " + i, FloatImage.of(ImageIO.read(new ByteArrayInputStream(png)), 1).values());
    }
    Path file = folder.resolve("training.index");
    index.build().write(file);
    Path out = folder.resolve("flagged");
    ImageStore.Summary summary =
        run(out, "--count", "12", "--partitions", "2", "--index", file.toString());
    assertEquals(3, summary.flagged());
    for (Row row : spark.read().parquet(out.toString()).collectAsList()) {
      assertEquals(
          row.<Long>getAs(ProtectedImages.ID) % 5 == 0,
          row.<Boolean>getAs(ProtectedImages.FLAGGED));
    }
  }

  @Test
  void wrongOptionsAreNamed() {
    IllegalArgumentException missing =
        assertThrows(IllegalArgumentException.class, () -> GenerateJob.run(spark, "--count", "3"));
    assertTrue(missing.getMessage().contains("model"), missing.getMessage());
    IllegalArgumentException word =
        assertThrows(
            IllegalArgumentException.class, () -> run(folder.resolve("no"), "--count", "many"));
    assertTrue(word.getMessage().contains("--count: expected a whole number, found 'many'"));
  }
}
