package io.github.cpsample.evaluation.trajectory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.figures.GuardFigures.Spread;
import io.github.cpsample.evaluation.figures.TrajectoryStrip.Frame;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.ObservedStep;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trajectories of a model whose classifier is linear, with the weights known. */
class TrajectoryStudyTest {

  private static final int COUNT = 6;
  private static final int BATCH = 4;
  private static final int STEPS = 10;
  private static final long SEED = 80;
  private static final int SIZE = TinyBundle.SHAPE.size();
  private static final int BITS = 4;
  private static final double SCALE = 2;
  private static final int LAST = 700;

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

  private static SampleRequest changed(SampleRequest request) {
    return request.withSteps(STEPS).withScale(SCALE).withGuardedTimesteps(0, LAST);
  }

  private static SampleRequest protectedRequest() {
    return changed(SampleRequest.of(COUNT)).withBatchSize(BATCH).withSeed(SEED);
  }

  /** The guided prediction less the plain one is the push. */
  @Test
  void theForceIsWhatTheGuardTakesFromThePrediction() {
    NoisePredictions plain =
        sampler.predictions(changed(SampleRequest.of(1)).withProtection(false));
    NoisePredictions guided = sampler.predictions(changed(SampleRequest.of(1)));
    List<Double> forces = new ArrayList<>();
    sampler.sample(
        protectedRequest(),
        Progress.none(),
        step -> {
          for (int row = 0; row < step.rows(); row++) {
            float[] epsilon = plain.epsilon(step.before(row), 1, step.timestep(row));
            float[] pushed = guided.epsilon(step.before(row), 1, step.timestep(row));
            double force = distance(epsilon, pushed) / distance(epsilon, new float[SIZE]);
            if (force > 0) {
              forces.add(force);
            }
          }
        });
    Spread expected = Spread.of(forces.stream().mapToDouble(it -> it).toArray());
    Spread found = study(BATCH).run(SEED, COUNT, Progress.none()).relativeForce();
    assertEquals(expected.count(), found.count());
    assertEquals(expected.mean(), found.mean(), 1e-4 * expected.mean());
    assertEquals(expected.largest(), found.largest(), 1e-4 * expected.largest());
  }

  @Test
  void theSteepestIsSeenAndNeverExceedsTheTruth() {
    double[][] weights = weights();
    Map<Long, List<float[]>> open = new HashMap<>();
    sampler.sample(
        protectedRequest().withProtection(false),
        Progress.none(),
        step -> {
          for (int row = 0; row < step.rows(); row++) {
            open.computeIfAbsent(step.seed(row), seed -> new ArrayList<>()).add(step.before(row));
          }
        });
    Map<Long, Double> steepest = new HashMap<>();
    sampler.sample(
        protectedRequest(),
        Progress.none(),
        step -> {
          for (int row = 0; row < step.rows(); row++) {
            long seed = step.seed(row);
            if (step.asked(row) && steepest.containsKey(seed)) {
              float[] twin = open.get(seed).get(step.index(row));
              steepest.merge(seed, slope(weights, step.before(row), twin), Math::max);
            }
            if (step.guarded(row)) {
              steepest.merge(seed, gradient(weights, step, row), Math::max);
            }
          }
        });
    Spread expected = Spread.of(steepest.values().stream().mapToDouble(it -> it).toArray());
    Spread found = study(BATCH).run(SEED, COUNT, Progress.none()).lipschitz();
    assertEquals(steepest.size(), found.count());
    assertEquals(expected.median(), found.median(), 1e-3 * expected.median());
    assertEquals(expected.largest(), found.largest(), 1e-3 * expected.largest());
    double truth = 0;
    for (double[] ofBit : weights) {
      double squares = 0;
      for (double weight : ofBit) {
        squares += weight * weight;
      }
      truth = Math.max(truth, Math.sqrt(squares));
    }
    assertTrue(found.largest() <= truth * (1 + 1e-4), found.largest() + " of at most " + truth);
    assertTrue(found.largest() > truth / 10, "and not far below");
  }

  /**
   * Of a model that sends images back and asks about x0: each step is compared with the unprotected
   * one at its timestep, in the scale of x0.
   */
  @Test
  void twinsOfImagesThatAreSentBackAreFoundByTheTimestep() {
    UnaryOperator<SampleRequest> healing =
        request ->
            changed(request)
                .withAsks(Subject.X_0)
                .withCorrection(new Correction(Correction.Kind.HEAL, 150, 3, 1));
    Map<Long, Map<Double, float[]>> open = new HashMap<>();
    SampleRequest request =
        healing.apply(SampleRequest.of(COUNT)).withBatchSize(BATCH).withSeed(SEED);
    sampler.sample(
        request.withProtection(false),
        Progress.none(),
        step -> {
          for (int row = 0; row < step.rows(); row++) {
            open.computeIfAbsent(step.seed(row), seed -> new HashMap<>())
                .put(step.timestep(row), clipped(step.sample(row)));
          }
        });
    double[][] weights = weights();
    Map<Long, Double> steepest = new HashMap<>();
    List<Double> forces = new ArrayList<>();
    SampleResult made =
        sampler.sample(
            request,
            Progress.none(),
            step -> {
              for (int row = 0; row < step.rows(); row++) {
                long seed = step.seed(row);
                if (step.asked(row) && steepest.containsKey(seed)) {
                  float[] twin = open.get(seed).get(step.timestep(row));
                  float[] subject = clipped(step.sample(row));
                  steepest.merge(seed, slope(weights, subject, twin), Math::max);
                }
                if (step.guarded(row)) {
                  steepest.merge(seed, gradient(weights, step, row), Math::max);
                  double push = distance(step.guidance(row), new float[SIZE]);
                  double noise = distance(step.epsilon(row), new float[SIZE]);
                  forces.add(Math.sqrt(1 - step.alphasCumprod(row)) * push / noise);
                }
              }
            });
    assertTrue(
        made.reports().stream().anyMatch(it -> it.returns() > 0), "the test needs a way back");
    TrajectoryFigures found =
        new TrajectoryStudy(sampler, healing, BATCH).run(SEED, COUNT, Progress.none());
    Spread expected = Spread.of(steepest.values().stream().mapToDouble(it -> it).toArray());
    assertEquals(expected.count(), found.lipschitz().count());
    assertEquals(expected.median(), found.lipschitz().median(), 1e-3 * expected.median());
    assertEquals(expected.largest(), found.lipschitz().largest(), 1e-3 * expected.largest());
    assertEquals(forces.size(), found.relativeForce().count());
  }

  private static float[] clipped(float[] values) {
    float[] clipped = values.clone();
    for (int i = 0; i < clipped.length; i++) {
      clipped[i] = Math.max(-1, Math.min(1, clipped[i]));
    }
    return clipped;
  }

  @Test
  void aStripFollowsAnImageThatIsSentBack() {
    UnaryOperator<SampleRequest> restarting =
        request ->
            changed(request).withCorrection(new Correction(Correction.Kind.RESTART, 150, 3, 0));
    List<Double> timesteps = new ArrayList<>();
    sampler.sample(
        restarting.apply(SampleRequest.of(1)).withSeed(SEED + 1),
        Progress.none(),
        step -> timesteps.add(step.timestep(0)));
    assertTrue(timesteps.size() > STEPS, "the test needs a way back: " + timesteps);
    RecordedStrip strip =
        new StripRecorder(sampler, restarting, timesteps.size()).record(SEED + 1, Progress.none());
    List<Frame> frames = strip.figures().frames();
    assertEquals(timesteps, frames.stream().map(Frame::timestep).toList());
    Map<Double, Double> unprotected = new HashMap<>();
    for (Frame frame : frames) {
      Double before = unprotected.put(frame.timestep(), frame.unprotectedCertainty());
      assertTrue(
          before == null || before == frame.unprotectedCertainty(), "the same twin " + frame);
    }
    for (int i = 1; i < frames.size() - 1; i++) {
      boolean back = frames.get(i).timestep() > frames.get(i - 1).timestep();
      assertTrue(!back || frames.get(i).guarded(), "sent back without a guard: " + frames.get(i));
    }
  }

  /** Whoever is asked seldom has a twin that is asked in every step. */
  @Test
  void aGuardThatIsAskedSeldomIsMeasuredToo() {
    UnaryOperator<SampleRequest> seldom = request -> changed(request).withAskEvery(400);
    TrajectoryFigures figures =
        new TrajectoryStudy(sampler, seldom, BATCH).run(SEED, COUNT, Progress.none());
    Spread often = study(BATCH).run(SEED, COUNT, Progress.none()).relativeForce();
    assertTrue(figures.relativeForce().count() > 0, figures.toString());
    assertTrue(figures.relativeForce().count() < often.count(), figures.toString());
  }

  @Test
  void nothingIsSaidWhereNothingWasGuarded() {
    TrajectoryStudy study =
        new TrajectoryStudy(sampler, request -> changed(request).withAlpha(1e-12), BATCH);
    TrajectoryFigures figures = study.run(SEED, COUNT, Progress.none());
    assertEquals(COUNT, figures.images());
    assertNull(figures.relativeForce());
    assertNull(figures.lipschitz());
  }

  @Test
  void theProgressCountsBothSides() {
    List<String> told = new ArrayList<>();
    study(BATCH).run(SEED, COUNT, (done, total) -> told.add(done + "/" + total));
    assertEquals("0/40", told.get(0));
    assertEquals("40/40", told.get(told.size() - 1));
  }

  @Test
  void aStripShowsBothSidesFromTheFirstStepToTheLast() {
    StripRecorder recorder = new StripRecorder(sampler, TrajectoryStudyTest::changed, 8);
    RecordedStrip strip = recorder.record(SEED + 1, Progress.none());
    List<Frame> frames = strip.figures().frames();
    assertEquals(SEED + 1, strip.figures().seed());
    assertEquals(
        List.of(900.0, 800.0, 600.0, 500.0, 400.0, 300.0, 100.0, 0.0),
        frames.stream().map(Frame::timestep).toList());
    assertEquals(
        frames.get(0).unprotectedCertainty(),
        frames.get(0).protectedCertainty(),
        "the same before the first push, though the guard does not ask yet");
    SampleRequest one = changed(SampleRequest.of(1)).withSeed(SEED + 1);
    SampleResult open = sampler.sample(one.withProtection(false), Progress.none());
    assertArrayEquals(
        open.image(0).values(), strip.unprotectedFrames().get(7).values(), 1e-5f, "the image");
    assertCertainties(one, frames);
    assertPushes(one, frames);
    assertEquals(8, strip.protectedFrames().size());
    assertArrayEquals(
        strip.unprotectedFrames().get(0).values(), strip.protectedFrames().get(0).values());
  }

  @Test
  void aStripComesOutAgainAndHasNoMoreFramesThanSteps() {
    StripRecorder recorder =
        new StripRecorder(sampler, request -> changed(request).withSteps(3), 8);
    RecordedStrip first = recorder.record(SEED, Progress.none());
    RecordedStrip again = recorder.record(SEED, Progress.none());
    assertEquals(3, first.figures().frames().size());
    assertEquals(first.figures(), again.figures());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(
          first.protectedFrames().get(i).values(), again.protectedFrames().get(i).values());
    }
  }

  /** Against the trace of the sampler, which has one certainty per step in the guarded range. */
  private void assertCertainties(SampleRequest one, List<Frame> frames) {
    SampleResult traced = sampler.sample(one.withCertaintyTrace(true), Progress.none());
    List<Double> trace = traced.report(0).certaintyTrace().orElseThrow();
    for (Frame frame : frames) {
      if (frame.timestep() <= LAST) {
        int place = (int) ((LAST - frame.timestep()) / 100);
        assertEquals(trace.get(place), frame.protectedCertainty(), 1e-5);
      }
    }
  }

  /** A push above the timestep of a moment and not above that of the one before leads to it. */
  private void assertPushes(SampleRequest one, List<Frame> frames) {
    List<Double> pushed = new ArrayList<>();
    sampler.sample(
        one,
        Progress.none(),
        step -> {
          if (step.guarded(0)) {
            pushed.add(step.timestep(0));
          }
        });
    assertTrue(!pushed.isEmpty(), "the test needs a push");
    for (int i = 0; i < frames.size(); i++) {
      double from = i == 0 ? 1000 : frames.get(i - 1).timestep();
      double to = i == frames.size() - 1 ? -1 : frames.get(i).timestep();
      boolean expected = pushed.stream().anyMatch(at -> at <= from && at > to);
      assertEquals(expected, frames.get(i).guarded(), "moment " + i);
    }
  }

  private TrajectoryStudy study(int batch) {
    return new TrajectoryStudy(sampler, TrajectoryStudyTest::changed, batch);
  }

  /** As {@link TinyBundle} draws them: {@code [bit][pixel]}. */
  private static double[][] weights() {
    Random random = new Random((long) SIZE * BITS);
    double[][] weights = new double[BITS][SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (int k = 0; k < BITS; k++) {
        weights[k][i] = 2 * random.nextFloat() - 1;
      }
    }
    return weights;
  }

  private static double slope(double[][] weights, float[] x, float[] twin) {
    double most = 0;
    for (double[] ofBit : weights) {
      double change = 0;
      for (int i = 0; i < SIZE; i++) {
        change += ofBit[i] * ((double) x[i] - twin[i]);
      }
      most = Math.max(most, Math.abs(change));
    }
    return most / distance(x, twin);
  }

  /** Length of the gradient of the mean over the bits of log p(1 - y*). */
  private static double gradient(double[][] weights, ObservedStep step, int row) {
    float[] logits = step.logits(row);
    double squares = 0;
    for (int i = 0; i < SIZE; i++) {
      double sum = 0;
      for (int k = 0; k < BITS; k++) {
        double ofLabel = 1 / (1 + Math.exp(-Math.abs(logits[k])));
        sum -= Math.signum(logits[k]) * ofLabel * weights[k][i] / BITS;
      }
      squares += sum * sum;
    }
    return Math.sqrt(squares);
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += Math.pow((double) a[i] - b[i], 2);
    }
    return Math.sqrt(squares);
  }
}
