package io.github.cpsample.evaluation.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseLevelsTest {

  @TempDir Path folder;

  private Manifest manifest(List<Integer> timesteps) {
    TinyBundle.writer().toDirectory(folder.resolve("bundle"));
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"))) {
      Manifest plain = bundle.manifest();
      return new Manifest(
          plain.name(),
          plain.tools(),
          plain.files(),
          plain.image(),
          plain.schedule(),
          plain.denoiser(),
          plain.classifier(),
          plain.sampler(),
          plain.protection(),
          timesteps.stream().map(t -> new Manifest.MemorisationPoint(t, 1, 1, null)).toList(),
          plain.training(),
          plain.data());
    }
  }

  @Test
  void aCurveOfTenPointsIsEnough() {
    List<Integer> curve = IntStream.range(0, 10).map(i -> 1 + 100 * i).boxed().toList();
    assertEquals(curve, NoiseLevelStage.NoiseLevels.of(manifest(curve)));
  }

  @Test
  void withoutACurveTheScheduleIsSpanned() {
    assertEquals(
        List.of(50, 150, 250, 350, 450, 550, 650, 750, 850, 950),
        NoiseLevelStage.NoiseLevels.of(manifest(List.of())));
  }

  @Test
  void aShortCurveIsCompleted() {
    assertEquals(
        List.of(7, 50, 150, 250, 350, 450, 550, 650, 750, 850, 950),
        NoiseLevelStage.NoiseLevels.of(manifest(List.of(7, 50))));
  }
}
