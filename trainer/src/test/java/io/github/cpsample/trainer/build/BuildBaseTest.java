package io.github.cpsample.trainer.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageDatasets;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.data.PublishedFashionMnist;
import io.github.cpsample.trainer.data.RemainingImages;
import io.github.cpsample.trainer.export.DenoiserBase;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.TrainedNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The base in the repository is what its recipe and its page say, and the build can use it. */
class BuildBaseTest {

  private static final Path BASE = Path.of("..", "exported-models", "base");

  private static BrokenImages unbroken() {
    return new BrokenImages(
        fault -> {
          throw new AssertionError(fault);
        });
  }

  private static DenoiserSettings settings() throws IOException {
    return DenoiserBase.recipe(BASE).settings();
  }

  @Test
  void theRecipeIsThatOfTheRepository() throws IOException {
    DenoiserBase.BaseRecipe recipe = DenoiserBase.recipe(BASE);
    assertEquals(59_600, recipe.data().images());
    assertEquals(9_000, recipe.steps());
    assertEquals(50, recipe.curve().size());
    assertTrue(recipe.curve().get(49).loss() < 0.6 * recipe.curve().get(1).loss());
    assertEquals(1, recipe.settings().seed());
  }

  /** The data hash is that of the published training set without the private images. */
  @Test
  void theBaseWasTrainedOnAllImagesButThePrivateOnes() throws IOException {
    Optional<Path> published = PublishedFashionMnist.folder();
    assumeTrue(published.isPresent(), "the published Fashion-MNIST files are not at hand");
    Path file = published.get().resolve(PublishedFashionMnist.TRAINING);
    try (ImageDataset all = ImageDatasets.open(file, BundledFashionMnist.SHAPE)) {
      RemainingImages remaining =
          RemainingImages.of(all, BundledFashionMnist.trainingImages(400), unbroken());
      assertEquals(400, remaining.leftOut());
      byte[] salt = DenoiserBase.SALT.getBytes(StandardCharsets.US_ASCII);
      assertEquals(
          DatasetFingerprint.of(remaining.images(), salt, unbroken()),
          DenoiserBase.recipe(BASE).data());
    }
  }

  /** Its loss on these images was 0.043 when it was made, on its training images 0.04. */
  @Test
  void theBasePredictsNoiseInImagesThatItHasNotSeen() throws IOException {
    DenoiserSettings settings = settings();
    float[][] images = InMemoryImages.load(BundledFashionMnist.heldOutImages(), unbroken()).rows();
    NoiseSchedule schedule = settings.schedule().create();
    int count = 64;
    int pixels = images[0].length;
    float[] x = new float[count * pixels];
    float[] noise = new float[x.length];
    float[] t = new float[count];
    Random random = new Random(1);
    for (int i = 0; i < x.length; i++) {
      int n = i / pixels;
      int timestep = 1000 * n / count;
      t[n] = timestep;
      double abar = schedule.alphasCumprod(timestep);
      noise[i] = (float) random.nextGaussian();
      x[i] = (float) (Math.sqrt(abar) * images[n][i % pixels] + Math.sqrt(1 - abar) * noise[i]);
    }
    float[] weights = BuildBase.weights(BASE, settings);
    try (TrainedNetwork network = new TrainedNetwork(new UNet(settings.network()), weights)) {
      float[] found = network.evaluate(x, t, new int[count]);
      double error = 0;
      for (int i = 0; i < x.length; i++) {
        error += Math.pow(found[i] - noise[i], 2) / x.length;
      }
      assertEquals(0.043, error, 0.012);
    }
  }

  @Test
  void settingsOfAnotherDenoiserAreRefused() throws IOException {
    DenoiserSettings fit = settings();
    DenoiserSettings other =
        new DenoiserSettings(
            fit.network(),
            fit.schedule(),
            PredictionType.SAMPLE,
            fit.optimizer(),
            fit.batchSize(),
            false,
            1);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> BuildBase.weights(BASE, other));
    assertTrue(refusal.getMessage().contains("prediction"), refusal.getMessage());
  }
}
