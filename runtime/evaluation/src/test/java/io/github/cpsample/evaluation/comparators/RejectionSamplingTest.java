package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.sampling.Progress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Images of two pixels: training images on an axis, proposals on and beside it. */
class RejectionSamplingTest {

  private static final ImageShape SHAPE = new ImageShape(1, 1, 2);
  private static final float[][] TRAINING = {{0, 0}, {0, 0}, {1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  private static final float[][] PROPOSED = {
    {0.1f, 0}, {0.5f, 0.5f}, {0, 0}, {0.9f, 0}, {-0.5f, 0.5f}
  };
  private static final ReplicaRule RULE = new ReplicaRule(0.5, 2);

  /** Delivers what was proposed at 3 steps, 1 guarded, and a second each; none for seed 14. */
  private static final class Proposals implements SamplingMethod {
    @Override
    public String name() {
      return "proposals";
    }

    @Override
    public String title() {
      return "proposals";
    }

    @Override
    public String settings() {
      return "3 steps";
    }

    @Override
    public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
      for (long seed = firstSeed; seed < firstSeed + count; seed++) {
        int index = Math.toIntExact(seed - 10);
        Optional<FloatImage> image =
            index < 4
                ? Optional.of(FloatImage.copyOf(SHAPE, PROPOSED[index], 0))
                : Optional.empty();
        sink.accept(
            new AuditSample(seed, image, Trajectory.straight(3, 1), new SampleCost(3, 0, 0, 1)));
      }
    }
  }

  /**
   * Near {0, 0}, which is there twice and counts once, the first and the third; {0.9, 0} lies at .1
   * from {1, 0} and at .9 and 1.35 from the next; {0.5, 0.5} is as far from three.
   */
  @Test
  void replicasAreThrownAwayAndTheirCostStays() {
    for (int batch : new int[] {1, 2, 3, 50}) {
      List<AuditSample> samples = Collected.of(method(batch), 10, 5);
      assertEquals(5, samples.size());
      boolean[] delivered = {false, true, false, false, false};
      double seconds = 0;
      for (int i = 0; i < 5; i++) {
        AuditSample sample = samples.get(i);
        assertEquals(10 + i, sample.seed());
        assertEquals(delivered[i], sample.image().isPresent(), "seed " + sample.seed());
        assertEquals(3, sample.cost().denoiserRows());
        assertEquals(3, sample.trajectory().steps());
        seconds += sample.cost().seconds();
      }
      assertArrayEquals(PROPOSED[1], samples.get(1).image().orElseThrow().values());
      assertTrue(seconds > 5, "the search is charged");
    }
  }

  @Test
  void saysWhatItIs() {
    assertEquals("rejection", method(2).name());
    assertEquals("3 steps, rejects by " + RULE.describe(), method(2).settings());
    assertThrows(IllegalArgumentException.class, () -> method(0));
  }

  private static RejectionSampling method(int batch) {
    return new RejectionSampling(
        new Proposals(), new ReplicaFinder(RULE, TRAINING), RULE.describe(), batch);
  }
}
