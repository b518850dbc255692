package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.comparators.AmgSettings.Compared;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AmgSamplingTest {

  private static final int STEPS = 10;
  private static final int COUNT = 5;
  private static final long SEED = 60;
  private static final int SIZE = TinyBundle.SHAPE.size();
  private static final float ROUNDING = 1e-5f;

  @TempDir Path folder;
  private ModelBundle bundle;
  private ProtectedSampler sampler;
  private float[][] training;

  @BeforeEach
  void open() {
    TinyBundle.writer().toDirectory(folder.resolve("bundle"));
    bundle = ModelBundle.open(folder.resolve("bundle"));
    sampler = ProtectedSampler.open(bundle, Device.cpu());
    training = new float[4][SIZE];
    for (int i = 0; i < training.length; i++) {
      RandomMode.JAVA.open(900 + i).initial().fill(training[i], 0, SIZE);
    }
  }

  @AfterEach
  void close() {
    sampler.close();
    bundle.close();
  }

  @Test
  void withoutATriggerItIsPlainDdpm() {
    AmgSettings never = new AmgSettings(Compared.NOISED, STEPS, 1e-9, 1.95, 1.5, 0.6, 1000, 3, 1);
    AmgSettings idle = new AmgSettings(Compared.NOISED, STEPS, 2, 2, 2, 0.6, 0, 3, 1);
    SampleRequest request =
        SampleRequest.of(COUNT)
            .withSampler(SamplerKind.DDPM)
            .withSteps(STEPS)
            .withSeed(SEED)
            .withBatchSize(COUNT)
            .withProtection(false);
    SampleResult plain = sampler.sample(request, Progress.none());
    for (AmgSettings settings : List.of(never, idle)) {
      List<AuditSample> samples = Collected.of(amg(settings, COUNT), SEED, COUNT);
      for (int i = 0; i < COUNT; i++) {
        assertArrayEquals(
            plain.image(i).values(), samples.get(i).image().orElseThrow().values(), "image " + i);
      }
    }
    assertEquals(0, Collected.of(amg(never, 2), SEED, 1).get(0).trajectory().guardedSteps());
  }

  @ParameterizedTest
  @EnumSource(Compared.class)
  void everyImageIsThatOfThePlainFormulas(Compared compared) {
    double trigger = compared == Compared.NOISED ? 1.85 : 1.75;
    AmgSettings settings =
        new AmgSettings(compared, STEPS, trigger, 1.95, trigger, 0.6, 20, 1_000, 0);
    AmgReference reference =
        new AmgReference(
            sampler.predictions(SampleRequest.of(1).withProtection(false)),
            bundle.manifest().schedule().create(),
            training,
            settings);
    List<AuditSample> samples = Collected.of(amg(settings, 2), SEED, COUNT);
    int pushed = 0;
    for (int i = 0; i < COUNT; i++) {
      float[] expected = reference.image(SEED + i);
      assertArrayEquals(
          expected, samples.get(i).image().orElseThrow().values(), 1e-4f, "image " + i);
      assertEquals(reference.pushed(), samples.get(i).trajectory().guardedSteps());
      pushed += samples.get(i).trajectory().guardedSteps();
    }
    assertTrue(pushed > COUNT && pushed < COUNT * STEPS, "some steps are pushed: " + pushed);
  }

  @Test
  void anImageDependsOnItsSeedAloneAndComesOutAgain() {
    AmgSettings settings = new AmgSettings(Compared.NOISED, STEPS, 1.9, 1.95, 1.9, 0.6, 20, 3, 1);
    List<AuditSample> together = Collected.of(amg(settings, 3), SEED, COUNT);
    List<AuditSample> again = Collected.of(amg(settings, 3), SEED, COUNT);
    List<AuditSample> alone = Collected.of(amg(settings, 1), SEED + 2, 2);
    for (int i = 0; i < COUNT; i++) {
      assertArrayEquals(values(together, i), values(again, i));
      assertEquals(SEED + i, together.get(i).seed());
    }
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(values(together, i + 2), values(alone, i), ROUNDING);
      assertEquals(
          together.get(i + 2).trajectory().guardedSteps(),
          alone.get(i).trajectory().guardedSteps());
    }
  }

  @Test
  void callsTheDenoiserOncePerStepAndTellsItsProgress() {
    AmgSampling method = amg(AmgSettings.carriedTo(STEPS, SIZE), 3);
    List<String> told = new ArrayList<>();
    List<AuditSample> samples = new ArrayList<>();
    method.sample(SEED, COUNT, samples::add, (done, total) -> told.add(done + "/" + total));
    assertEquals("0/20", told.get(0));
    assertEquals("20/20", told.get(told.size() - 1));
    for (AuditSample sample : samples) {
      assertEquals(STEPS, sample.trajectory().steps());
      assertEquals(STEPS, sample.cost().denoiserRows());
      assertEquals(0, sample.cost().classifierRows());
      assertTrue(sample.cost().seconds() > 0);
    }
    Progress cancelled =
        new Progress() {
          @Override
          public void onStep(int stepsDone, int stepsTotal) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    assertThrows(
        CancellationException.class, () -> method.sample(SEED, 1, sample -> {}, cancelled));
  }

  @Test
  void theFactoryGivesEveryMethodTheSameBudget() {
    float[][] enough = new float[8][SIZE];
    for (int i = 0; i < enough.length; i++) {
      RandomMode.JAVA.open(700 + i).initial().fill(enough[i], 0, SIZE);
    }
    ComparedMethods methods =
        new ComparedMethods(sampler, request -> request.withSteps(7), 2, enough);
    for (String name : ComparedMethods.NAMES) {
      SamplingMethod method = methods.named(name);
      assertEquals(name, method.name());
      List<AuditSample> samples = Collected.of(method, SEED, 3);
      assertEquals(3, samples.size());
      assertEquals(
          21, samples.stream().mapToLong(sample -> sample.cost().denoiserRows()).sum(), name);
    }
    assertThrows(IllegalArgumentException.class, () -> methods.named("magic"));
    ComparedMethods heun =
        new ComparedMethods(
            sampler, request -> request.withSampler(SamplerKind.HEUN).withSteps(7), 2, enough);
    for (String name : ComparedMethods.namesFor(bundle.manifest())) {
      assertEquals(13, Collected.of(heun.named(name), SEED, 1).get(0).cost().denoiserRows(), name);
    }
  }

  @Test
  void refusesTrainingImagesOfAnotherSize() {
    float[][] other = {new float[3], new float[3]};
    AmgSettings settings = AmgSettings.carriedTo(STEPS, SIZE);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new AmgSampling(sampler, UnaryOperator.identity(), 2, other, settings));
    assertTrue(e.getMessage().contains("expected 64 values"), e.getMessage());
  }

  private AmgSampling amg(AmgSettings settings, int batch) {
    return new AmgSampling(sampler, UnaryOperator.identity(), batch, training, settings);
  }

  private static float[] values(List<AuditSample> samples, int index) {
    return samples.get(index).image().orElseThrow().values();
  }
}
