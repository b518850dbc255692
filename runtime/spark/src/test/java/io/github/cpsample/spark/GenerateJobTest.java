package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.NonFiniteImageException;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.fs.FileUtil;
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
    return GenerateJob.JOB.run(spark, arguments.toArray(String[]::new));
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
    ProtectedImagesTest.assertSame(expected, found);
  }

  @Test
  void aFullDiskIsNamedAndTheJobGoesOnWhereThereIsRoom() throws IOException {
    Path root = folder.resolve("full");
    Path disk = Files.createDirectories(root.resolve("disk"));
    Path bytes = root.resolve("bytes");
    FullDisk.in(root, spark.sparkContext().hadoopConfiguration());
    Path out = Path.of("full:" + disk.resolve("made"));
    String[] more = {"--count", "36", "--partitions", "6"};

    Files.writeString(bytes, "10");
    IOException atOnce = assertThrows(IOException.class, () -> run(out, more));
    assertTrue(
        atOnce.getMessage().matches(".*_cpsample.json.* cannot be written: No space left.*"),
        atOnce.getMessage());

    // Room for half of the images; the driver's last words were no obstacle.
    Path plain = folder.resolve("not-full");
    run(plain, more);
    Files.writeString(bytes, Long.toString(FileUtil.getDU(plain.toFile()) / 2));
    IllegalStateException midway = assertThrows(IllegalStateException.class, () -> run(out, more));
    assertTrue(
        midway
            .getMessage()
            .matches(
                "(?s)GenerateJob: partition \\d, row \\d \\(writing .*, last images from seed"
                    + " \\d+\\): .*No space left on device; .*the same command makes the rest"),
        midway.getMessage());
    StringWriter trace = new StringWriter();
    midway.printStackTrace(new PrintWriter(trace));
    assertFalse(trace.toString().contains("CIRCULAR REFERENCE"), trace::toString);
    Set<Path> before = files(disk.resolve("made/kind=images"));
    assertFalse(before.isEmpty(), "finished tasks' files");
    long there = spark.read().parquet(out + "/kind=images").count();
    assertTrue(there > 0 && there < 36, there + " images");

    Files.writeString(bytes, Long.toString(Long.MAX_VALUE));
    assertEquals(36, run(out, more).images());
    assertTrue(files(disk).containsAll(before), "images that were there were made again");
    ProtectedImagesTest.assertSame(
        sorted(spark.read().parquet(plain + "/kind=images")),
        sorted(spark.read().parquet(out + "/kind=images")));
  }

  @Test
  void imagesThatAreStillRecognisedAreWithheldWithTheReason() throws IOException {
    Path bundle = folder.resolve("recognising");
    TinyBundle.writer(
            settings -> settings.withScale(0.1).withCorrection(Correction.PAPER.withRedos(1)))
        .toDirectory(bundle);
    Path out = folder.resolve("withholding");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--model", bundle.toString(), "--out", out.toString()));
    arguments.addAll(List.of("--count", "24", "--partitions", "3", "--steps", "10"));
    arguments.addAll(List.of("--batch-size", "4", "--on-failure", "withhold"));
    ImageStore.Summary summary = GenerateJob.JOB.run(spark, arguments.toArray(String[]::new));
    Set<Long> recognised = new TreeSet<>();
    try (ModelBundle model = ModelBundle.open(bundle);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      SampleRequest request = SampleRequest.of(24).withBatchSize(4).withSteps(10);
      for (ImageReport report : sampler.sample(request, Progress.none()).reports()) {
        if (report.recognised()) {
          recognised.add(report.seed());
        }
      }
    }
    assertTrue(recognised.size() > 1 && recognised.size() < 23, recognised.toString());
    assertEquals(recognised.size(), summary.rejected());
    assertEquals(24 - recognised.size(), summary.images());
    Set<Long> withheld = new TreeSet<>();
    for (Row row : spark.read().parquet(out + "/kind=rejected").collectAsList()) {
      withheld.add(row.<Long>getAs(ProtectedImages.SEED));
      assertEquals(
          "withheld, since the classifier still recognises the finished image",
          row.<String>getAs(ProtectedImages.REJECTED));
    }
    assertEquals(recognised, withheld);
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

  /** A denoiser that has no answer for images whose mean is below -0.1. */
  private static byte[] broken() {
    Shape images = Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(8), Dim.of(8));
    GraphBuilder g = new GraphBuilder("broken", 17);
    Value x = g.input("x", ElementType.FLOAT, images);
    g.input("t", ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Value mean = g.node("ReduceMean", List.of(x), Attribute.ints("axes", 1, 2, 3));
    Value shifted = g.add(mean, g.constant("least", new float[] {0.1f}, 1));
    Value nothing = g.mul(g.sqrt(shifted), g.constant("nothing", new float[] {0}, 1));
    g.output("prediction", g.add(x, nothing), ElementType.FLOAT, images);
    return OnnxCodec.toBytes(g.build());
  }

  @Test
  void brokenImagesAreRejectedWithTheReasonAndTakeNoOtherWithThem() throws IOException {
    Path bundle = folder.resolve("broken");
    TinyBundle.writer().file("denoiser.onnx", broken()).toDirectory(bundle);
    Path out = folder.resolve("rejecting");
    String[] arguments = {
      "--model", bundle.toString(), "--out", out.toString(), "--count", "30", "--steps", "3"
    };
    ImageStore.Summary summary = GenerateJob.JOB.run(spark, arguments);
    Set<Long> broken = new TreeSet<>();
    try (ModelBundle model = ModelBundle.open(bundle);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      for (long seed = 0; seed < 30; seed++) {
        try {
          sampler.sample(SampleRequest.of(1).withSeed(seed).withSteps(3), Progress.none());
        } catch (NonFiniteImageException e) {
          broken.add(seed);
        }
      }
    }
    assertTrue(broken.size() > 1 && broken.size() < 20, broken.toString());
    assertEquals(broken.size(), summary.rejected());
    assertEquals(30 - broken.size(), summary.images());
    List<Row> rejected = sorted(spark.read().parquet(out + "/kind=rejected"));
    Set<Long> found = new TreeSet<>();
    for (Row row : rejected) {
      found.add(row.<Long>getAs(ProtectedImages.SEED));
      String reason = row.<String>getAs(ProtectedImages.REJECTED);
      assertTrue(reason.contains("expected finite numbers, found NaN"), reason);
      assertTrue(reason.contains("seed " + row.getAs(ProtectedImages.SEED)), reason);
    }
    assertEquals(broken, found);
    Set<Path> files = files(out);
    assertEquals(summary, GenerateJob.JOB.run(spark, arguments));
    assertEquals(files, files(out), "what was rejected was tried again");
  }

  @Test
  void wrongOptionsAreNamed() {
    IllegalArgumentException missing =
        assertThrows(
            IllegalArgumentException.class, () -> GenerateJob.JOB.run(spark, "--count", "3"));
    assertTrue(missing.getMessage().contains("model"), missing.getMessage());
    IllegalArgumentException word =
        assertThrows(
            IllegalArgumentException.class, () -> run(folder.resolve("no"), "--count", "many"));
    assertTrue(word.getMessage().contains("--count: expected a whole number, found 'many'"));
  }
}
