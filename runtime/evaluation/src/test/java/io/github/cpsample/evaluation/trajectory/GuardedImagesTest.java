package io.github.cpsample.evaluation.trajectory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.comparators.Trajectory;
import io.github.cpsample.evaluation.figures.GuardFigures.Spread;
import io.github.cpsample.evaluation.figures.GuardFigures.Work;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import org.junit.jupiter.api.Test;

class GuardedImagesTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.usual(1);

  @Test
  void sharesOfStepsAndOfImages() {
    GuardedImages images = new GuardedImages();
    images.add(Trajectory.straight(10, 0));
    images.add(Trajectory.straight(10, 5));
    images.add(Trajectory.straight(20, 1));
    assertEquals(0.15, images.stepsGuarded(BOOTSTRAP).value(), 1e-12);
    assertEquals(2.0 / 3, images.imagesGuarded().value(), 1e-12);
    assertEquals(3, images.imagesGuarded().of());
  }

  /**
   * Half of the images are guarded in all steps and half in none: resampled by images, 400 of them
   * have a standard error of 0.025, though there are 4,000 steps.
   */
  @Test
  void theIntervalIsThatOfImagesAndNotOfSteps() {
    GuardedImages images = new GuardedImages();
    for (int i = 0; i < 400; i++) {
      images.add(Trajectory.straight(10, i % 2 == 0 ? 10 : 0));
    }
    Interval share = images.stepsGuarded(BOOTSTRAP);
    assertEquals(0.5, share.value(), 1e-12);
    assertEquals(4 * 0.025, share.high() - share.low(), 0.015);
  }

  @Test
  void whatWasMadeOfImagesThatWereSentBack() {
    GuardedImages images = new GuardedImages();
    images.add(new Trajectory(10, 0, 0, 0, false));
    images.add(new Trajectory(31, 9, 3, 1, false));
    images.add(new Trajectory(52, 20, 6, 2, true));
    images.add(new Trajectory(11, 1, 1, 0, false));
    Work work = images.work(true, BOOTSTRAP);
    assertEquals(26, work.denoiserCalls().value(), 1e-12);
    assertEquals(2.5, work.returns().value(), 1e-12);
    assertEquals(0.75, work.redos().value(), 1e-12);
    assertEquals(Rate.of(1, 4), work.recognised());
    assertEquals(30.0 / 104, images.stepsGuarded(BOOTSTRAP).value(), 1e-12);
    assertNull(images.work(false, BOOTSTRAP).recognised(), "nobody looked");
  }

  @Test
  void refusesWhatCannotBe() {
    GuardedImages images = new GuardedImages();
    assertThrows(IllegalArgumentException.class, () -> Trajectory.straight(10, 11));
    assertThrows(IllegalArgumentException.class, () -> Trajectory.straight(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Trajectory(1, 0, -1, 0, false));
    assertThrows(IllegalArgumentException.class, () -> images.stepsGuarded(BOOTSTRAP));
  }

  @Test
  void aSpreadByHand() {
    double[] values = {5, 1, 2, 4, 3};
    Spread spread = Spread.of(values);
    assertEquals(new Spread(5, 3, 3, 4.8, 5), spread);
    assertEquals(5, values[0], "not sorted in place");
    assertTrue(Spread.of(new double[] {7}).largest() == 7);
  }
}
