package io.github.cpsample.evaluation.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.MembershipFigures.ResidualTest;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stages ask, computed again here image by image. */
class StagesTest {

  private static final int TIMESTEP = 200;
  private static final int DRAWS = 4;

  @TempDir Path folder;

  @Test
  void theLossAndTheTestOfItsResiduals() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      MembershipFigures loss = tiny.attacks("loss").get(0);
      for (boolean guarded : new boolean[] {false, true}) {
        NoisePredictions model =
            tiny.sampler.predictions(SampleRequest.of(1).withProtection(guarded));
        double[] members = each(tiny.members, x -> residual(tiny, model, x));
        double[] others = each(tiny.others, x -> residual(tiny, model, x));
        double auc = (guarded ? loss.withProtection() : loss.withoutProtection()).auc().value();
        assertEquals(AttackedTiny.auc(members, others), auc, 1e-12);
        // Seven members are too few for six batches of two: every image is a batch of its own.
        double t = (mean(others) - mean(members)) / Math.sqrt(error(others) + error(members));
        ResidualTest test = loss.residualTest();
        assertEquals(1, test.batchSize());
        MembershipFigures.Outcome outcome =
            guarded ? test.withProtection() : test.withoutProtection();
        assertEquals(t, outcome.statistic(), 1e-5);
        assertEquals(upperNormal(t), outcome.upperNormalP(), 1e-4);
        assertTrue(outcome.upperStudentP() > 0 && outcome.upperStudentP() < 1);
      }
      assertEquals(
          loss.withoutProtection().auc().value() - loss.withProtection().auc().value(),
          loss.aucLost().value(),
          1e-12);
    }
  }

  @Test
  void imageToImageOfEveryCandidateAlone() {
    assertProcessed("image-to-image-50", 5, (request, image) -> request.withStart(image, 0.5));
  }

  @Test
  void inpaintingOfEveryCandidateAlone() {
    Mask lowerHalf = Mask.of(8, 8, (y, x) -> y == 4 || y == 5 || y == 6 || y == 7);
    assertProcessed(
        "inpainting",
        10,
        (request, image) -> request.withInpainting(Inpainting.of(image, lowerHalf)));
  }

  private void assertProcessed(
      String id, int steps, BiFunction<SampleRequest, FloatImage, SampleRequest> given) {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      List<MembershipFigures> attacks = tiny.attacks(id);
      double[][] members = processed(tiny, tiny.members, steps, given);
      double[][] others = processed(tiny, tiny.others, steps, given);
      double[] found = {
        attacks.get(0).withoutProtection().auc().value(),
        attacks.get(0).withProtection().auc().value(),
        attacks.get(1).withProtection().auc().value(),
        attacks.get(2).withProtection().auc().value(),
        attacks.get(3).withProtection().auc().value(),
      };
      for (int measure = 0; measure < found.length; measure++) {
        assertEquals(
            AttackedTiny.auc(members[measure], others[measure]),
            found[measure],
            1e-12,
            "measure " + measure);
      }
      assertTrue(Arrays.stream(members[2]).distinct().count() > 1, "guarded steps differ");
      assertEquals(
          List.of("images-in", "reports", "traces", "traces"),
          attacks.stream().map(MembershipFigures::access).toList());
    }
  }

  /**
   * Moved without and with the guard, guarded steps, mean and largest certainty, low for members.
   */
  private static double[][] processed(
      AttackedTiny tiny,
      float[][] images,
      int steps,
      BiFunction<SampleRequest, FloatImage, SampleRequest> given) {
    double[][] scores = new double[5][images.length];
    for (int i = 0; i < images.length; i++) {
      FloatImage image = picture(images[i]);
      SampleRequest request =
          given.apply(SampleRequest.of(1).withSeed(AttackedTiny.SEED + i), image);
      SampleResult open = tiny.sampler.sample(request.withProtection(false), Progress.none());
      SampleResult guarded = tiny.sampler.sample(request.withCertaintyTrace(true), Progress.none());
      scores[0][i] = squared(image.values(), open.image(0).values());
      scores[1][i] = squared(image.values(), guarded.image(0).values());
      scores[2][i] = -guarded.report(0).guardedSteps();
      List<Double> trace = guarded.report(0).certaintyTrace().orElseThrow();
      assertEquals(steps, trace.size());
      for (double certainty : trace) {
        scores[3][i] -= certainty;
        scores[4][i] = Math.min(scores[4][i], -certainty);
      }
    }
    return scores;
  }

  @Test
  void theNearestOfTheGeneratedImages() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      List<MembershipFigures> attacks = tiny.attacks("generated-images");
      // As many on both sides: five.
      float[][][] sides = {tiny.generated, Arrays.copyOf(tiny.guarded, 5)};
      for (int side = 0; side < 2; side++) {
        float[][] generated = sides[side];
        for (int attack = 0; attack < 2; attack++) {
          boolean relative = attack == 1;
          ToDoubleFunction<float[]> score =
              x -> {
                double[] distances = each(generated, y -> Math.sqrt(squared(x, y)));
                double nearest = Arrays.stream(distances).min().orElseThrow();
                return relative ? nearest / mean(distances) : nearest;
              };
          MembershipFigures figures = attacks.get(attack);
          assertEquals(
              AttackedTiny.auc(each(tiny.members, score), each(tiny.others, score)),
              (side == 0 ? figures.withoutProtection() : figures.withProtection()).auc().value(),
              1e-12);
        }
      }
      assertTrue(attacks.get(0).attack().contains("5 generated"), attacks.get(0).attack());
    }
  }

  @Test
  void meanAndContrastWithoutAnyModel() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      List<MembershipFigures> controls = tiny.attacks("blind");
      ToDoubleFunction<float[]> mean =
          x -> mean(IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray());
      ToDoubleFunction<float[]> variance =
          x ->
              mean(
                  IntStream.range(0, x.length)
                      .mapToDouble(i -> Math.pow(x[i] - mean.applyAsDouble(x), 2))
                      .toArray());
      assertEquals(
          AttackedTiny.auc(each(tiny.members, mean), each(tiny.others, mean)),
          controls.get(0).withProtection().auc().value(),
          1e-12);
      assertEquals(
          AttackedTiny.auc(each(tiny.members, variance), each(tiny.others, variance)),
          controls.get(1).withoutProtection().auc().value(),
          1e-12);
    }
  }

  @Test
  void certaintyAtLowNoiseIsThatOfTheCheck() {
    try (AttackedTiny tiny = new AttackedTiny(folder);
        CertaintyCheck check =
            CertaintyCheck.open(
                tiny.bundle, tiny.sampler.device(), CertaintyCheck.DRAWS, AttackedTiny.SEED)) {
      ToDoubleFunction<float[]> score =
          x -> -check.check(List.of(picture(x))).get(0).recognition().orElseThrow().score();
      assertEquals(
          AttackedTiny.auc(each(tiny.members, score), each(tiny.others, score)),
          tiny.attacks("certainty-low-noise").get(0).withProtection().auc().value(),
          1e-12);
    }
  }

  @Test
  void noiseLevelsFromTheClassifiersOwnWeights() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      MembershipResult result = tiny.stage("certainty-all-levels").run(Progress.none());
      List<Integer> timesteps = result.levels().stream().map(NoiseLevel::timestep).toList();
      assertEquals(List.of(1, 50, 101, 150, 250, 350, 450, 550, 650, 750, 850, 950), timesteps);
      double[][] members = new double[2][tiny.members.length];
      double[][] others = new double[2][tiny.others.length];
      for (NoiseLevel level : result.levels()) {
        double[] in = each(tiny.members, x -> certainty(tiny, x, level.timestep()));
        double[] out = each(tiny.others, x -> certainty(tiny, x, level.timestep()));
        assertEquals(mean(in), level.trainingCertainty().value(), 1e-5);
        assertEquals(mean(out), level.heldOutCertainty().value(), 1e-5);
        assertEquals(1 - AttackedTiny.auc(in, out), level.auc().value(), 1e-12);
        assertEquals(guarded(tiny, tiny.members, level), level.recognised().value(), 1e-12);
        assertEquals(guarded(tiny, tiny.others, level), level.falseAlarms().value(), 1e-12);
        assertEquals(9, level.falseAlarms().of());
        assertTrue(level.asked(), "the model guards all timesteps");
      }
      sum(tiny, tiny.members, timesteps, members);
      sum(tiny, tiny.others, timesteps, others);
      for (int attack = 0; attack < 2; attack++) {
        assertEquals(
            AttackedTiny.auc(members[attack], others[attack]),
            result.attacks().get(attack).withProtection().auc().value(),
            1e-12);
      }
    }
  }

  /** The gate is asked about the denoiser's image, with its own threshold at every level. */
  @Test
  void noiseLevelsOfAModelThatAsksAboutTheDenoisersImage() {
    try (AttackedTiny tiny = new AttackedTiny(folder, TinyBundle.healing(Kind.RESTART))) {
      MembershipResult result = tiny.stage("certainty-all-levels").run(Progress.none());
      NoisePredictions model = tiny.sampler.predictions(SampleRequest.of(1).withProtection(false));
      double least = 1;
      double most = 0;
      for (NoiseLevel level : result.levels()) {
        int t = level.timestep();
        double alpha = t < 600 ? 0.13 : 0.2;
        ToDoubleFunction<float[]> alarm =
            x -> certainty(logitsOfSeen(tiny, model, x, t)) > 1 - alpha ? 1.0 : 0.0;
        assertEquals(mean(each(tiny.members, alarm)), level.recognised().value(), 1e-12);
        assertEquals(mean(each(tiny.others, alarm)), level.falseAlarms().value(), 1e-12);
        least = Math.min(least, level.falseAlarms().value());
        most = Math.max(most, level.falseAlarms().value());
      }
      assertTrue(least < most, "the levels differ");
    }
  }

  /** The first seed of an image's own draws: held-out images are counted behind the members. */
  private static long firstSeed(AttackedTiny tiny, float[] image) {
    List<float[]> all = new ArrayList<>(List.of(tiny.members));
    all.addAll(List.of(tiny.others));
    int number = 0;
    while (!Arrays.equals(all.get(number), image)) {
      number++;
    }
    return AttackedTiny.SEED + (long) DRAWS * number;
  }

  /** The logits of what the denoiser sees in the image with the first draw of noise. */
  private static double[] logitsOfSeen(
      AttackedTiny tiny, NoisePredictions model, float[] image, int t) {
    double abar = tiny.bundle.manifest().schedule().create().alphasCumprod(t);
    float[] noise = new float[image.length];
    RandomMode.JAVA.open(firstSeed(tiny, image)).initial().fill(noise, 0, noise.length);
    float[] noised = new float[image.length];
    for (int i = 0; i < noised.length; i++) {
      noised[i] = (float) (Math.sqrt(abar) * image[i] + Math.sqrt(1 - abar) * noise[i]);
    }
    float[] epsilon = model.epsilon(noised, 1, t);
    double[] seen = new double[image.length];
    for (int i = 0; i < seen.length; i++) {
      double whole = (noised[i] - Math.sqrt(1 - abar) * epsilon[i]) / Math.sqrt(abar);
      seen[i] = Math.max(-1, Math.min(1, whole));
    }
    return TinyBundle.logits(seen, t);
  }

  /**
   * A push and a handover change what is predicted of guarded images, a way back alone does not.
   */
  @Test
  void predictionsAreAttackedTwiceWhereProtectionChangesThem() {
    for (Kind kind : List.of(Kind.PUSH, Kind.RESTART, Kind.HANDOVER)) {
      try (AttackedTiny tiny =
          new AttackedTiny(folder.resolve(kind.label()), TinyBundle.healing(kind))) {
        MembershipFigures loss = tiny.attacks("loss").get(0);
        double without = loss.withoutProtection().auc().value();
        double with = loss.withProtection().auc().value();
        assertEquals(kind == Kind.RESTART, without == with, kind + ": " + without + ", " + with);
      }
    }
  }

  /** Steps in all, which the way back makes differ, are an attack of their own. */
  @Test
  void stepsInAllTellWhoWasSentBack() {
    try (AttackedTiny tiny = new AttackedTiny(folder, TinyBundle.healing(Kind.RESTART))) {
      List<MembershipFigures> attacks = tiny.attacks("image-to-image-50");
      assertEquals(
          List.of("images-in", "reports", "reports", "traces", "traces"),
          attacks.stream().map(MembershipFigures::access).toList());
      double[][] steps = new double[2][];
      for (int side = 0; side < 2; side++) {
        float[][] images = side == 0 ? tiny.members : tiny.others;
        steps[side] = new double[images.length];
        for (int i = 0; i < images.length; i++) {
          SampleRequest request =
              SampleRequest.of(1)
                  .withSeed(AttackedTiny.SEED + i)
                  .withStart(picture(images[i]), 0.5);
          steps[side][i] = -tiny.sampler.sample(request, Progress.none()).report(0).steps();
        }
      }
      assertTrue(Arrays.stream(steps[1]).distinct().count() > 1, "steps differ");
      assertEquals(
          AttackedTiny.auc(steps[0], steps[1]),
          attacks.get(2).withProtection().auc().value(),
          1e-12);
    }
  }

  /** Scores of the two attacks on all levels, from logits that are asked for one by one. */
  private static void sum(
      AttackedTiny tiny, float[][] images, List<Integer> timesteps, double[][] scores) {
    for (int i = 0; i < images.length; i++) {
      double[] signs = new double[TinyBundle.BITS];
      for (int t : timesteps) {
        for (int draw = 0; draw < DRAWS; draw++) {
          double[] logits = logits(tiny, images[i], t, draw);
          for (int bit = 0; bit < signs.length; bit++) {
            double p = 1 / (1 + Math.exp(-logits[bit]));
            scores[0][i] -= Math.log(Math.max(p, 1 - p));
            signs[bit] += 2 * p - 1;
          }
        }
      }
      scores[1][i] = -Arrays.stream(signs).map(Math::abs).sum();
    }
  }

  private static double guarded(AttackedTiny tiny, float[][] images, NoiseLevel level) {
    double alpha = tiny.bundle.manifest().protection().alpha();
    return mean(
        each(images, x -> certainty(logits(tiny, x, level.timestep(), 0)) > 1 - alpha ? 1.0 : 0.0));
  }

  private static double certainty(AttackedTiny tiny, float[] image, int t) {
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      sum += certainty(logits(tiny, image, t, draw));
    }
    return sum / DRAWS;
  }

  /** The geometric mean over bits of {@code max(p, 1 - p)}. */
  private static double certainty(double[] logits) {
    double product = 1;
    for (double logit : logits) {
      double p = 1 / (1 + Math.exp(-logit));
      product *= Math.max(p, 1 - p);
    }
    return Math.pow(product, 1.0 / logits.length);
  }

  private static double[] logits(AttackedTiny tiny, float[] image, int t, int draw) {
    NoiseSchedule schedule = tiny.bundle.manifest().schedule().create();
    float[] noise = new float[image.length];
    RandomMode.JAVA.open(firstSeed(tiny, image) + draw).initial().fill(noise, 0, noise.length);
    double[] noised = new double[image.length];
    for (int i = 0; i < noised.length; i++) {
      noised[i] =
          Math.sqrt(schedule.alphasCumprod(t)) * image[i]
              + Math.sqrt(1 - schedule.alphasCumprod(t)) * noise[i];
    }
    return TinyBundle.logits(noised, t);
  }

  /** The mean over four draws of |e - eps|^2. */
  private static double residual(AttackedTiny tiny, NoisePredictions model, float[] image) {
    double abar = tiny.bundle.manifest().schedule().create().alphasCumprod(TIMESTEP);
    float[] draws = new float[DRAWS * image.length];
    RandomMode.JAVA.open(AttackedTiny.SEED).initial().fill(draws, 0, draws.length);
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      float[] noised = new float[image.length];
      for (int i = 0; i < noised.length; i++) {
        double noise = draws[draw * image.length + i];
        noised[i] = (float) (Math.sqrt(abar) * image[i] + Math.sqrt(1 - abar) * noise);
      }
      float[] epsilon = model.epsilon(noised, 1, TIMESTEP);
      for (int i = 0; i < noised.length; i++) {
        sum += Math.pow((double) draws[draw * image.length + i] - epsilon[i], 2);
      }
    }
    return sum / DRAWS;
  }

  private static FloatImage picture(float[] values) {
    return FloatImage.copyOf(TinyBundle.SHAPE, values, 0);
  }

  private static double squared(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow((double) a[i] - b[i], 2);
    }
    return sum;
  }

  private static double[] each(float[][] images, ToDoubleFunction<float[]> score) {
    return Arrays.stream(images).mapToDouble(score).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The squared standard error of the mean. */
  private static double error(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum()
        / (values.length - 1)
        / values.length;
  }

  /** {@code 1 - Phi(t)}, by summing the density. */
  private static double upperNormal(double t) {
    double sum = 0;
    double width = 1e-4;
    for (double x = t + width / 2; x < 12; x += width) {
      sum += Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * width;
    }
    return sum;
  }
}
