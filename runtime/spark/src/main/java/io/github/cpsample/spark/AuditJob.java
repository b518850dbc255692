package io.github.cpsample.spark;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What {@code spark-submit} starts to hold a set of images against training images: {@code
 * matches-pixels} and {@code matches-NAME} of every embedder, Parquet files with the nearest
 * training image of every image; {@code rejected}, the images that cannot be decoded; and {@code
 * figures.json}, counts, replicas and distances between the sets.
 */
public final class AuditJob {

  private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();
  private static final JobOptions OPTIONS =
      new JobOptions(
          "AuditJob",
          new Options()
              .addRequiredOption(null, "generated", true, "folder with the set")
              .addRequiredOption(null, "training", true, "folder with the training images")
              .addRequiredOption(null, "shape", true, "CxHxW to which images are decoded")
              .addRequiredOption(null, "out", true, "folder for what is found, a new one")
              .addOption(null, "generated-files", false, "the set is image files, not Parquet")
              .addOption(null, "training-files", false, "training images are files, not Parquet")
              .addOption(null, "seed", true, "of the kernel distance's subsets, 0 unless set")
              .addOption(
                  Option.builder()
                      .longOpt("embedder")
                      .hasArg()
                      .desc(EmbedderSpec.SYNTAX + "; may be given several times")
                      .get()));

  static final ClusterJob<String> JOB =
      new ClusterJob<>(
          "cpsample audit",
          OPTIONS,
          "remove the folder of --out before the job is started again",
          AuditJob::run);

  private AuditJob() {}

  /**
   * Runs the job.
   *
   * @param arguments options; none at all shows which there are
   * @throws IOException if an embedder cannot be read or a file not be written
   */
  public static void main(String[] arguments) throws IOException {
    JOB.start(arguments);
  }

  private static String run(SparkSession spark, CommandLine line) throws IOException {
    ImageShape shape = shape(line.getOptionValue("shape"));
    Path out = new Path(line.getOptionValue("out"));
    FileSystem files = out.getFileSystem(spark.sparkContext().hadoopConfiguration());
    if (files.exists(out)) {
      throw new IllegalArgumentException(out + ": expected a folder that is not there, found one");
    }
    Dataset<Row> generated =
        ImageSets.read(spark, line.getOptionValue("generated"), line.hasOption("generated-files"));
    Dataset<Row> training =
        ImageSets.read(spark, line.getOptionValue("training"), line.hasOption("training-files"));
    ClusterFeatures pixels = ClusterFeatures.pixels(shape);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("pixels", space(generated, training, pixels, out));
    String[] embedders = line.getOptionValues("embedder");
    for (String text : embedders == null ? new String[0] : embedders) {
      ClusterFeatures features = ClusterFeatures.embedder(spark, EmbedderSpec.parse(text), shape);
      Map<String, Object> found = space(generated, training, features, out);
      found.put(
          "distance to the training images",
          ImageAudit.quality(generated, training, features, OPTIONS.whole(line, "seed", 0)));
      figures.put(features.name(), found);
    }
    Dataset<Row> rejected =
        named(generated, pixels, "generated").union(named(training, pixels, "training"));
    String rejections = new Path(out, "rejected").toString();
    rejected.write().mode(SaveMode.ErrorIfExists).parquet(rejections);
    figures.put("rejected", spark.read().parquet(rejections).count());
    String json = JSON.toJson(figures);
    Path temporary = new Path(out, "figures.json.tmp");
    try (FSDataOutputStream stream = files.create(temporary, false)) {
      stream.write(json.getBytes(StandardCharsets.UTF_8));
    }
    if (!files.rename(temporary, new Path(out, "figures.json"))) {
      throw new IOException(temporary + " cannot be renamed to figures.json");
    }
    return json;
  }

  private static Map<String, Object> space(
      Dataset<Row> generated, Dataset<Row> training, ClusterFeatures features, Path out) {
    String folder = new Path(out, "matches-" + features.name()).toString();
    ImageAudit.nearest(generated, training, features).write().parquet(folder);
    Row counted =
        generated
            .sparkSession()
            .read()
            .parquet(folder)
            .agg(
                functions.count(ImageAudit.ID),
                functions.count_if(functions.col(ImageAudit.REPLICA)))
            .first();
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("images", counted.getLong(0));
    found.put("replicas", counted.getLong(1));
    return found;
  }

  private static Dataset<Row> named(Dataset<Row> images, ClusterFeatures pixels, String set) {
    return ImageAudit.rejected(images, pixels).withColumn("set", functions.lit(set));
  }

  private static ImageShape shape(String text) {
    if (!text.matches("[13]x[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
      throw new IllegalArgumentException(
          "--shape: expected channels, 1 or 3, height and width, such as 1x28x28, found '"
              + text
              + "'");
    }
    String[] lengths = text.split("x", -1);
    return new ImageShape(
        Integer.parseInt(lengths[0]), Integer.parseInt(lengths[1]), Integer.parseInt(lengths[2]));
  }
}
