package io.github.cpsample.evaluation.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on a bundle's networks, without and with the guard. */
class BundleAttackTest {

  private static final int ROWS = 5;
  private static final int SIZE = TinyBundle.SHAPE.size();
  private static final int TIMESTEP = 200;

  @TempDir Path folder;

  @Test
  void theResidualIsThatOfThePredictionWithAndWithoutTheGuard() {
    float[] images = images();
    try (ModelBundle bundle = bundle();
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SignalLevels levels = SignalLevels.of(bundle.manifest().schedule().create());
      ReconstructionLoss attack = new ReconstructionLoss(levels, TIMESTEP, 1, 4);
      NoisePredictor open = sampler.predictions(request().withProtection(false))::epsilon;
      NoisePredictor guarded = sampler.predictions(request().withAlpha(0.5).withScale(9))::epsilon;
      double[] without = attack.scores(open, images, ROWS);
      double[] with = attack.scores(guarded, images, ROWS);
      assertScores(open, levels.at(TIMESTEP), images, without);
      assertScores(guarded, levels.at(TIMESTEP), images, with);
      for (int row = 0; row < ROWS; row++) {
        assertTrue(Math.abs(with[row] / without[row] - 1) > 1e-4, "the guard changes image " + row);
      }
    }
  }

  @Test
  void aGuardWithoutForceChangesNothing() {
    float[] images = images();
    try (ModelBundle bundle = bundle();
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SignalLevels levels = SignalLevels.of(bundle.manifest().schedule().create());
      NoisePredictor open = sampler.predictions(request().withProtection(false))::epsilon;
      NoisePredictor idle = sampler.predictions(request().withAlpha(0.5).withScale(0))::epsilon;
      for (MembershipAttack attack :
          new MembershipAttack[] {
            new ReconstructionLoss(levels, TIMESTEP, 2, 4),
            new SecMiStat(levels, 100, 10),
            ProximalInitialisation.pia(levels, TIMESTEP, 4),
            ProximalInitialisation.pian(levels, TIMESTEP, 4),
            new NoiseNorm(levels, TIMESTEP, 4),
          }) {
        assertArrayEquals(
            attack.scores(open, images, ROWS), attack.scores(idle, images, ROWS), attack.name());
      }
    }
  }

  /** The loss of one draw, from predictions that are asked for here. */
  private static void assertScores(
      NoisePredictor model, double abar, float[] images, double[] scores) {
    float[] noise = new float[SIZE];
    RandomMode.JAVA.open(4).initial().fill(noise, 0, SIZE);
    float[] noised = new float[images.length];
    for (int i = 0; i < images.length; i++) {
      noised[i] = (float) (Math.sqrt(abar) * images[i] + Math.sqrt(1 - abar) * noise[i % SIZE]);
    }
    float[] epsilon = model.epsilon(noised, ROWS, TIMESTEP);
    for (int row = 0; row < ROWS; row++) {
      double expected = 0;
      for (int i = 0; i < SIZE; i++) {
        expected += Math.pow((double) noise[i] - epsilon[row * SIZE + i], 2);
      }
      assertEquals(expected, scores[row], 1e-9 * expected);
    }
  }

  /** Batches of two, so that five rows need three. */
  private static SampleRequest request() {
    return SampleRequest.of(2);
  }

  private ModelBundle bundle() {
    Path target = folder.resolve("bundle");
    TinyBundle.writer().toDirectory(target);
    return ModelBundle.open(target);
  }

  private static float[] images() {
    Random random = new Random(6);
    float[] images = new float[ROWS * SIZE];
    for (int i = 0; i < images.length; i++) {
      images[i] = 2 * random.nextFloat() - 1;
    }
    return images;
  }
}
