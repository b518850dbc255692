package io.github.cpsample.spark;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What Spark costs: images of a model by the library and by Spark on one and on two cores, in
 * turns, and nearest neighbours beside a matrix product of the same size. Usage: {@code BUNDLE
 * [IMAGES [SHARE]]}, 10,000 images (0 leaves them out) and all of 20,000 x 50,000 x 512 unless
 * given.
 */
final class ScaleOutBenchmark {

  private static final int TOGETHER = 16;
  private static final int WIDTH = 512;
  private static final SampleRequest REQUEST = SampleRequest.of(1).withBatchSize(TOGETHER);
  private static final StructType ROWS =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("id", DataTypes.LongType, false),
            DataTypes.createStructField("values", DataTypes.BinaryType, false)
          });

  private ScaleOutBenchmark() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path bundle = Path.of(arguments[0]);
    int images = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
    double share = arguments.length > 2 ? Double.parseDouble(arguments[2]) : 1;
    for (int cores = 1; cores <= 2 && images > 0; cores++) {
      library(bundle, TOGETHER, cores);
      double plain = library(bundle, images, cores);
      double spark = spark(bundle, images, cores);
      System.out.printf(
          Locale.ROOT,
          "%d images, %d cores: library %.3f ms, Spark %.3f ms per image, ratio %.3f%n",
          images,
          cores,
          1e3 * plain,
          1e3 * spark,
          spark / plain);
    }
    nearest((int) (20_000 * share), (int) (50_000 * share));
  }

  /** Seconds per image of threads that share a sampler, as tasks do. */
  private static double library(Path bundle, int images, int cores) throws InterruptedException {
    try (ModelBundle model = ModelBundle.open(bundle);
        ProtectedSampler sampler =
            ProtectedSampler.open(
                model, Device.cpu(), new SessionSettings(1, SessionSettings.Optimization.ALL))) {
      long begin = System.nanoTime();
      AtomicInteger next = new AtomicInteger();
      Thread[] threads = new Thread[cores];
      for (int i = 0; i < cores; i++) {
        threads[i] =
            new Thread(
                () -> {
                  for (int first = next.getAndAdd(TOGETHER);
                      first < images;
                      first = next.getAndAdd(TOGETHER)) {
                    int count = Math.min(TOGETHER, images - first);
                    sampler
                        .sample(
                            SampleRequest.of(count).withBatchSize(count).withSeed(first),
                            Progress.none())
                        .images()
                        .forEach(image -> PngBytes.of(image.toBufferedImage()));
                  }
                });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      return (System.nanoTime() - begin) * 1e-9 / images;
    }
  }

  private static SparkSession session(int cores) {
    return SparkSession.builder()
        .master("local[" + cores + "]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }

  /** Seconds per image, the session's start left out. */
  private static double spark(Path bundle, int images, int cores) throws IOException {
    SparkSession spark = session(cores);
    try {
      ClusterModel model = ClusterModel.ship(spark, bundle);
      write(ProtectedImages.generate(spark, model, REQUEST, TOGETHER, cores));
      long begin = System.nanoTime();
      write(ProtectedImages.generate(spark, model, REQUEST, images, 4 * cores));
      return (System.nanoTime() - begin) * 1e-9 / images;
    } finally {
      spark.stop();
    }
  }

  private static void write(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  private static void nearest(int queries, int references) {
    int cores = 2;
    SparkSession spark = session(cores);
    try {
      Dataset<Row> made = rows(spark, queries, 1, 2 * cores).cache();
      Dataset<Row> known = rows(spark, references, 2, 2 * cores).cache();
      made.count();
      known.count();
      for (int round = 0; round < 3; round++) {
        double product = product(queries, references, cores);
        long begin = System.nanoTime();
        write(ImageAudit.nearest(made, known, "benchmark", ImageAudit.BROADCAST_BYTES));
        double search = (System.nanoTime() - begin) * 1e-9;
        System.out.printf(
            Locale.ROOT,
            "nearest of %d x %d x %d: product %.2f s (%.1f GFLOP/s), search %.2f s, share %.3f%n",
            queries,
            references,
            WIDTH,
            product,
            2e-9 * queries * references * WIDTH / product,
            search,
            product / search);
      }
    } finally {
      spark.stop();
    }
  }

  private static Dataset<Row> rows(SparkSession spark, int count, int seed, int partitions) {
    MapFunction<Long, Row> random =
        id -> {
          Random numbers = new Random(31 * id + seed);
          ByteBuffer values =
              ByteBuffer.allocate(WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (int i = 0; i < WIDTH; i++) {
            values.putFloat((float) numbers.nextGaussian());
          }
          return RowFactory.create(id, values.array());
        };
    return spark.range(0, count, 1, partitions).map(random, Encoders.row(ROWS));
  }

  /** Seconds of the product alone, the best of some block sizes. */
  private static double product(int queries, int references, int cores) {
    double best = Double.POSITIVE_INFINITY;
    for (int block : new int[] {1024, 4096}) {
      int rows = Math.min(block, queries);
      int columns = Math.min(8192, references);
      TensorBuffer a = random(rows);
      TensorBuffer b = random(columns);
      TensorBuffer c = TensorBuffer.floats(columns);
      TensorBuffer product = TensorBuffer.floats(rows, columns);
      try (InferenceSession session =
          InferenceSession.open(
              "matrix product",
              BlockSearch.product(),
              ResolvedDevice.of(Device.cpu()),
              new SessionSettings(cores, SessionSettings.Optimization.ALL))) {
        session.run(Map.of("a", a, "b", b, "c", c), Map.of("product", product));
        int runs = (int) Math.max(1, (double) queries * references / rows / columns / 4);
        long begin = System.nanoTime();
        for (int run = 0; run < runs; run++) {
          session.run(Map.of("a", a, "b", b, "c", c), Map.of("product", product));
        }
        double each = (System.nanoTime() - begin) * 1e-9 / runs;
        best = Math.min(best, each * queries / rows * references / columns);
      }
    }
    return best;
  }

  private static TensorBuffer random(int rows) {
    TensorBuffer tensor = TensorBuffer.floats(rows, WIDTH);
    Random numbers = new Random(rows);
    IntStream.range(0, rows * WIDTH)
        .forEach(i -> tensor.values().put(i, (float) numbers.nextGaussian()));
    return tensor;
  }
}
