package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.sampling.Progress;
import org.junit.jupiter.api.Test;

class MethodCostTest {

  /** A method of which only the names matter. */
  private static final class Named implements SamplingMethod {
    @Override
    public String name() {
      return "some";
    }

    @Override
    public String title() {
      return "Some way";
    }

    @Override
    public String settings() {
      return "as it is";
    }

    @Override
    public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
      throw new UnsupportedOperationException("only its names matter");
    }
  }

  @Test
  void whatWasThrownAwayIsPaidByWhatWasDelivered() {
    MethodCost cost = new MethodCost(new Named());
    cost.add(true, new SampleCost(50, 20, 3, 1.5));
    cost.add(false, new SampleCost(50, 20, 0, 1));
    cost.add(true, new SampleCost(50, 20, 2, 0.5));
    assertEquals(
        new MethodFigures("some", "Some way", "as it is", 3, 2, 75.0, 30.0, 2.5, 1.5, null),
        cost.figures());
  }

  @Test
  void withoutImagesThereIsNoCostPerImage() {
    MethodCost cost = new MethodCost(new Named());
    cost.add(false, new SampleCost(50, 0, 0, 1));
    MethodFigures figures = cost.figures();
    assertEquals(1, figures.seeds());
    assertEquals(0, figures.images());
    assertNull(figures.denoiserRowsPerImage());
    assertNull(figures.secondsPerImage());
  }
}
