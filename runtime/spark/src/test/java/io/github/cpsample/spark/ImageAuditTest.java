package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.evaluation.membership.PredictionAttack;
import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.evaluation.quality.OnnxEmbedder;
import io.github.cpsample.evaluation.quality.SubsetKernelDistance;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Cluster.class)
class ImageAuditTest {

  /** Ids are multiples of these. */
  private static final int STEP = 3;

  private static final int TRAINING_STEP = 5;

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static List<byte[]> generated;
  private static List<byte[]> training;
  private static EmbedderSpec embedder;

  @BeforeAll
  static void readImages() throws IOException {
    spark = Cluster.session();
    training = new ArrayList<>(FashionMnist.files("public", 0, 2500));
    // Copies of earlier images, which count once.
    training.add(training.get(7));
    training.add(0, training.get(2000));
    generated = new ArrayList<>(FashionMnist.files("heldout", 0, 300));
    // Replicas.
    generated.add(17, training.get(40));
    generated.add(training.get(0));
    embedder =
        EmbedderSpec.parse(
            Files.write(folder.resolve("features.onnx"), features()) + ",range=0..1");
  }

  /** A convolution with random weights and a mean over 16 places: 128 features. */
  private static byte[] features() {
    GraphBuilder g = new GraphBuilder("features", 17);
    Value x =
        g.input(
            "x", ElementType.FLOAT, Shape.of(Dim.symbolic("N"), Dim.of(1), Dim.of(28), Dim.of(28)));
    Random random = new Random(1);
    float[] weights = new float[8 * 49];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    Value map =
        g.relu(
            g.node(
                "Conv",
                List.of(x, g.constant("w", weights, 8, 1, 7, 7)),
                Attribute.ints("kernel_shape", 7, 7),
                Attribute.ints("pads", 3, 3, 3, 3)));
    Value pooled =
        g.node(
            "AveragePool",
            List.of(map),
            Attribute.ints("kernel_shape", 7, 7),
            Attribute.ints("strides", 7, 7));
    g.output(
        "features",
        g.node("Flatten", List.of(pooled), Attribute.integer("axis", 1)),
        ElementType.FLOAT,
        Shape.of(Dim.symbolic("N"), Dim.of(128)));
    return OnnxCodec.toBytes(g.build());
  }

  private static float[][] embedded(float[][] pixels) throws IOException {
    try (OnnxEmbedder open =
        OnnxEmbedder.open(
            embedder,
            FashionMnist.SHAPE,
            ResolvedDevice.of(Device.cpu()),
            new SessionSettings(1, SessionSettings.Optimization.ALL))) {
      return open.embed(pixels);
    }
  }

  private static void assertMatches(float[][] images, float[][] references, Dataset<Row> matches) {
    List<ReplicaRule.Match> expected =
        new ReplicaFinder(ReplicaRule.STANDARD, references).examine(images).matches();
    List<Row> found = matches.orderBy("id").collectAsList();
    assertEquals(expected.size(), found.size());
    int replicas = 0;
    for (int i = 0; i < found.size(); i++) {
      ReplicaRule.Match match = expected.get(i);
      Row row = found.get(i);
      assertEquals((long) STEP * i, row.<Long>getAs("id"));
      assertEquals((long) TRAINING_STEP * match.nearest(), row.<Long>getAs("nearest"), "id " + i);
      assertEquals(match.distance(), row.<Double>getAs("distance"), 0.0);
      assertEquals(match.meanOfNext(), row.<Double>getAs("mean_of_next"), 0.0);
      assertEquals(match.replica(), row.<Boolean>getAs("replica"));
      replicas += match.replica() ? 1 : 0;
    }
    assertTrue(replicas >= 2 && replicas < found.size(), replicas + " replicas");
  }

  @Test
  void nearestImagesInPixelsAreThoseOfOneMachine() throws IOException {
    float[][] images = FashionMnist.pixels(generated);
    float[][] references = FashionMnist.pixels(training);
    Dataset<Row> made = FashionMnist.set(spark, generated, STEP, 3);
    Dataset<Row> known = FashionMnist.set(spark, training, TRAINING_STEP, 2);
    ClusterFeatures pixels = ClusterFeatures.pixels(FashionMnist.SHAPE);
    assertMatches(images, references, ImageAudit.nearest(made, known, pixels));
    assertMatches(images, references, ImageAudit.nearest(made, known, pixels, 0));
  }

  @Test
  void nearestImagesInFeaturesAreThoseOfOneMachine() throws IOException {
    float[][] images = embedded(FashionMnist.pixels(generated));
    float[][] references = embedded(FashionMnist.pixels(training));
    Dataset<Row> made = FashionMnist.set(spark, generated, STEP, 2);
    Dataset<Row> known = FashionMnist.set(spark, training, TRAINING_STEP, 3);
    ClusterFeatures features = ClusterFeatures.embedder(spark, embedder, FashionMnist.SHAPE);
    assertMatches(images, references, ImageAudit.nearest(made, known, features));
    assertMatches(images, references, ImageAudit.nearest(made, known, features, 0));
  }

  @Test
  void qualityIsThatOfOneMachine() throws IOException {
    double[][] first = wide(embedded(FashionMnist.pixels(generated)));
    double[][] second = wide(embedded(FashionMnist.pixels(training.subList(0, 1200))));
    ImageAudit.Quality found =
        ImageAudit.quality(
            FashionMnist.set(spark, generated, STEP, 3),
            FashionMnist.set(spark, training.subList(0, 1200), TRAINING_STEP, 2),
            ClusterFeatures.embedder(spark, embedder, FashionMnist.SHAPE),
            11);
    assertEquals(first.length, found.images());
    assertEquals(second.length, found.references());
    double frechet = FrechetDistance.between(first, second);
    assertTrue(frechet > 0);
    assertEquals(frechet, found.frechet(), 1e-9 * frechet);
    SubsetKernelDistance.Estimate kernel = SubsetKernelDistance.usual(11).between(first, second);
    assertEquals(kernel.mean(), found.kernel(), 1e-9 * Math.abs(kernel.mean()));
    assertEquals(kernel.deviation(), found.kernelDeviation(), 1e-9 * kernel.deviation());
  }

  private static double[][] wide(float[][] rows) {
    double[][] wide = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      wide[i] = new double[rows[i].length];
      for (int j = 0; j < rows[i].length; j++) {
        wide[i][j] = rows[i][j];
      }
    }
    return wide;
  }

  @Test
  void attacksAreThoseOfOneMachine() throws IOException {
    Path attacked = folder.resolve("model");
    List<byte[]> members = tiny(0, 24);
    List<byte[]> others = tiny(100, 17);
    TinyBundle.writer().toDirectory(attacked);
    ClusterModel model = ClusterModel.ship(spark, attacked);
    SampleRequest request = SampleRequest.of(1).withBatchSize(5);
    List<MembershipFigures> found =
        ImageAudit.membership(
            FashionMnist.set(spark, members, 1, 2),
            FashionMnist.set(spark, others, 1, 3),
            model,
            request,
            4);
    try (ModelBundle bundle = ModelBundle.open(attacked);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      List<PredictionAttack> attacks = PredictionAttack.all(bundle.manifest(), 4);
      assertEquals(attacks.size(), found.size());
      for (int i = 0; i < attacks.size(); i++) {
        MembershipFigures expected =
            attacks
                .get(i)
                .figures(
                    scores(sampler, attacks.get(i), false, members, others),
                    scores(sampler, attacks.get(i), true, members, others),
                    Bootstrap.usual(4));
        assertEquals(expected.attack(), found.get(i).attack());
        assertEquals(expected.withoutProtection().auc(), found.get(i).withoutProtection().auc());
        assertEquals(expected.withProtection().auc(), found.get(i).withProtection().auc());
      }
    }
  }

  private static List<byte[]> tiny(int seed, int count) {
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(PngBytes.of(TinyImages.image(seed + i)));
    }
    return files;
  }

  private static MembershipScores scores(
      ProtectedSampler sampler,
      PredictionAttack attack,
      boolean guarded,
      List<byte[]> members,
      List<byte[]> others)
      throws IOException {
    return new MembershipScores(
        scores(sampler, attack, guarded, members), scores(sampler, attack, guarded, others));
  }

  private static double[] scores(
      ProtectedSampler sampler, PredictionAttack attack, boolean guarded, List<byte[]> files)
      throws IOException {
    float[][] images = FashionMnist.pixels(files);
    SampleRequest request =
        SampleRequest.of(images.length).withBatchSize(images.length).withProtection(guarded);
    return attack.attack().scores(sampler.predictions(request)::epsilon, images);
  }

  @Test
  void brokenImagesAreNamedAndLeftOut() throws IOException {
    List<byte[]> files = new ArrayList<>(generated.subList(0, 20));
    files.set(4, Arrays.copyOf(files.get(4), 60));
    files.set(9, "no image".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Dataset<Row> made = FashionMnist.set(spark, files, STEP, 1);
    ClusterFeatures pixels = ClusterFeatures.pixels(FashionMnist.SHAPE);
    List<Row> rejected = ImageAudit.rejected(made, pixels).orderBy("id").collectAsList();
    assertEquals(List.of(12L, 27L), rejected.stream().map(row -> row.<Long>getAs("id")).toList());
    for (Row row : rejected) {
      assertEquals(0, row.<Integer>getAs("partition"));
      assertTrue(row.<Long>getAs("row") >= 0 && row.<Long>getAs("row") < 20);
      assertTrue(row.<String>getAs("reason").contains("image " + row.getAs("id")));
    }
    Dataset<Row> known = FashionMnist.set(spark, training.subList(0, 50), 1, 1);
    assertEquals(18, ImageAudit.nearest(made, known, pixels).count());
    IllegalArgumentException few =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ImageAudit.nearest(
                    made, FashionMnist.set(spark, training.subList(0, 5), 1, 1), pixels));
    assertTrue(few.getMessage().contains("found 5 in pixels"), few.getMessage());
  }
}
