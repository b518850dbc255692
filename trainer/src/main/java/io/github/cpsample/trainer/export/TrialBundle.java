package io.github.cpsample.trainer.export;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.trainer.export.BundleExporter.Description;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.training.Background;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.DenoisedStates;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.MemorizationTarget;
import io.github.cpsample.trainer.training.ModelStates;
import io.github.cpsample.trainer.training.OptimizerConfig;
import io.github.cpsample.trainer.training.Trained;
import io.github.cpsample.trainer.training.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A denoiser that is run before there is a classifier for it: as a bundle in a temporary folder,
 * whose classifier knows nothing. Holds native memory and the folder until it is closed. Belongs to
 * one thread.
 *
 * <pre>{@code
 * try (TrialBundle trial = TrialBundle.of(denoiser, network, device)) {
 *   ClassifierTraining.run(settings, budget, data.withDenoiser(trial.states()), run, progress);
 * }
 * }</pre>
 */
public final class TrialBundle implements AutoCloseable {

  private static final int STEPS = 50;

  private final Path folder;
  private final ProtectedSampler sampler;

  private TrialBundle(ResolvedDevice device, Consumer<Path> exporter) throws IOException {
    this.folder = Files.createTempDirectory("cpsample-trial");
    try {
      Path bundle = folder.resolve("bundle");
      exporter.accept(bundle);
      try (ModelBundle model = ModelBundle.open(bundle)) {
        this.sampler = ProtectedSampler.open(model, device, SessionSettings.defaults());
      }
    } catch (RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  /**
   * A denoiser that was trained here.
   *
   * @param denoiser the denoiser
   * @param classifier the classifier that it is to get
   * @param device where to run it
   * @return its bundle, to be closed
   * @throws IOException if the temporary folder cannot be written
   * @throws IllegalArgumentException if the classifier does not fit the denoiser's images
   */
  public static TrialBundle of(
      Trained<DenoiserRun> denoiser, ClassifierConfig classifier, ResolvedDevice device)
      throws IOException {
    NoiseScheduleConfig schedule = denoiser.run().settings().schedule();
    int steps = Math.min(STEPS, schedule.trainTimesteps());
    SamplerSpec sampler = new SamplerSpec("ddim", steps, 0, TimestepSpacing.LEADING, true);
    return new TrialBundle(
        device,
        target ->
            BundleExporter.export(
                denoiser, untrained(classifier, schedule), description(sampler), target));
  }

  /**
   * A denoiser that was made elsewhere; its files are copied for as long as it is open.
   *
   * @param denoiser the denoiser
   * @param classifier the classifier that it is to get
   * @param device where to run it
   * @return its bundle, to be closed
   * @throws IOException if the temporary folder cannot be written
   * @throws IllegalArgumentException if the classifier does not fit the denoiser's images
   */
  public static TrialBundle of(
      ThirdPartyDenoiser denoiser, ClassifierConfig classifier, ResolvedDevice device)
      throws IOException {
    NoiseScheduleConfig schedule = denoiser.scheduler().effectiveSchedule();
    SamplerSpec sampler = denoiser.sampler(Math.min(STEPS, schedule.trainTimesteps()));
    return new TrialBundle(
        device,
        target ->
            BundleExporter.export(
                denoiser,
                untrained(classifier, schedule),
                description(sampler),
                target,
                whole -> {}));
  }

  /**
   * The denoiser, for the training of its classifier.
   *
   * @return what it makes of noised images, and its samples; not usable after this is closed
   */
  public DenoisedStates states() {
    return new ModelStates(sampler);
  }

  private static Description description(SamplerSpec sampler) {
    ProtectionSettings unused = ProtectionSettings.of("code", "opposite-label", 0.5, 0, 0, 0);
    return new Description("trial", unused, sampler, "00", "00");
  }

  private static Trained<ClassifierRun> untrained(
      ClassifierConfig network, NoiseScheduleConfig schedule) {
    ClassifierSettings settings =
        new ClassifierSettings(
            network,
            schedule,
            new OptimizerConfig(1e-3f, 0, OptimizerConfig.Decay.CONSTANT, 0, 1, 0),
            1,
            false,
            Background.NONE,
            new MemorizationTarget(List.of(0), 1, 1),
            0);
    ClassifierRun run =
        new ClassifierRun(settings, 0, 0, 0, 0, 0, "untrained", false, List.of(), null, null);
    return new Trained<>(run, Weights.of(new MemorizingClassifier(network)).initialize(0));
  }

  /** Frees the networks and deletes the folder. */
  @Override
  public void close() {
    sampler.close();
    try {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("temporary bundle " + folder + " cannot be deleted", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
