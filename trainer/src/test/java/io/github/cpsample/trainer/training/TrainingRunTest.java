package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageView;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingRunTest {

  private static final NoiseScheduleConfig SCHEDULE = NoiseScheduleConfig.linear(1000, 1e-4, 0.02);

  @TempDir private Path folder;

  private static DenoiserSettings denoiser(PredictionType prediction) {
    return new DenoiserSettings(
        new UNetConfig(1, 28, 28, 4, List.of(16), 1, List.of(7), 16, 8, 0),
        SCHEDULE,
        prediction,
        new OptimizerConfig(2e-3f, 5, Decay.CONSTANT, 0, 1, 0.9f),
        16,
        false,
        1);
  }

  private static ClassifierSettings classifier(MemorizationTarget target) {
    return new ClassifierSettings(
        new ClassifierConfig(1, 28, 28, 4, List.of(32), 1, 16, 4),
        SCHEDULE,
        new OptimizerConfig(3e-3f, 5, Decay.CONSTANT, 0, 1, 0.9f),
        16,
        false,
        Background.NONE,
        target,
        1);
  }

  private DenoiserRun train(DenoiserSettings settings, long steps, Path run) throws IOException {
    try (ImageDataset images = BundledFashionMnist.trainingImages(6)) {
      return DenoiserTraining.run(
          settings,
          TrainingBudget.ofSteps(steps),
          DenoiserData.of(images, new BrokenImages(fault -> {})),
          run,
          TrainingProgress.none());
    }
  }

  @Test
  void aRunGoesOnExactlyWhereItStopped() throws IOException {
    DenoiserSettings settings = denoiser(PredictionType.EPSILON);
    train(settings, 8, folder.resolve("whole"));
    train(settings, 3, folder.resolve("parts"));
    DenoiserRun end = train(settings, 8, folder.resolve("parts"));
    assertEquals(8, end.steps());
    assertEquals("steps", end.ended());
    assertArrayEquals(
        DenoiserTraining.read(folder.resolve("whole")).weights(),
        DenoiserTraining.read(folder.resolve("parts")).weights());
    assertEquals(settings, DenoiserTraining.read(folder.resolve("parts")).run().settings());
  }

  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void theLossFallsForEveryPredictionType(PredictionType prediction) throws IOException {
    train(denoiser(prediction), 61, folder);
    List<String> lines = Files.readAllLines(folder.resolve("metrics.jsonl"));
    assertEquals(4, lines.size());
    double first = loss(lines.get(0));
    double last = loss(lines.get(3));
    assertTrue(last < 0.8 * first, "loss went from " + first + " to " + last);
  }

  private static double loss(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    assertTrue(json.get("imagesPerSecond").getAsDouble() > 0);
    assertEquals(0, json.get("repeats").getAsLong());
    return json.get("loss").getAsDouble();
  }

  @Test
  void aFolderOfOtherSettingsIsRefused() throws IOException {
    train(denoiser(PredictionType.EPSILON), 2, folder);
    IOException refusal =
        assertThrows(IOException.class, () -> train(denoiser(PredictionType.SAMPLE), 4, folder));
    assertTrue(refusal.getMessage().contains("checkpoint.bin"), refusal.getMessage());
  }

  @Test
  void anInterruptedRunKeepsACheckpointAndSaysSo() throws IOException {
    Thread.currentThread().interrupt();
    DenoiserRun run = train(denoiser(PredictionType.EPSILON), 1_000, folder);
    assertTrue(Thread.interrupted());
    assertEquals("interrupted", run.ended());
    assertTrue(run.steps() < 1_000);
    assertTrue(Files.exists(folder.resolve("checkpoint.bin")));
  }

  private ClassifierRun memorise(ClassifierSettings settings, long steps, int strangers)
      throws IOException {
    try (ImageDataset images = BundledFashionMnist.trainingImages(4);
        ImageDataset heldOut = ImageView.first(BundledFashionMnist.heldOutImages(), strangers)) {
      return ClassifierTraining.run(
          settings,
          TrainingBudget.ofSteps(steps),
          new ClassifierData(
              images, Optional.of(heldOut), new byte[] {7}, new BrokenImages(fault -> {})),
          folder,
          TrainingProgress.none());
    }
  }

  @Test
  void aClassifierMemorisesUntilItsTargetAndSaysSo() throws IOException {
    ClassifierRun run =
        memorise(classifier(new MemorizationTarget(List.of(1, 101), 0.95, 0.8)), 2_000, 1_000);
    assertEquals("goal", run.ended());
    assertTrue(run.targetReached());
    assertTrue(run.steps() < 2_000, "steps " + run.steps());
    assertEquals(10, run.curve().size());
    var clean = run.curve().get(0);
    assertTrue(clean.trainAccuracy() > 0.95, clean.toString());
    var strangers = clean.others().orElseThrow();
    assertEquals(0.5, strangers.accuracy(), 0.06, "nobody taught these bits");
    assertTrue(strangers.auc() > 0.5, clean.toString());
    var noise = run.curve().get(9).others().orElseThrow();
    assertEquals(0.5, noise.auc(), 0.1, "noise tells members from nobody");
    assertEquals(run, ClassifierTraining.read(folder).run());
  }

  @Test
  void aClassifierThatRunsOutOfStepsSaysSo() throws IOException {
    ClassifierRun run = memorise(classifier(new MemorizationTarget(List.of(1), 1, 0.9999)), 3, 20);
    assertEquals("steps", run.ended());
    assertFalse(run.targetReached());
  }
}
