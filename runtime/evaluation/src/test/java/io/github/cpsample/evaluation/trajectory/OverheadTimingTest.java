package io.github.cpsample.evaluation.trajectory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.comparators.SampleCost;
import io.github.cpsample.evaluation.comparators.SampleSink;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.comparators.Trajectory;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.sampling.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverheadTimingTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.usual(2);

  private final List<String> calls = new ArrayList<>();

  /** Takes a number of seconds per image, and a hundred times that in its first call. */
  private final class Clockwork implements SamplingMethod {
    private final String name;
    private final double seconds;
    private boolean warm;

    Clockwork(String name, double seconds) {
      this.name = name;
      this.seconds = seconds;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String title() {
      return name;
    }

    @Override
    public String settings() {
      return "none";
    }

    @Override
    public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
      calls.add(name + firstSeed);
      for (int i = 0; i < count; i++) {
        SampleCost cost = new SampleCost(1, 0, 0, warm ? seconds : 100 * seconds);
        sink.accept(
            new AuditSample(firstSeed + i, Optional.empty(), Trajectory.straight(1, 0), cost));
      }
      warm = true;
      progress.onStep(1, 1);
    }
  }

  @Test
  void bothSidesTakeTurnsAndTheFirstPairIsNotTimed() {
    List<String> told = new ArrayList<>();
    OverheadTiming timing = new OverheadTiming(new Clockwork("a", 2), new Clockwork("b", 3), 4);
    Interval ratio =
        timing.measure(100, 3, BOOTSTRAP, (done, total) -> told.add(done + "/" + total));
    assertEquals(new Interval(1.5, 1.5, 1.5), ratio);
    assertEquals(List.of("b100", "a100", "a104", "b104", "b108", "a108", "a112", "b112"), calls);
    assertEquals("8/8", told.get(told.size() - 1));
  }

  @Test
  void theRatioIsThatOfAllSecondsWithAnIntervalByPairs() {
    double[] without = {1, 1, 2};
    double[] with = {1, 2, 3};
    Interval ratio = OverheadTiming.ratio(without, with, BOOTSTRAP);
    assertEquals(1.5, ratio.value(), 1e-12);
    assertEquals(1, ratio.low(), 1e-12, "three times the first pair, in more than 2.5 %");
    assertEquals(2, ratio.high(), 1e-12, "three times the second");
    assertTrue(ratio.low() < ratio.value());
    assertThrows(
        IllegalArgumentException.class, () -> OverheadTiming.ratio(new double[2], with, BOOTSTRAP));
  }
}
