package io.github.cpsample.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.quality.FeatureSet;
import io.github.cpsample.evaluation.quality.OnnxEmbedder;
import io.github.cpsample.evaluation.quality.QualityMeasures;
import io.github.cpsample.evaluation.replication.ReplicationIndex;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.replication.SearchSettings.Mode;
import io.github.cpsample.evaluation.replication.Space;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.RowFile;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The audit's own work for one number of training images and of samples, in one JVM. */
public final class ScaleRun {

  private static final int BLOCK = 256;
  private static final String EMBEDDER = "embedder";

  private final Path work;
  private final Optional<Path> images;
  private final int training;
  private final int samples;
  private final Mode mode;
  private final ScaleMeter meter;

  private ScaleRun(Path work, Optional<Path> images, int training, int samples, Mode mode) {
    this.work = work;
    this.images = images;
    this.training = training;
    this.samples = samples;
    this.mode = mode;
    this.meter =
        new ScaleMeter(
            System.out,
            String.format(
                Locale.ROOT,
                "*%d training images, %d samples, search %s, largest heap %d MiB*",
                training,
                samples,
                mode.name().toLowerCase(Locale.ROOT),
                Runtime.getRuntime().maxMemory() >> 20));
  }

  /**
   * Runs it.
   *
   * @param arguments an empty folder to work in, the number of training images, that of samples,
   *     the search, and, if wanted, a folder with the folders {@code train} and {@code test} of
   *     images
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Optional<Path> images =
        arguments.length > 4 ? Optional.of(Path.of(arguments[4])) : Optional.empty();
    new ScaleRun(
            Path.of(arguments[0]),
            images,
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            Mode.valueOf(arguments[3]))
        .run();
  }

  private void run() throws IOException {
    try (RowFile pixels = pixels("train", training);
        RowFile others = pixels("test", samples)) {
      if (mode == Mode.EXACT) {
        search(List.of(new Space(Space.PIXELS, pixels)), List.of(others));
      } else {
        withFeatures(pixels, others);
      }
    }
    ResidentSet.peakKibibytes()
        .ifPresent(
            it ->
                System.out.printf(
                    "%nLargest resident set: %s MiB%n", MarkdownTable.number(it / 1024.0, 0)));
  }

  private void withFeatures(RowSource pixels, RowSource others) throws IOException {
    Path model = Files.write(work.resolve("embedder.onnx"), ScaleEmbedder.model());
    EmbedderSpec spec = EmbedderSpec.parse(model + ",range=-1..1,name=" + EMBEDDER);
    try (Embedder embedder =
            OnnxEmbedder.open(spec, ScaleImages.SHAPE, ResolvedDevice.of(Device.cpu()));
        RowFile features = features(embedder, "training images", pixels);
        RowFile otherFeatures = features(embedder, "samples", others)) {
      search(
          List.of(new Space(Space.PIXELS, pixels), new Space(EMBEDDER, features)),
          List.of(others, otherFeatures));
      quality(features, otherFeatures);
    }
  }

  private RowFile pixels(String part, int count) throws IOException {
    return meter.measure(
        "reading " + part,
        count,
        () -> {
          if (images.isEmpty()) {
            return copied(part, new ScaleImages.MadeUp(count, part.hashCode()));
          }
          try (ScaleImages.Mirrored source =
              new ScaleImages.Mirrored(images.get().resolve(part), count)) {
            return copied(part, source);
          }
        });
  }

  private RowFile copied(String name, RowSource source) throws IOException {
    RowFile file = RowFile.open(work.resolve(name + ".f32"), source.width());
    for (int from = 0; from < source.size(); from += BLOCK) {
      file.append(source.rows(from, Math.min(source.size(), from + BLOCK)));
    }
    return file;
  }

  private RowFile features(Embedder embedder, String name, RowSource pixels) throws IOException {
    return meter.measure(
        "embedding " + name,
        pixels.size(),
        () -> {
          RowFile file = RowFile.open(work.resolve(name + ".f32"), embedder.dimension());
          for (int from = 0; from < pixels.size(); from += BLOCK) {
            int to = Math.min(pixels.size(), from + BLOCK);
            file.append(embedder.embed(pixels.rows(from, to)));
          }
          return file;
        });
  }

  /** A quarter of the samples first, then the others: memory must be the same after both. */
  private void search(List<Space> spaces, List<RowSource> sampleRows) throws IOException {
    SearchSettings settings = SearchSettings.usual(mode, 1);
    int quarter = samples / 4;
    List<SearchFigures> figures;
    try (ReplicationIndex index =
        meter.measure(
            "preparing the search",
            training,
            () -> ReplicationIndex.open(work, spaces, settings))) {
      meter.measure("search, first samples", quarter, () -> examine(index, sampleRows, 0, quarter));
      meter.measure(
          "search, other samples",
          samples - quarter,
          () -> examine(index, sampleRows, quarter, samples));
      int repeated = mode == Mode.EXACT ? 0 : Math.min(samples, settings.checkedQueries());
      figures = meter.measure("repeating searches exactly", repeated, index::searches);
    }
    MarkdownTable table =
        new MarkdownTable(
            System.out,
            "*Searches*",
            "space",
            "measure",
            "search",
            "recall",
            "of six",
            "queries/s");
    for (SearchFigures found : figures) {
      table.row(
          found.space(),
          found.measure(),
          found.search(),
          text(found.recall()),
          text(found.nextRecall()),
          MarkdownTable.number(found.queriesPerSecond(), 0));
    }
  }

  private static int examine(
      ReplicationIndex index, List<RowSource> sampleRows, int first, int end) {
    int found = 0;
    for (int from = first; from < end; from += BLOCK) {
      found += index.examine(sampleRows, from, Math.min(end, from + BLOCK)).size();
    }
    return found;
  }

  private void quality(RowSource features, RowSource otherFeatures) throws IOException {
    ScaleMeter metrics = new ScaleMeter(System.out, "*Metrics of 256 features*");
    FeatureSet reference =
        metrics.measure("mean and covariance", training, () -> FeatureSet.of("training", features));
    FeatureSet own =
        metrics.measure(
            "mean and covariance", samples, () -> FeatureSet.of("samples", otherFeatures));
    QualityFigures figures =
        metrics.measure(
            "FID, KID, precision, recall with intervals",
            samples,
            () -> new QualityMeasures(EMBEDDER, 1).compare(own, reference));
    System.out.printf(
        "%nFID %s, precision %s%n", text(figures.frechetDistance()), text(figures.precision()));
  }

  private static String text(@Nullable Interval interval) {
    return interval == null
        ? "-"
        : String.format(
            Locale.ROOT, "%.3f [%.3f, %.3f]", interval.value(), interval.low(), interval.high());
  }

  /**
   * Measures parts of an audit: time, images per second, memory. The time of all threads on a
   * processor says what a part costs even where others use the machine as well.
   */
  private static final class ScaleMeter {

    private static final OperatingSystemMXBean SYSTEM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final double MEBI = 1 << 20;
    private static final double NANOS = 1e9;

    private final MarkdownTable table;

    /** A part. */
    @FunctionalInterface
    interface Part<T> {
      T run() throws IOException;
    }

    ScaleMeter(PrintStream out, String title) {
      this.table =
          new MarkdownTable(
              out,
              title,
              "part",
              "images",
              "seconds",
              "images/s",
              "CPU seconds",
              "images per CPU second",
              "heap after, MiB",
              "RSS, MiB");
    }

    /** Runs a part and prints its row. */
    <T> T measure(String name, int images, Part<T> part) throws IOException {
      long start = System.nanoTime();
      long busy = SYSTEM.getProcessCpuTime();
      T result = part.run();
      double seconds = (System.nanoTime() - start) / NANOS;
      double cpu = (SYSTEM.getProcessCpuTime() - busy) / NANOS;
      String resident =
          ResidentSet.kibibytes().stream()
              .mapToObj(it -> MarkdownTable.number(it / 1024.0, 0))
              .findFirst()
              .orElse("-");
      System.gc();
      double heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      table.row(
          name,
          images,
          MarkdownTable.number(seconds, 1),
          MarkdownTable.number(images / seconds, 0),
          MarkdownTable.number(cpu, 1),
          MarkdownTable.number(images / cpu, 0),
          MarkdownTable.number(heap / MEBI, 0),
          resident);
      return result;
    }
  }

  /**
   * An embedder with random weights that costs what a small one costs: six convolutions from 32 x
   * 32 to 4 x 4, 34 million multiply-adds per image, 256 features.
   */
  private static final class ScaleEmbedder {

    private static final int[] WIDTHS = {3, 32, 64, 64, 128, 128, 256};
    private static final int[] STRIDES = {1, 2, 1, 2, 1, 2};
    private static final int KERNEL = 3;

    private ScaleEmbedder() {}

    /** The ONNX file. */
    static byte[] model() {
      GraphBuilder g = new GraphBuilder("embedder", 17);
      Dim batch = Dim.symbolic("N");
      Value x = g.input("x", ElementType.FLOAT, Shape.of(batch, Dim.of(3), Dim.of(32), Dim.of(32)));
      Random random = new Random(1);
      for (int layer = 0; layer < STRIDES.length; layer++) {
        int in = WIDTHS[layer];
        int out = WIDTHS[layer + 1];
        Value weight = g.constant("w" + layer, weights(random, in, out), out, in, KERNEL, KERNEL);
        Value sum =
            g.node(
                "Conv",
                List.of(x, weight),
                Attribute.ints("kernel_shape", KERNEL, KERNEL),
                Attribute.ints("strides", STRIDES[layer], STRIDES[layer]),
                Attribute.ints("pads", 1, 1, 1, 1));
        x = g.relu(sum);
      }
      int features = WIDTHS[STRIDES.length];
      Value pooled = g.node("GlobalAveragePool", List.of(x));
      g.output(
          "features",
          pooled,
          ElementType.FLOAT,
          Shape.of(batch, Dim.of(features), Dim.of(1), Dim.of(1)));
      return OnnxCodec.toBytes(g.build());
    }

    /** He's initialisation. */
    private static float[] weights(Random random, int in, int out) {
      float[] weights = new float[in * out * KERNEL * KERNEL];
      double size = Math.sqrt(2.0 / (in * KERNEL * KERNEL));
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (size * random.nextGaussian());
      }
      return weights;
    }
  }
}
