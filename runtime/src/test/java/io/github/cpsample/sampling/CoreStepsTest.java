package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.SessionSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many cores there are changes no image, and no error. */
class CoreStepsTest {
  @TempDir private Path folder;

  private ProtectedSampler open(int threads) {
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15)) {
      return ProtectedSampler.open(
          bundle, Device.cpu(), SessionSettings.defaults().withThreads(threads));
    }
  }

  /** More rows than cores, as many, fewer; shares of different lengths; calls that get smaller. */
  @ParameterizedTest
  @CsvSource({"2, 7, 7", "3, 7, 3", "3, 8, 5", "4, 4, 4", "5, 3, 3", "8, 20, 9"})
  void imagesAreThoseOfOneCore(int threads, int count, int batch) {
    SampleRequest request =
        SampleRequest.of(count).withSteps(6).withBatchSize(batch).withScale(0.1).withSeed(5);
    try (ProtectedSampler one = open(1);
        ProtectedSampler several = open(threads)) {
      SampleResult expected = one.sample(request, Progress.none());
      SampleResult found = several.sample(request, Progress.none());
      assertTrue(expected.totals().gradientRows() > 0, "nothing was guarded");
      assertEquals(expected.totals().gradientRows(), found.totals().gradientRows());
      for (int i = 0; i < count; i++) {
        assertArrayEquals(expected.image(i).values(), found.image(i).values(), 1e-6f, "image " + i);
      }
    }
  }

  /** Constants in files of their own count: the networks would be in memory twice. */
  @Test
  void largeModelsAndOtherDevicesAreNotSharedOut() {
    Manifest manifest;
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15)) {
      manifest = bundle.manifest();
    }
    assertEquals(4, Networks.cores(manifest, Device.Kind.CPU, 4));
    assertEquals(1, Networks.cores(manifest, Device.Kind.CUDA, 4));
    Map<String, Manifest.FileEntry> files = new HashMap<>(manifest.files());
    files.put("constants.data", new Manifest.FileEntry(1L << 30, "0".repeat(64)));
    assertEquals(1, Networks.cores(manifest.withFiles(files), Device.Kind.CPU, 4));
  }

  /** Wherever it stands among the rows, and however these are shared out. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "2, 4", "3, 2", "3, 4", "5, 1", "5, 4"})
  void theRowAtFaultIsNamed(int threads, int place) {
    try (ProtectedSampler sampler = open(threads)) {
      RunningBatch batch = sampler.batch(5);
      List<RunningRequest> requests = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        SampleRequest request = SampleRequest.of(1).withSteps(6).withSeed(70 + i);
        requests.add(batch.prepare(i == place ? request.withAlpha(0.49).withScale(1e39) : request));
      }
      requests.forEach(batch::join);
      while (!batch.isEmpty()) {
        batch.step();
      }
      for (int i = 0; i < 5; i++) {
        if (i == place) {
          String message =
              assertThrows(InferenceException.class, requests.get(i)::result).getMessage();
          assertTrue(message.contains("image with seed " + (70 + i)), message);
        } else {
          assertEquals(1, requests.get(i).result().images().size());
        }
      }
    }
  }

  /** Rows of an interrupted thread are not left behind half computed. */
  @Test
  void anInterruptionWaitsForTheEndOfTheStep() {
    try (ProtectedSampler sampler = open(3)) {
      RunningBatch batch = sampler.batch(6);
      RunningRequest running = batch.prepare(SampleRequest.of(6).withSteps(4));
      batch.join(running);
      Thread.currentThread().interrupt();
      batch.step();
      assertTrue(Thread.interrupted());
      assertEquals(6, running.stepsDone());
    }
  }
}
