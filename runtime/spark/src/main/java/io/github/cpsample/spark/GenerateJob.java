package io.github.cpsample.spark;

import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code spark-submit} starts to sample images into a folder of Parquet files. Started again
 * with the same arguments, or a larger count, it makes what is missing.
 */
public final class GenerateJob {

  private static final JobOptions OPTIONS =
      new JobOptions(
          "GenerateJob",
          new Options()
              .addRequiredOption(null, "model", true, "folder or zip file of a bundle")
              .addRequiredOption(null, "out", true, "folder for the images")
              .addRequiredOption(null, "count", true, "number of images")
              .addOption(null, "seed", true, "of image 0, 0 unless set")
              .addOption(null, "steps", true, "the model's unless set")
              .addOption(null, "sampler", true, "the model's unless set")
              .addOption(null, "eta", true, "share of fresh noise in a DDIM step")
              .addOption(null, "batch-size", true, "images computed together, 16 unless set")
              .addOption(null, "class", true, "for a model with classes")
              .addOption(null, "prompt", true, "for a model with a text encoder")
              .addOption(null, "guidance", true, "weight of class or prompt")
              .addOption(null, "on-failure", true, "deliver or withhold what is still recognised")
              .addOption(null, "index", true, "training index to hold images against")
              .addOption(null, "partitions", true, "number of tasks and files"));

  static final ClusterJob<ImageStore.Summary> JOB =
      new ClusterJob<>(
          "cpsample generate",
          OPTIONS,
          "what finished tasks wrote stays, and the same command makes the rest",
          GenerateJob::run);

  private GenerateJob() {}

  /**
   * Runs the job.
   *
   * @param arguments options; none at all shows which there are
   * @throws IOException if the model cannot be read or the folder not be written
   */
  public static void main(String[] arguments) throws IOException {
    JOB.start(arguments);
  }

  private static ImageStore.Summary run(SparkSession spark, CommandLine line) throws IOException {
    SampleRequest request = request(line);
    long count = OPTIONS.whole(line, "count", 0);
    long some = ProtectedImages.partitions(spark, count);
    int partitions = Math.toIntExact(OPTIONS.whole(line, "partitions", some));
    ClusterModel model = ClusterModel.ship(spark, Path.of(line.getOptionValue("model")));
    if (line.hasOption("index")) {
      model = model.withIndex(spark, Path.of(line.getOptionValue("index")));
    }
    ImageStore store = ImageStore.open(spark, line.getOptionValue("out"), decides(model, request));
    Dataset<Row> missing =
        store.isEmpty()
            ? ProtectedImages.generate(spark, model, request, count, partitions)
            : ProtectedImages.generateMissing(
                spark, model, request, count, partitions, store.rows());
    // A task writes images and rejections side by side, and need not sort them first.
    spark.conf().set("spark.sql.maxConcurrentOutputFileWriters", 2);
    store.append(missing);
    return store.summary(count);
  }

  static Map<String, String> decides(ClusterModel model, SampleRequest request) {
    Map<String, String> decides = new LinkedHashMap<>();
    decides.put("model", model.manifest().name());
    decides.put("model hash", model.hash());
    decides.put("index", model.indexFile().orElse("none"));
    decides.putAll(TravellingRequest.of(model.manifest(), request).decides());
    return decides;
  }

  private static SampleRequest request(CommandLine line) {
    SampleRequest request =
        SampleRequest.of(1)
            .withSeed(OPTIONS.whole(line, "seed", 0))
            .withBatchSize(Math.toIntExact(OPTIONS.whole(line, "batch-size", 16)));
    if (line.hasOption("steps")) {
      request = request.withSteps(Math.toIntExact(OPTIONS.whole(line, "steps", 0)));
    }
    if (line.hasOption("sampler")) {
      request = request.withSampler(SamplerKind.named(line.getOptionValue("sampler")));
    }
    if (line.hasOption("eta")) {
      request = request.withEta(OPTIONS.number(line, "eta"));
    }
    if (line.hasOption("class")) {
      request = request.withClassLabel(Math.toIntExact(OPTIONS.whole(line, "class", 0)));
    }
    if (line.hasOption("prompt")) {
      request = request.withPrompt(line.getOptionValue("prompt"));
    }
    if (line.hasOption("guidance")) {
      request = request.withGuidanceScale(OPTIONS.number(line, "guidance"));
    }
    return line.hasOption("on-failure")
        ? request.withOnFailure(SampleRequest.OnFailure.named(line.getOptionValue("on-failure")))
        : request;
  }
}
