package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the places of a batch, and what becomes of the others when one fails. */
class RunningBatchTest {
  @TempDir private Path folder;
  private ProtectedSampler sampler;

  @BeforeEach
  void open() {
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15)) {
      sampler = ProtectedSampler.open(bundle, Device.cpu());
    }
  }

  @AfterEach
  void close() {
    sampler.close();
  }

  private static SampleRequest request(int count, int steps) {
    return SampleRequest.of(count).withSteps(steps);
  }

  private static RunningRequest join(RunningBatch batch, SampleRequest request) {
    RunningRequest running = batch.prepare(request);
    batch.join(running);
    return running;
  }

  private static int callsUntilDone(RunningBatch batch, RunningRequest awaited) {
    for (int calls = 1; ; calls++) {
      if (batch.step().contains(awaited)) {
        return calls;
      }
    }
  }

  @Test
  void aRequestThatComesLaterTakesPartInTheNextCall() {
    RunningBatch batch = sampler.batch(4);
    RunningRequest large = join(batch, request(40, 20));
    batch.step();
    assertEquals(4, large.stepsDone());
    RunningRequest small = join(batch, request(1, 6));
    assertEquals(6, callsUntilDone(batch, small));
    assertEquals(4 + 6 * 3, large.stepsDone(), "the others kept their places");
    assertEquals(40 * 20, large.stepsTotal());
  }

  /** Where there are more requests than places, no image is interrupted and all get their turn. */
  @Test
  void placesGoRoundRobin() {
    RunningBatch batch = sampler.batch(2);
    List<RunningRequest> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(join(batch, request(2, 5)));
    }
    List<List<Long>> seen = new ArrayList<>();
    for (int call = 0; call < 15; call++) {
      batch.step();
      if (call % 5 == 4) {
        seen.add(all.stream().map(RunningRequest::stepsDone).toList());
      }
    }
    assertEquals(List.of(List.of(5L, 5L, 0L), List.of(10L, 5L, 5L), List.of(10L, 10L, 10L)), seen);
    assertTrue(batch.isEmpty());
    assertEquals(15, batch.counts().calls());
    assertEquals(30, batch.counts().rows());
  }

  @Test
  void whoLeavesIsNotComputed() {
    RunningBatch batch = sampler.batch(4);
    RunningRequest stays = join(batch, request(1, 8));
    RunningRequest leaves = join(batch, request(3, 8));
    batch.step();
    batch.leave(leaves);
    batch.leave(leaves);
    assertEquals(7, callsUntilDone(batch, stays));
    assertEquals(3, leaves.stepsDone());
    assertEquals(4 + 7, batch.counts().rows());
    assertThrows(IllegalStateException.class, leaves::result);
  }

  /** One whose numbers overflow fails alone; those that shared its call begin anew. */
  @Test
  void aFailureIsItsOwn() {
    RunningBatch batch = sampler.batch(4);
    SampleRequest sound = request(2, 6).withSeed(3);
    RunningRequest good = join(batch, sound);
    batch.step();
    RunningRequest bad = join(batch, request(1, 6).withAlpha(0.49).withScale(1e39));
    callsUntilDone(batch, bad);
    String message = assertThrows(InferenceException.class, bad::result).getMessage();
    assertTrue(message.contains("expected finite numbers"), message);
    while (!batch.isEmpty()) {
      batch.step();
    }
    SampleResult alone = sampler.sample(sound, Progress.none());
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(alone.image(i).values(), good.result().image(i).values(), 1e-6f);
    }
    assertFalse(good.result().totals().seconds() < 0);
  }

  @Test
  void aBatchNeedsAPlace() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> sampler.batch(0)).getMessage();
    assertEquals("places: expected at least 1, found 0", message);
  }

  @Test
  void aClosedSamplerFailsWhatIsUnderWay() {
    RunningBatch batch = sampler.batch(2);
    RunningRequest running = join(batch, request(2, 5));
    batch.step();
    sampler.close();
    assertEquals(List.of(running), batch.step());
    assertThrows(IllegalStateException.class, running::result);
  }
}
