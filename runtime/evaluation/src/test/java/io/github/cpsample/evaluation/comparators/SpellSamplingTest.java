package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpellSamplingTest {

  private static final int STEPS = 10;
  private static final int COUNT = 5;
  private static final long SEED = 60;
  private static final int SIZE = TinyBundle.SHAPE.size();
  private static final float ROUNDING = 1e-5f;
  private static final double NEVER = 1e-6;

  @TempDir Path folder;
  private ModelBundle bundle;
  private ProtectedSampler sampler;
  private float[][] training;

  /** Training images beside what the model makes of two of the seeds, and two far away. */
  @BeforeEach
  void open() {
    TinyBundle.writer().toDirectory(folder.resolve("bundle"));
    bundle = ModelBundle.open(folder.resolve("bundle"));
    sampler = ProtectedSampler.open(bundle, Device.cpu());
    SampleResult made = plain(request -> request.withEta(0));
    training = new float[4][SIZE];
    for (int i = 0; i < training.length; i++) {
      RandomMode.JAVA.open(900 + i).initial().fill(training[i], 0, SIZE);
      for (int k = 0; i < 2 && k < SIZE; k++) {
        training[i][k] = 0.9f * made.image(i).values()[k] + 0.02f * training[i][k];
      }
    }
  }

  @AfterEach
  void close() {
    sampler.close();
    bundle.close();
  }

  private SampleResult plain(UnaryOperator<SampleRequest> changed) {
    SampleRequest request =
        changed.apply(
            SampleRequest.of(COUNT)
                .withSteps(STEPS)
                .withSeed(SEED)
                .withBatchSize(COUNT)
                .withProtection(false));
    return sampler.sample(request, Progress.none());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5})
  void outsideOfAllBallsItIsPlainDdim(double eta) {
    SampleResult plain = plain(request -> request.withSampler(SamplerKind.DDIM).withEta(eta));
    List<AuditSample> samples =
        Collected.of(spell(new SpellSettings(STEPS, eta, NEVER), COUNT), SEED, COUNT);
    for (int i = 0; i < COUNT; i++) {
      assertArrayEquals(plain.image(i).values(), values(samples, i), "image " + i);
      assertEquals(0, samples.get(i).trajectory().guardedSteps());
    }
  }

  /** DDIM with eta 1 is DDPM with the posterior variance (Song, Meng and Ermon 2021). */
  @Test
  void besideDdpmItIsDdpm() {
    SampleRequest ddpm = SampleRequest.of(1).withSampler(SamplerKind.DDPM).withSteps(STEPS);
    SpellSettings usual = SpellSettings.beside(sampler.settings(ddpm), STEPS, 0.3);
    assertEquals(new SpellSettings(STEPS, 1, 0.3), usual);
    SampleResult plain = plain(request -> request.withSampler(SamplerKind.DDPM));
    List<AuditSample> samples =
        Collected.of(spell(new SpellSettings(STEPS, 1, NEVER), COUNT), SEED, COUNT);
    for (int i = 0; i < COUNT; i++) {
      assertArrayEquals(plain.image(i).values(), values(samples, i), 1e-4f, "image " + i);
    }
  }

  /**
   * Once more, for one image after the other, written down plainly in double: equation 12 of Song,
   * Meng and Ermon 2021 with the pushed image.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5})
  void everyImageIsThatOfThePlainFormulas(double eta) {
    double share = 0.8;
    SpellSampling method = spell(new SpellSettings(STEPS, eta, share), 2);
    SpellReference reference =
        new SpellReference(
            sampler.predictions(SampleRequest.of(1).withProtection(false)),
            bundle.manifest().schedule().create(),
            training,
            new SpellSettings(STEPS, eta, share));
    List<AuditSample> samples = Collected.of(method, SEED, COUNT);
    int pushed = 0;
    for (int i = 0; i < COUNT; i++) {
      float[] expected = reference.image(SEED + i);
      assertArrayEquals(expected, values(samples, i), 1e-4f, "image " + i);
      assertEquals(reference.pushed(), samples.get(i).trajectory().guardedSteps(), "image " + i);
      pushed += samples.get(i).trajectory().guardedSteps();
    }
    assertTrue(pushed > 2 && pushed < COUNT * STEPS, "some steps are pushed: " + pushed);
  }

  /**
   * Balls that do not meet: whoever enters one leaves it by its sphere, in the last step as well.
   */
  @Test
  void noImageEndsInABall() {
    double share = 0.45;
    SpellSampling method = spell(new SpellSettings(STEPS, 0, share), COUNT);
    double radius = ImageShield.ofShare(training, share).radius();
    SampleResult plain = plain(request -> request.withEta(0));
    List<AuditSample> samples = Collected.of(method, SEED, COUNT);
    int saved = 0;
    for (int i = 0; i < COUNT; i++) {
      assertTrue(nearest(values(samples, i)) > radius - 1e-4, "image " + i);
      saved += nearest(plain.image(i).values()) < radius ? 1 : 0;
    }
    assertTrue(saved >= 2, "of those that ended in one without: " + saved);
    assertTrue(method.settings().contains(share + " x the median"), method.settings());
    assertTrue(method.settings().endsWith("around 4 images"), method.settings());
  }

  private double nearest(float[] image) {
    double least = Double.POSITIVE_INFINITY;
    for (float[] other : training) {
      double squares = 0;
      for (int i = 0; i < SIZE; i++) {
        squares += ((double) image[i] - other[i]) * ((double) image[i] - other[i]);
      }
      least = Math.min(least, Math.sqrt(squares));
    }
    return least;
  }

  @Test
  void anImageDependsOnItsSeedAlone() {
    SpellSettings settings = new SpellSettings(STEPS, 0.5, 0.8);
    List<AuditSample> together = Collected.of(spell(settings, 3), SEED, COUNT);
    List<AuditSample> alone = Collected.of(spell(settings, 1), SEED + 1, 2);
    for (int i = 0; i < 2; i++) {
      assertEquals(SEED + 1 + i, alone.get(i).seed());
      assertArrayEquals(values(together, i + 1), values(alone, i), ROUNDING);
      assertEquals(
          together.get(i + 1).trajectory().guardedSteps(),
          alone.get(i).trajectory().guardedSteps());
      assertEquals(new SampleCost(STEPS, 0, 0, 0), timeless(alone.get(i).cost()));
    }
  }

  private static SampleCost timeless(SampleCost cost) {
    return new SampleCost(cost.denoiserRows(), cost.classifierRows(), cost.gradientRows(), 0);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> new SpellSettings(0, 0, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new SpellSettings(50, 1.5, 0.5));
    for (double share : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new SpellSettings(50, 0, share));
    }
    training = new float[][] {new float[3], new float[3]};
    SpellSettings settings = new SpellSettings(STEPS, 0, 0.5);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> spell(settings, 2));
    assertTrue(e.getMessage().contains("expected 64 values"), e.getMessage());
  }

  private SpellSampling spell(SpellSettings settings, int batch) {
    return new SpellSampling(sampler, UnaryOperator.identity(), batch, training, settings);
  }

  private static float[] values(List<AuditSample> samples, int index) {
    return samples.get(index).image().orElseThrow().values();
  }
}
