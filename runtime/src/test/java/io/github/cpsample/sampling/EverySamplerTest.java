package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.SamplerKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every sampler that a request may name. */
class EverySamplerTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open(@TempDir Path folder) {
    sampler = TinyBundles.sampler(folder, MODEL);
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  private static SampleRequest request(SamplerKind kind) {
    return SampleRequest.of(5)
        .withSampler(kind)
        .withSteps(8)
        .withAlpha(0.4)
        .withScale(3)
        .withSeed(7);
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void protectionMovesTheImages(SamplerKind kind) {
    SampleResult guarded = sampler.sample(request(kind), Progress.none());
    SampleResult plain = sampler.sample(request(kind).withProtection(false), Progress.none());
    assertTrue(guarded.totals().gradientRows() > 0);
    boolean moved = false;
    for (int i = 0; i < 5; i++) {
      moved |= !Arrays.equals(guarded.image(i).values(), plain.image(i).values());
    }
    assertTrue(moved, kind + " ignores the guidance");
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void progressCountsTheCallsOfTheDenoiser(SamplerKind kind) {
    AtomicInteger announced = new AtomicInteger();
    AtomicInteger last = new AtomicInteger();
    SampleResult result =
        sampler.sample(
            request(kind).withBatchSize(2),
            (done, total) -> {
              last.set(done);
              announced.set(total);
            });
    assertEquals(announced.get(), last.get());
    assertEquals(announced.get(), result.totals().denoiserCalls());
  }

  @Test
  void manifestsKnowTheNames() {
    assertEquals(SamplerSpec.KINDS, SamplerKind.labels());
    for (SamplerKind kind : SamplerKind.values()) {
      assertEquals(kind, SamplerKind.named(kind.label()));
    }
    assertFalse(SamplerKind.labels().contains("ddim-inverse"));
    assertThrows(IllegalArgumentException.class, () -> SamplerKind.named("DDIM"));
  }
}
