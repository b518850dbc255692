package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanTest {
  private static final NoiseSchedule SCHEDULE =
      NoiseScheduleConfig.linear(1000, 1e-4, 0.02).create();

  private static Sampler sampler(SamplerKind kind, int steps) {
    return kind.usual(
            steps, 0, kind.spacing(TimestepSpacing.LEADING), true, DdpmConfig.Variance.FIXED_SMALL)
        .create(SCHEDULE, PredictionType.EPSILON);
  }

  private static Plan plan(SamplerKind kind, int steps, int again) {
    return new Plan(sampler(kind, steps), Optional.of(sampler(kind, again)));
  }

  private static Plan ddim(int steps, int again) {
    return plan(SamplerKind.DDIM, steps, again);
  }

  /** 980, 960, ..., 0 at the places 0 to 49, then 960, 920, ..., 0 at 50 to 74. */
  @Test
  void placesAreThoseCountedByHand() {
    Plan plan = ddim(50, 25);
    assertEquals(75, plan.end());
    assertEquals(75, plan.steps().size());
    assertEquals(20, plan.timestepAt(48));
    assertEquals(0, plan.timestepAt(49));
    assertEquals(75, plan.next(49));
    assertEquals(-1, plan.timestepAfter(49));
    assertEquals(960, plan.timestepAt(50));
    assertEquals(920, plan.timestepAfter(50));
    assertEquals(75, plan.next(74));
    assertEquals(1, plan.left(74));
    assertEquals(25, plan.left(50));
    assertEquals(0, plan.left(75));
    assertEquals(0, plan.timestepAt(75));
    assertEquals(1, plan.alphasCumprodAt(75));
    // From 400 at place 29: 700 is between 720 and 680 of the repeated steps.
    assertEquals(400, plan.timestepAt(29));
    assertEquals(720, plan.timestepAt(plan.back(29, 300, 1)));
    assertEquals(56, plan.back(29, 300, 1));
    assertEquals(50, plan.back(29, 5000, 1));
    assertEquals(56, plan.back(plan.back(29, 300, 1) + 8, 300, 1));
    // The trajectory's half is 480.
    assertEquals(480, plan.timestepAt(plan.middle(1)));
    assertEquals(50, plan.firstAgain(1));
  }

  @Test
  void theSameStepsAreThereOnce() {
    Plan plan = Plan.of(sampler(SamplerKind.DDIM, 10));
    assertEquals(10, plan.end());
    assertEquals(0, plan.firstAgain(1));
    assertEquals(5, plan.firstAgain(0.5));
    assertEquals(3, plan.back(6, 300, 1));
    assertEquals(5, plan.back(6, 300, 0.5));
  }

  /** An image that began at half the noise is never sent further than where it began. */
  @Test
  void imagesGoNoFurtherThanTheyBegan() {
    Plan plan = ddim(50, 20);
    assertEquals(480, plan.timestepAt(plan.first(0.5)));
    assertEquals(450, plan.timestepAt(plan.firstAgain(0.5)));
    assertEquals(450, plan.timestepAt(plan.back(plan.first(0.5) + 3, 900, 0.5)));
  }

  /** Where the repeated steps begin with less noise than the image has, the trajectory's serve. */
  @Test
  void theTrajectoryServesWhereTheRepeatedStepsDoNotReach() {
    Plan plan = ddim(50, 5);
    assertEquals(800, plan.timestepAt(plan.firstAgain(1)));
    assertEquals(0, plan.back(2, 300, 1));
    assertEquals(50, plan.back(20, 300, 1));
  }

  @Test
  void anotherSamplerIsRefused() {
    Sampler trajectory = sampler(SamplerKind.DDIM, 50);
    Sampler other = sampler(SamplerKind.DDPM, 25);
    assertThrows(IllegalArgumentException.class, () -> new Plan(trajectory, Optional.of(other)));
  }

  private static List<Integer> reachable(Plan plan, double share) {
    return Stream.of(plan.first(share), plan.firstAgain(share))
        .flatMap(first -> Stream.iterate(first, at -> at < plan.end(), plan::next))
        .distinct()
        .toList();
  }

  /** From every place that can be reached a way leads back to no less noise, and to the end. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everyWayLeadsToTheEnd(SamplerKind kind) {
    for (int steps : new int[] {2, 7, 24, 49, 50, 61}) {
      for (int again : new int[] {1, (steps + 1) / 2, steps - 1}) {
        for (double share : new double[] {1, 0.6, 0.1}) {
          Plan plan = plan(kind, steps, again);
          for (int place : reachable(plan, share)) {
            int reached = plan.next(place);
            int target = plan.back(reached, 150, share);
            String what = steps + " " + again + " " + share + ": " + place + " to " + target;
            assertTrue(plan.step(target).mayBegin(), what);
            assertTrue(plan.alphasCumprodAt(target) <= plan.alphasCumprodAt(reached), what);
            int taken = 0;
            int at = target;
            while (at != plan.end()) {
              assertEquals(plan.left(at), plan.left(target) - taken, what);
              at = plan.next(at);
              taken++;
            }
          }
          assertTrue(plan.step(plan.middle(share)).mayBegin());
          assertTrue(plan.step(plan.firstAgain(share)).mayBegin());
        }
      }
    }
  }
}
