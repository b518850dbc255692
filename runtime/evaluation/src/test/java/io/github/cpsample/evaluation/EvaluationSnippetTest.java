package io.github.cpsample.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.attack.MembershipAttack;
import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.attack.NoisePredictor;
import io.github.cpsample.evaluation.attack.ReconstructionLoss;
import io.github.cpsample.evaluation.attack.SignalLevels;
import io.github.cpsample.evaluation.quality.FeatureExtractor;
import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's program that measures a model runs in this module, where there is no PyTorch. */
class EvaluationSnippetTest {

  private static final int COUNT = 8;

  @TempDir private Path temporary;

  @Test
  void theSnippetIsTheReadmes() throws IOException {
    String readme = collapsed(Files.readString(Path.of("..", "..", "README.md")));
    String test =
        collapsed(
            Files.readString(
                Path.of(
                    "src/test/java",
                    EvaluationSnippetTest.class.getName().replace('.', '/') + ".java")));
    Matcher snippet =
        Pattern.compile("```java ((?:(?!```).)*FrechetDistance.*?) ```").matcher(readme);
    assertTrue(snippet.find(), "README.md has a snippet with a Frechet distance");
    assertTrue(test.contains(snippet.group(1)), "not compiled here: " + snippet.group(1));
  }

  @Test
  void theSnippetMeasuresADistanceAndAnAttack() throws IOException {
    Path folder = temporary.resolve("model");
    TinyBundle.writer().toDirectory(folder);
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      measure(folder, images(1), images(2), EvaluationSnippetTest::rowMeans);
    } finally {
      System.setOut(before);
    }
    Matcher line =
        Pattern.compile("distance (\\S+), area (\\S+)\\s*")
            .matcher(printed.toString(StandardCharsets.UTF_8));
    assertTrue(line.matches(), printed.toString(StandardCharsets.UTF_8));
    double distance = Double.parseDouble(line.group(1));
    double area = Double.parseDouble(line.group(2));
    assertTrue(distance > 0 && Double.isFinite(distance), "distance " + distance);
    assertEquals(0.5, area, 0.5);
  }

  private static void measure(
      Path folder, float[][] members, float[][] others, FeatureExtractor features) {
    try (ModelBundle model = ModelBundle.open(folder);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      List<FloatImage> made =
          sampler.sample(SampleRequest.of(32).withSeed(7), Progress.none()).images();
      float[][] samples = made.stream().map(FloatImage::values).toArray(float[][]::new);
      double frechet = FrechetDistance.between(features.of(samples), features.of(others));
      SignalLevels levels = SignalLevels.of(model.manifest().schedule().create());
      MembershipAttack attack = new ReconstructionLoss(levels, 200, 4, 1);
      NoisePredictor answers = sampler.predictions(SampleRequest.of(1))::epsilon;
      MembershipScores scores =
          new MembershipScores(attack.scores(answers, members), attack.scores(answers, others));
      System.out.println("distance " + frechet + ", area " + scores.curve().auc());
    }
  }

  private static float[][] images(long seed) {
    Random random = new Random(seed);
    float[][] images = new float[COUNT][TinyBundle.SHAPE.size()];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = 2 * random.nextFloat() - 1;
      }
    }
    return images;
  }

  /** The mean of the upper and that of the lower half. */
  private static double[][] rowMeans(float[][] images) {
    double[][] features = new double[images.length][2];
    for (int n = 0; n < images.length; n++) {
      for (int i = 0; i < images[n].length; i++) {
        features[n][2 * i / images[n].length] += 2.0 * images[n][i] / images[n].length;
      }
    }
    return features;
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
