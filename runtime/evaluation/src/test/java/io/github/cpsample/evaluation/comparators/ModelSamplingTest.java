package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
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

class ModelSamplingTest {

  private static final int STEPS = 4;
  private static final int COUNT = 5;
  private static final long SEED = 30;
  private static final float ROUNDING = 1e-5f;

  @TempDir Path folder;
  private ModelBundle bundle;
  private ProtectedSampler sampler;

  @BeforeEach
  void open() {
    TinyBundle.writer().toDirectory(folder.resolve("bundle"));
    bundle = ModelBundle.open(folder.resolve("bundle"));
    sampler = ProtectedSampler.open(bundle, Device.cpu());
  }

  @AfterEach
  void close() {
    sampler.close();
    bundle.close();
  }

  @Test
  void deliversWhatTheSamplerMakesOfTheSameSeeds() {
    SampleResult open =
        sampler.sample(
            SampleRequest.of(COUNT).withSteps(STEPS).withSeed(SEED).withProtection(false),
            Progress.none());
    SampleResult guarded =
        sampler.sample(SampleRequest.of(COUNT).withSteps(STEPS).withSeed(SEED), Progress.none());
    List<AuditSample> without = Collected.of(unprotected(2), SEED, COUNT);
    List<AuditSample> with = Collected.of(cpsample(2), SEED, COUNT);
    assertTrue(guarded.totals().imagesGuarded() > 0, "the test needs a guarded image");
    for (int i = 0; i < COUNT; i++) {
      assertEquals(SEED + i, without.get(i).seed());
      assertEquals(SEED + i, with.get(i).seed());
      assertEquals(guarded.report(i).guardedSteps(), with.get(i).trajectory().guardedSteps());
      assertArrayEquals(
          open.image(i).values(), without.get(i).image().orElseThrow().values(), ROUNDING);
      assertArrayEquals(
          guarded.image(i).values(), with.get(i).image().orElseThrow().values(), ROUNDING);
    }
  }

  @Test
  void chargesEveryImageWhatItCost() {
    SampleResult guarded =
        sampler.sample(SampleRequest.of(COUNT).withSteps(STEPS).withSeed(SEED), Progress.none());
    SampleCost sum =
        Collected.of(cpsample(3), SEED, COUNT).stream()
            .map(AuditSample::cost)
            .reduce(SampleCost.NONE, SampleCost::plus);
    assertEquals(COUNT * STEPS, sum.denoiserRows());
    assertEquals(guarded.totals().classifierRows(), sum.classifierRows());
    assertEquals(guarded.totals().gradientRows(), sum.gradientRows());
    assertTrue(sum.seconds() > 0);
    AuditSample free = Collected.of(unprotected(3), SEED, 1).get(0);
    assertEquals(0, free.cost().classifierRows());
    assertEquals(0, free.cost().gradientRows());
    assertEquals(STEPS, free.trajectory().steps());
  }

  /** Images that are sent back take their own number of steps; a restart computes no gradient. */
  @Test
  void chargesImagesThatAreSentBackWhatTheyCost() {
    UnaryOperator<SampleRequest> restarting =
        request ->
            request
                .withSteps(STEPS)
                .withOnFailure(SampleRequest.OnFailure.WITHHOLD)
                .withCorrection(new Correction(Correction.Kind.RESTART, 300, 2, 1));
    List<AuditSample> samples =
        Collected.of(ModelSampling.cpsample(sampler, restarting, 2), SEED, COUNT);
    assertEquals(COUNT, samples.size(), "none is withheld");
    SampleResult expected =
        sampler.sample(
            restarting
                .apply(SampleRequest.of(COUNT))
                .withOnFailure(SampleRequest.OnFailure.DELIVER)
                .withSeed(SEED),
            Progress.none());
    assertTrue(
        expected.reports().stream().anyMatch(it -> it.returns() > 0), "the test needs a way back");
    for (int i = 0; i < COUNT; i++) {
      assertEquals(Trajectory.of(expected.report(i)), samples.get(i).trajectory());
      assertEquals(expected.report(i).steps(), samples.get(i).cost().denoiserRows());
      assertEquals(0, samples.get(i).cost().gradientRows());
    }
  }

  @Test
  void anImageDependsOnItsSeedAlone() {
    float[] first = Collected.of(cpsample(3), SEED, COUNT).get(3).image().orElseThrow().values();
    float[] again = Collected.of(cpsample(3), SEED + 3, 2).get(0).image().orElseThrow().values();
    assertArrayEquals(first, again, ROUNDING);
  }

  @Test
  void tellsTheStepsOfAllBatchesAndObeysCancellation() {
    List<String> told = new ArrayList<>();
    unprotected(2).sample(SEED, COUNT, sample -> {}, (done, total) -> told.add(done + "/" + total));
    assertEquals("0/12", told.get(0));
    assertEquals("12/12", told.get(told.size() - 1));
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
        CancellationException.class,
        () -> unprotected(2).sample(SEED, COUNT, sample -> {}, cancelled));
  }

  @Test
  void saysWhatItIs() {
    assertEquals("unprotected", unprotected(2).name());
    assertEquals("ddim, 4 steps", unprotected(2).settings());
    assertEquals("cpsample", cpsample(2).name());
    assertEquals(
        "ddim, 4 steps, " + sampler.manifest().protection().describe(), cpsample(2).settings());
  }

  private ModelSampling unprotected(int batch) {
    return ModelSampling.unprotected(sampler, request -> request.withSteps(STEPS), batch);
  }

  private ModelSampling cpsample(int batch) {
    return ModelSampling.cpsample(sampler, request -> request.withSteps(STEPS), batch);
  }
}
