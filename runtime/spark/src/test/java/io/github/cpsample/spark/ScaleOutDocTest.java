package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/scale-out.md shows is what works. */
@ExtendWith(Cluster.class)
class ScaleOutDocTest {

  @TempDir private Path temporary;

  private static String page() throws IOException {
    return Files.readString(Path.of("../../docs/guide/scale-out.md"));
  }

  @Test
  void theCommandsHaveTheOptionsOfTheJobs() throws IOException {
    Matcher command =
        Pattern.compile("spark-submit --class (\\S+) cpsample-spark-all.jar (.*)")
            .matcher(page().replaceAll("\\\\\n *", ""));
    List<String> jobs = new ArrayList<>();
    while (command.find()) {
      jobs.add(command.group(1));
      String[] arguments = command.group(2).strip().split("\\s+", -1);
      JobOptions options =
          Map.of(
                  GenerateJob.class.getName(), GenerateJob.JOB.options(),
                  AuditJob.class.getName(), AuditJob.JOB.options(),
                  AuditSampleJob.class.getName(), AuditSampleJob.JOB.options())
              .get(command.group(1));
      assertEquals(
          Arrays.stream(arguments).filter(argument -> argument.startsWith("--")).count(),
          options.parse(arguments).getOptions().length,
          Arrays.toString(arguments));
    }
    assertEquals(
        List.of(
            GenerateJob.class.getName(), AuditJob.class.getName(), AuditSampleJob.class.getName()),
        jobs);
  }

  @Test
  void theProgramRuns() throws IOException {
    Matcher snippet = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page());
    assertTrue(snippet.find(), "a program");
    String test =
        Files.readString(Path.of("src/test/java/io/github/cpsample/spark/ScaleOutDocTest.java"));
    assertTrue(
        collapsed(test).contains(collapsed(snippet.group(1))),
        "not compiled here: " + snippet.group(1));
    Path folder = temporary.resolve("model");
    TinyBundle.writer().toDirectory(folder);
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      files.add(PngBytes.of(TinyImages.image(i)));
    }
    SparkSession spark = Cluster.session();
    Dataset<Row> training = FashionMnist.set(spark, files, 1, 1);
    assertTrue(copies(spark, folder, training, TinyBundle.SHAPE).count() < 100);
  }

  private static Dataset<Row> copies(
      SparkSession spark, Path folder, Dataset<Row> training, ImageShape shape) throws IOException {
    ClusterModel model = ClusterModel.ship(spark, folder);
    Dataset<Row> images =
        ProtectedImages.generate(spark, model, SampleRequest.of(1).withSeed(7), 100);
    Dataset<Row> copies =
        ImageAudit.nearest(images, training, ClusterFeatures.pixels(shape)).where("replica");
    return copies;
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", "");
  }
}
