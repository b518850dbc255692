package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageView;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.DenoiserTraining.DenoiserDraws.Drawn;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FineTuningTest {

  private static final DenoiserSettings SETTINGS = settings(2e-3f, true);

  private static final ImageDataset OWN = BundledFashionMnist.trainingImages(6);
  private static final ImageDataset KEPT = ImageView.first(BundledFashionMnist.publicImages(), 14);

  @TempDir private Path folder;

  private static BrokenImages unbroken() {
    return new BrokenImages(
        fault -> {
          throw new AssertionError(fault);
        });
  }

  private static DenoiserData images() {
    return DenoiserData.of(OWN, unbroken());
  }

  private static DenoiserData.Rehearsal rehearsal(double share) {
    return new DenoiserData.Rehearsal(KEPT, unbroken(), share);
  }

  /** Weights that no initialisation gives. */
  private static float[] weights(float offset) {
    float[] weights = Weights.of(new UNet(SETTINGS.network())).initialize(7);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += offset * (i % 5 - 2);
    }
    return weights;
  }

  private static DenoiserSettings settings(float learningRate, boolean flips) {
    return new DenoiserSettings(
        new UNetConfig(1, 28, 28, 4, List.of(16), 1, List.of(7), 16, 8, 0),
        NoiseScheduleConfig.linear(1000, 1e-4, 0.02),
        PredictionType.EPSILON,
        new OptimizerConfig(learningRate, 5, Decay.CONSTANT, 0, 1, 0.9f),
        10,
        flips,
        1);
  }

  private DenoiserRun train(DenoiserData data, long steps, String run) throws IOException {
    return train(SETTINGS, data, steps, run);
  }

  private DenoiserRun train(DenoiserSettings settings, DenoiserData data, long steps, String run)
      throws IOException {
    return DenoiserTraining.run(
        settings,
        TrainingBudget.ofSteps(steps),
        data,
        folder.resolve(run),
        TrainingProgress.none());
  }

  private float[] trained(String run) throws IOException {
    return DenoiserTraining.read(folder.resolve(run)).weights();
  }

  @Test
  void trainingBeginsWithTheGivenWeightsAndSaysSo() throws IOException {
    float[] start = weights(0.01f);
    float[] before = start.clone();
    DenoiserSettings nearlyStill = settings(1e-12f, true);
    DenoiserRun run = train(nearlyStill, images().startingFrom(start), 2, "run");
    assertArrayEquals(before, trained("run"), 1e-6f);
    assertArrayEquals(before, start);
    assertEquals(64, run.origin().startWeights().length());
    assertEquals(0, run.origin().keepShare());
    assertEquals(run.origin(), DenoiserTraining.read(folder.resolve("run")).run().origin());
    DenoiserRun other = train(images().startingFrom(weights(0.02f)), 1, "other");
    assertFalse(other.origin().equals(run.origin()));
  }

  @Test
  void aFineTuningGoesOnExactlyWhereItStopped() throws IOException {
    DenoiserData data = images().startingFrom(weights(0.01f)).keeping(rehearsal(0.3));
    train(data, 9, "whole");
    train(data, 4, "parts");
    DenoiserRun end = train(data, 9, "parts");
    assertEquals(9, end.steps());
    assertEquals(6, end.images());
    assertEquals(0.3, end.origin().keepShare());
    assertArrayEquals(trained("whole"), trained("parts"));
    train(images().startingFrom(weights(0.01f)), 9, "forgetful");
    assertFalse(Arrays.equals(trained("whole"), trained("forgetful")));
  }

  @Test
  void otherWeightsOrAnotherShareDoNotGoOnWithARun() throws IOException {
    DenoiserData data = images().startingFrom(weights(0.01f)).keeping(rehearsal(0.3));
    train(data, 2, "run");
    for (DenoiserData other :
        List.of(
            images(),
            data.startingFrom(weights(0.02f)),
            data.keeping(rehearsal(0.4)),
            images().startingFrom(weights(0.01f)))) {
      IOException refusal = assertThrows(IOException.class, () -> train(other, 4, "run"));
      assertTrue(refusal.getMessage().contains("configuration"), refusal.getMessage());
    }
  }

  @Test
  void runsOfFolderDescriptionsWithoutAnOriginAreRead() throws IOException {
    train(images(), 2, "old");
    Path description = folder.resolve("old").resolve("run.json");
    String text = Files.readString(description);
    String old = text.replaceAll("\"origin\": \\{[^}]*},", "");
    assertFalse(old.equals(text), text);
    Files.writeString(description, old);
    assertEquals(
        DenoiserData.DenoiserOrigin.NONE,
        DenoiserTraining.read(folder.resolve("old")).run().origin());
    assertEquals(3, train(images(), 3, "old").steps());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void everyBatchHoldsTheShareAndEveryKeptImageComesOnceAnEpoch(int firstStep) {
    Map<FloatBuffer, Integer> kept = known(KEPT);
    Set<FloatBuffer> own = known(OWN).keySet();
    int size = OWN.shape().size();
    try (DenoiserTraining.DenoiserDraws draws =
        DenoiserTraining.DenoiserDraws.open(
            settings(2e-3f, false), images().keeping(rehearsal(0.7)), firstStep)) {
      int[] drawn = new int[KEPT.size()];
      for (int step = firstStep; step < firstStep + 2; step++) {
        Drawn batch = draws.next();
        assertEquals(10, batch.count());
        for (int i = 0; i < 10; i++) {
          FloatBuffer image = FloatBuffer.wrap(batch.images(), i * size, size).slice();
          assertEquals(i < 3, own.contains(image), "step " + step + ", image " + i);
          if (i >= 3) {
            int index = kept.get(image);
            assertEquals(KEPT.label(index).orElseThrow(), batch.labels()[i]);
            drawn[index]++;
          }
        }
      }
      boolean wholeEpoch = firstStep % 2 == 0; // two steps draw 14 of 14 images
      assertEquals(
          wholeEpoch, IntStream.of(drawn).allMatch(times -> times == 1), Arrays.toString(drawn));
    }
  }

  private static Map<FloatBuffer, Integer> known(ImageDataset images) {
    Map<FloatBuffer, Integer> known = new HashMap<>();
    float[][] rows = InMemoryImages.load(images, unbroken()).rows();
    for (int i = 0; i < rows.length; i++) {
      known.put(FloatBuffer.wrap(rows[i]), i);
    }
    assertEquals(images.size(), known.size());
    return known;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.5, 2, Double.NaN})
  void aShareIsBetweenNoneAndAll(double share) {
    assertThrows(IllegalArgumentException.class, () -> rehearsal(share));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.04, 0.96})
  void aShareThatRoundsToNoneOrAllIsRefused(double share) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> train(images().keeping(rehearsal(share)), 1, "run"));
    assertTrue(refusal.getMessage().contains("batch of 10"), refusal.getMessage());
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> train(images().startingFrom(new float[17]), 1, "run"));
    assertTrue(refusal.getMessage().contains("found 17"), refusal.getMessage());
  }

  @Test
  void keptImagesHaveTheShapeOfTheTrainingImages() {
    ImageDataset large =
        new ImageDataset() {
          @Override
          public int size() {
            return 1;
          }

          @Override
          public ImageShape shape() {
            return new ImageShape(3, 32, 32);
          }

          @Override
          public String name(int index) {
            return "large";
          }

          @Override
          public void read(int index, float[] target, int offset) {}

          @Override
          public java.util.OptionalInt label(int index) {
            return java.util.OptionalInt.empty();
          }
        };
    DenoiserData.Rehearsal rehearsal = new DenoiserData.Rehearsal(large, unbroken(), 0.5);
    assertThrows(IllegalArgumentException.class, () -> images().keeping(rehearsal));
  }
}
