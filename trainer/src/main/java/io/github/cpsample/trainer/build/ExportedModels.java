package io.github.cpsample.trainer.build;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.cpsample.base.Sha256;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.evaluation.judging.Judge;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement;
import io.github.cpsample.evaluation.quality.OnnxFeatures;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.trainer.export.DenoiserBase;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.training.ProgressBars;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The build step of {@code exported-models}: trains, exports, measures, and copies the result to
 * the module's resources. What was made by the same code from the same data and settings is not
 * made again: a folder outside {@code target} keeps it together with a fingerprint.
 */
public final class ExportedModels {

  private static final String PACKAGE = "io.github.cpsample.";
  private static final List<String> TRAINING_CODE = List.of("network", "training", "data");
  private static final List<String> EVALUATION_CODE =
      List.of("judging", "quality", "statistics", "figures.ReplicaFinder", "figures.ReplicaReport");
  private static final List<String> RUNTIME_CODE =
      List.of("diffusion", "bundle", "protection", "sampling", "inference", "image");
  private static final int ARGUMENTS = 5;
  private static final int SAMPLES = 500;
  private static final long SEED = 1_000;
  private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

  private final BuildProfile profile;
  private final Path base;
  private final Path cache;
  private final PrintStream out;

  private ExportedModels(BuildProfile profile, Path base, Path cache, PrintStream out) {
    this.profile = profile;
    this.base = base;
    this.cache = cache;
    this.out = out;
  }

  /**
   * Runs the build step.
   *
   * @param arguments the profile's name, the folder with the base to fine-tune, the folder that
   *     keeps trained models, the module's output folder, and the denoiser's threads, 0 for one per
   *     core
   * @throws IOException if a folder cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != ARGUMENTS) {
      throw new IllegalArgumentException(
          "Expected profile, base, cache folder, output folder and threads, found "
              + List.of(arguments));
    }
    BuildProfile profile = BuildProfile.named(arguments[0]);
    Path cache = Path.of(arguments[2]).resolve(profile.label());
    new ExportedModels(profile, Path.of(arguments[1]), cache, System.out)
        .run(Path.of(arguments[3]), Integer.parseInt(arguments[4]));
  }

  private void run(Path output, int denoiserThreads) throws IOException {
    ModelTraining training =
        new ModelTraining(
            profile, base, cache, BuildProfile.FIRST_SEED, ProgressBars.on(out, false));
    if (denoiserThreads > 0) {
      training.setDenoiserThreads(denoiserThreads);
    }
    trainOnce(training);
    training.export();
    Measurements measurements = measureOnce(training);
    out.println(measurements.table());
    publish(training, output);
  }

  /** What decides the weights: settings, images, noise levels, and the code that trains. */
  private String trainingFingerprint() throws IOException {
    CodeFingerprint code =
        new CodeFingerprint().add(profile.describe()).add(JSON.toJson(DenoiserBase.recipe(base)));
    for (String name : TRAINING_CODE) {
      code.add(Network.class, List.of(PACKAGE + "trainer." + name));
    }
    // What is a copy, and who is a stranger, decides what a classifier is taught.
    code.add(Judge.class, List.of(PACKAGE + "evaluation.figures.ReplicaFinder"));
    return code.add(noiseLevels(profile.denoiser(BuildProfile.FIRST_SEED).schedule()))
        .add(noiseLevels(profile.classifier(BuildProfile.FIRST_SEED).schedule()))
        .hex();
  }

  /** All that training takes from a schedule; samplers may change without training anew. */
  private static String noiseLevels(NoiseScheduleConfig config) {
    NoiseSchedule schedule = config.create();
    return IntStream.range(0, schedule.trainTimesteps())
        .mapToObj(t -> Double.toString(schedule.alphasCumprod(t)))
        .collect(Collectors.joining(" "));
  }

  private void trainOnce(ModelTraining training) throws IOException {
    String fingerprint = trainingFingerprint();
    if (isCurrent("training", fingerprint) && Files.exists(cache.resolve("trained"))) {
      out.println("cpsample: models of profile " + profile.label() + " are up to date");
      return;
    }
    if (!isCurrent("training", fingerprint)) {
      deleteAll(cache);
      Files.createDirectories(cache);
      Files.writeString(cache.resolve("training.fingerprint"), fingerprint);
    }
    out.println("cpsample: training the models of profile " + profile.label());
    long start = System.nanoTime();
    training.train();
    Files.writeString(cache.resolve("trained"), "");
    out.printf("cpsample: trained in %d s%n", (System.nanoTime() - start) / 1_000_000_000);
  }

  private Measurements measureOnce(ModelTraining training) throws IOException {
    CodeFingerprint code =
        new CodeFingerprint().add(Files.readString(cache.resolve("training.fingerprint")));
    code.add(profile.protection().toString());
    for (String name : List.of("export", "build")) {
      code.add(Network.class, List.of(PACKAGE + "trainer." + name));
    }
    code.add(OnnxModel.class, List.of(PACKAGE + "onnx"));
    for (String name : EVALUATION_CODE) {
      code.add(Judge.class, List.of(PACKAGE + "evaluation." + name));
    }
    for (String name : RUNTIME_CODE) {
      code.add(ModelBundle.class, List.of(PACKAGE + name));
    }
    String fingerprint = code.hex();
    Path file = cache.resolve("measurements.json");
    if (isCurrent("measurements", fingerprint) && Files.exists(file)) {
      return JSON.fromJson(Files.readString(file), Measurements.class);
    }
    Measurements measurements = measure(training);
    Files.writeString(file, JSON.toJson(measurements), StandardCharsets.UTF_8);
    Files.writeString(cache.resolve("measurements.fingerprint"), fingerprint);
    return measurements;
  }

  private Measurements measure(ModelTraining training) throws IOException {
    try (OnnxFeatures features =
            BundledEvaluation.features(Files.readAllBytes(training.features()));
        ModelBundle bundle = ModelBundle.open(training.bundle());
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      return Measurements.of(
          ProtectionMeasurement.of(
              sampler,
              SampleRequest.of(SAMPLES).withSeed(SEED),
              BundledEvaluation.judge(features, profile.trainingImages()),
              Progress.none()));
    }
  }

  private boolean isCurrent(String what, String fingerprint) throws IOException {
    Path file = cache.resolve(what + ".fingerprint");
    return Files.exists(file) && Files.readString(file).equals(fingerprint);
  }

  private void publish(ModelTraining training, Path output) throws IOException {
    Path models = output.resolve("io/github/cpsample/models");
    copyAll(training.bundle(), models.resolve(ModelTraining.MODEL));
    Path evaluation = Files.createDirectories(models.resolve("evaluation"));
    copy(training.features(), evaluation.resolve(ModelTraining.FEATURES));
    copy(cache.resolve("measurements.json"), evaluation.resolve("measurements.json"));
    Path index = Files.createDirectories(output.resolve("META-INF/cpsample"));
    Files.writeString(index.resolve("models.list"), ModelTraining.MODEL + "\n");
  }

  private static void copyAll(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void deleteAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /**
   * A hash of compiled code and resources: equal fingerprints mean that running the same thing
   * again would give the same result. Not thread-safe.
   */
  private static final class CodeFingerprint {

    private final MessageDigest digest = Sha256.digest();

    CodeFingerprint add(String text) {
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return this;
    }

    /** Adds classes, and every file of packages, of the folder or jar that a class came from. */
    CodeFingerprint add(Class<?> member, List<String> names) throws IOException {
      Path origin = origin(member);
      if (Files.isDirectory(origin)) {
        return addAll(origin, names);
      }
      URI jar = URI.create("jar:" + origin.toUri());
      try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
        return addAll(files.getPath("/"), names);
      }
    }

    private CodeFingerprint addAll(Path root, List<String> names) throws IOException {
      for (String name : names) {
        Path folder = root.resolve(name.replace('.', '/'));
        Path file = root.resolve(name.replace('.', '/') + ".class");
        Path found = Files.exists(file) ? file : folder;
        if (!Files.exists(found)) {
          throw new IOException(
              "Package or class " + name + ": expected it in " + root + ", found nothing");
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(found)) {
          files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path each : files) {
          add(root.relativize(each).toString().replace('\\', '/'));
          digest.update(Files.readAllBytes(each));
        }
      }
      return this;
    }

    private static Path origin(Class<?> member) {
      try {
        return Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
      } catch (URISyntaxException e) {
        throw new IllegalStateException("Class " + member + " comes from no file", e);
      }
    }

    String hex() {
      return Sha256.hex(digest);
    }
  }
}
