package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows share calls whatever steps they are at, and every one becomes the image that it is alone.
 */
class MixedRowsTest {
  private static final float TOLERANCE = 1e-5f;

  @TempDir private Path folder;

  /** One of every sampler and some that start from images, are inpainted, or not protected. */
  private static List<SampleRequest> requests() {
    List<SampleRequest> all = new ArrayList<>();
    for (SamplerKind kind : SamplerKind.values()) {
      all.add(request(all.size()).withSampler(kind));
    }
    all.add(request(20).withStart(picture(1), 0.5));
    all.add(request(21).withStart(picture(2), 0.2).withSampler(SamplerKind.UNIPC));
    Inpainting known = Inpainting.of(picture(3), Mask.of(4, 4, (y, x) -> x > 1));
    all.add(request(22).withInpainting(known.resampled(2, 3)));
    all.add(request(23).withInpainting(known).withSampler(SamplerKind.PNDM));
    all.add(request(24).withProtection(false));
    all.add(request(25).withAlpha(0.05).withScale(1).withGuardedTimesteps(100, 500));
    int number = 30;
    for (Correction.Kind kind : Correction.Kind.values()) {
      for (Subject subject : Subject.values()) {
        List<SamplerKind> kinds = List.of(SamplerKind.values());
        SamplerKind sampler = kinds.get(number % kinds.size());
        Correction correction = new Correction(kind, 150, 3, number % 3);
        all.add(
            request(number++).withSampler(sampler).withAsks(subject).withCorrection(correction));
      }
    }
    for (SamplerKind kind : SamplerKind.values()) {
      Correction larger = new Correction(Correction.Kind.HANDOVER, 100, 2, 2, 2);
      all.add(request(number++).withSampler(kind).withSteps(26).withCorrection(larger));
    }
    Correction heal = new Correction(Correction.Kind.HEAL, 100, 2, 1);
    all.add(request(50).withInpainting(known.resampled(2, 3)).withCorrection(heal));
    all.add(request(51).withStart(picture(1), 0.5).withCorrection(heal));
    return all;
  }

  private static SampleRequest request(int number) {
    return SampleRequest.of(number < 20 || number > 30 ? 1 + number % 4 : 1)
        .withSeed(50 + number)
        .withSteps(6 + number % 5)
        .withAlpha(0.4)
        .withCertaintyTrace(true);
  }

  private static FloatImage picture(int number) {
    float[] values = new float[TinyModel.SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(2 + i * (number + 1));
    }
    return FloatImage.copyOf(TinyModel.SHAPE, values, 0);
  }

  /** Requests for one to four images join at random, and share five places. */
  @Test
  void requestsJoinAndLeave() {
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      RunningBatch batch = sampler.batch(5);
      Map<RunningRequest, SampleRequest> under = new HashMap<>();
      List<SampleRequest> waiting = new ArrayList<>(requests());
      Random random = new Random(4);
      Collections.shuffle(waiting, random);
      int expected = waiting.size();
      List<RunningRequest> done = new ArrayList<>();
      while (done.size() < expected) {
        while (!waiting.isEmpty() && (batch.isEmpty() || random.nextInt(4) == 0)) {
          SampleRequest request = waiting.remove(0);
          RunningRequest running = batch.prepare(request);
          under.put(running, request);
          batch.join(running);
        }
        done.addAll(batch.step());
      }
      int guarded = 0;
      int back = 0;
      int redone = 0;
      long shared = 0;
      for (RunningRequest running : done) {
        SampleRequest request = under.get(running);
        SampleResult together = running.result();
        SampleResult alone =
            sampler.sample(request.withPath(SampleRequest.StepPath.SEPARATE), Progress.none());
        assertEquals(request.count(), together.images().size());
        for (int i = 0; i < request.count(); i++) {
          assertArrayEquals(
              alone.image(i).values(),
              together.image(i).values(),
              TOLERANCE,
              "" + together.settings().sampler());
          assertEquals(alone.report(i), roughly(together.report(i), alone.report(i)));
          back += together.report(i).returns();
          redone += together.report(i).redos();
          guarded += together.report(i).guardedSteps();
        }
        assertEquals(alone.totals().classifierRows(), together.totals().classifierRows());
        assertEquals(alone.totals().gradientRows(), together.totals().gradientRows());
        shared += together.totals().denoiserCalls();
        assertEquals(running.stepsTotal(), running.stepsDone());
        assertEquals(
            together.reports().stream().mapToLong(ImageReport::steps).sum(), running.stepsDone());
      }
      assertTrue(shared > 2 * batch.counts().calls(), "calls that requests shared: " + shared);
      assertTrue(guarded > 0, "a test of protection needs guarded steps");
      assertTrue(back > 10, "rows that were sent back: " + back);
      assertTrue(redone > 0, "a test of redos needs recognised images");
    }
  }

  /** A report with the certainties of another one where they are the same up to rounding. */
  private static ImageReport roughly(ImageReport report, ImageReport other) {
    List<Double> mine = report.certaintyTrace().orElse(List.of());
    List<Double> theirs = other.certaintyTrace().orElse(List.of());
    assertEquals(theirs.size(), mine.size());
    for (int i = 0; i < mine.size(); i++) {
      assertEquals(theirs.get(i), mine.get(i), 1e-4);
    }
    return new ImageReport(
        report.seed(),
        report.steps(),
        report.guardedSteps(),
        report.returns(),
        report.redos(),
        report.recognised(),
        other.certaintyTrace());
  }

  /** Images of one request that go different ways; where one is done, the next takes its place. */
  @ParameterizedTest
  @EnumSource(names = {"SEPARATE", "ONE_GRAPH"})
  void strengthsMayDiffer(SampleRequest.StepPath path) {
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      List<Double> strengths = List.of(1.0, 0.3, 0.7, 0.1, 0.5);
      List<FloatImage> images = List.of(picture(0), picture(1), picture(2), picture(3), picture(4));
      for (SamplerKind kind : List.of(SamplerKind.DDIM, SamplerKind.DPMSOLVER_PP_2M)) {
        SampleRequest request =
            SampleRequest.of(5)
                .withSampler(kind)
                .withSteps(10)
                .withAlpha(0.4)
                .withBatchSize(2)
                .withPath(path);
        int[] announced = {0};
        SampleResult together =
            sampler.sample(
                request.withStart(new SampleOrigin.StartImages(images, strengths)),
                (done, total) -> announced[0] = total);
        for (int i = 0; i < 5; i++) {
          SampleResult alone =
              sampler.sample(
                  request
                      .again(0, i)
                      .withPath(SampleRequest.StepPath.SEPARATE)
                      .withStart(images.get(i), strengths.get(i)),
                  Progress.none());
          assertArrayEquals(alone.image(0).values(), together.image(i).values(), 1e-4f);
          assertEquals(Math.round(10 * strengths.get(i)), together.report(i).steps());
        }
        assertEquals(15, announced[0], "10 and 3, 7 in the place of the latter, then 1 and 5");
        assertEquals(15, together.totals().denoiserCalls());
      }
    }
  }
}
