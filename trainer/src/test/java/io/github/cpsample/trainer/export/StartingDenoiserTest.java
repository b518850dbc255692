package io.github.cpsample.trainer.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.Background;
import io.github.cpsample.trainer.training.ClassifierData;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.DenoiserData;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.MemorizationTarget;
import io.github.cpsample.trainer.training.OptimizerConfig;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import io.github.cpsample.trainer.training.Trained;
import io.github.cpsample.trainer.training.TrainingBudget;
import io.github.cpsample.trainer.training.TrainingProgress;
import io.github.cpsample.trainer.training.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fine-tuning may begin with a run, a base, a bundle or an ONNX file of the same denoiser. */
class StartingDenoiserTest {

  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(2e-3f, 5, Decay.CONSTANT, 0, 1, 0.9f);
  private static final DenoiserSettings SETTINGS =
      new DenoiserSettings(
          new UNetConfig(1, 28, 28, 4, List.of(16), 1, List.of(7), 16, 8, 0),
          NoiseScheduleConfig.linear(1000, 1e-4, 0.015),
          PredictionType.V_PREDICTION,
          OPTIMIZER,
          8,
          false,
          1);
  private static final ImageDataset IMAGES = BundledFashionMnist.trainingImages(6);

  @TempDir private static Path folder;

  private static Trained<DenoiserRun> run;

  private static BrokenImages unbroken() {
    return new BrokenImages(
        fault -> {
          throw new AssertionError(fault);
        });
  }

  @BeforeAll
  static void train() throws IOException {
    DenoiserTraining.run(
        SETTINGS,
        TrainingBudget.ofSteps(61),
        DenoiserData.of(IMAGES, unbroken()),
        folder.resolve("run"),
        TrainingProgress.none());
    run = DenoiserTraining.read(folder.resolve("run"));
  }

  private static void check(StartingDenoiser start, boolean exactly, boolean settingsKnown) {
    assertEquals(SETTINGS.network(), start.network());
    assertArrayEquals(run.weights(), start.weights(), exactly ? 0 : 1e-3f);
    assertEquals(
        settingsKnown ? Optional.of(SETTINGS.schedule()) : Optional.empty(), start.schedule());
    assertEquals(
        settingsKnown ? Optional.of(SETTINGS.prediction()) : Optional.empty(), start.prediction());
  }

  @Test
  void aRun() throws IOException {
    check(StartingDenoiser.read(folder.resolve("run")), true, true);
  }

  @Test
  void anOnnxFile() throws IOException {
    Path file = folder.resolve("denoiser.onnx");
    OnnxCodec.write(
        NetworkExporter.export(
            new UNet(SETTINGS.network()), run.weights(), "denoiser", "prediction"),
        file);
    check(StartingDenoiser.read(file), true, false);
  }

  @Test
  void aBundleAsFolderAndAsFile() throws IOException {
    ClassifierSettings guard =
        new ClassifierSettings(
            new ClassifierConfig(1, 28, 28, 4, List.of(16), 1, 16, 4),
            SETTINGS.schedule(),
            OPTIMIZER,
            4,
            false,
            Background.NONE,
            new MemorizationTarget(List.of(1), 1, 1),
            1);
    ClassifierTraining.run(
        guard,
        TrainingBudget.ofSteps(1),
        new ClassifierData(IMAGES, Optional.empty(), new byte[] {7}, unbroken()),
        folder.resolve("guard"),
        TrainingProgress.none());
    BundleExporter.Description description =
        new BundleExporter.Description(
            "model",
            ProtectionSettings.of("code", "opposite-label", 0.07, 120, 0, 500),
            new SamplerSpec("ddim", 50, 0, TimestepSpacing.LEADING, true),
            "00",
            "00");
    for (String name : List.of("bundle", "bundle.zip")) {
      Path bundle = folder.resolve(name);
      BundleExporter.export(
          run, ClassifierTraining.read(folder.resolve("guard")), description, bundle);
      check(StartingDenoiser.read(bundle), true, true);
    }
  }

  @Test
  void aBaseWhichSaysHowItWasMade() throws IOException {
    Path base = folder.resolve("base");
    DenoiserBase.BaseRecipe written =
        DenoiserBase.write(folder.resolve("run"), IMAGES, unbroken(), base);
    check(StartingDenoiser.read(base), false, true);
    DenoiserBase.BaseRecipe recipe = DenoiserBase.recipe(base);
    assertEquals(written, recipe);
    assertEquals(SETTINGS, recipe.settings());
    assertEquals(61, recipe.steps());
    assertEquals(6, recipe.data().images());
    assertEquals(
        List.of(0L, 20L, 40L, 60L), recipe.curve().stream().map(point -> point.step()).toList());
    DenoiserBase.BaseRecipe other =
        DenoiserBase.write(
            folder.resolve("run"),
            BundledFashionMnist.heldOutImages(),
            unbroken(),
            folder.resolve("other"));
    assertTrue(!other.data().hex().equals(recipe.data().hex()), "the hash is that of the data");
  }

  @Test
  void aBaseWhoseFileWasExchangedIsRefused() throws IOException {
    Path base = folder.resolve("exchanged");
    DenoiserBase.write(folder.resolve("run"), IMAGES, unbroken(), base);
    float[] fresh = Weights.of(new UNet(SETTINGS.network())).initialize(5);
    OnnxCodec.write(
        NetworkExporter.export(new UNet(SETTINGS.network()), fresh, "denoiser", "prediction"),
        base.resolve("denoiser.onnx"));
    IOException refusal = assertThrows(IOException.class, () -> StartingDenoiser.read(base));
    assertTrue(refusal.getMessage().contains("denoiser.onnx"), refusal.getMessage());
  }

  @Test
  void aBrokenRecipeIsRefused() throws IOException {
    Path base = Files.createDirectories(folder.resolve("broken"));
    Files.writeString(base.resolve("recipe.json"), "{");
    IOException refusal = assertThrows(IOException.class, () -> StartingDenoiser.read(base));
    assertTrue(refusal.getMessage().contains("recipe.json"), refusal.getMessage());
  }

  @Test
  void anOnnxFileOfAnotherMakerIsRefusedByItsName() throws IOException {
    Path file = folder.resolve("foreign.onnx");
    MemorizingClassifier network =
        new MemorizingClassifier(new ClassifierConfig(1, 12, 12, 2, List.of(16), 1, 16, 4));
    OnnxCodec.write(
        NetworkExporter.export(network, Weights.of(network).initialize(1), "other", "logits"),
        file);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> StartingDenoiser.read(file));
    assertTrue(refusal.getMessage().contains("foreign.onnx"), refusal.getMessage());
  }

  @Test
  void aFolderOfAnotherKindAndNothingAreRefused() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    String other = assertThrows(IOException.class, () -> StartingDenoiser.read(empty)).getMessage();
    assertTrue(other.endsWith("found a folder of another kind"), other);
    Path missing = folder.resolve("missing");
    String none =
        assertThrows(IOException.class, () -> StartingDenoiser.read(missing)).getMessage();
    assertTrue(none.endsWith("found nothing there"), none);
  }
}
