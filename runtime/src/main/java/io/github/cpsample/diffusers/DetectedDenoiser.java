package io.github.cpsample.diffusers;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.ModelHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the files of a denoiser that was made elsewhere declare, before it is run. Its noise
 * schedule and prediction type need not be known yet. Immutable; its files stay where they are.
 *
 * @param source what to call it in errors
 * @param files its files
 * @param signature its tensors as the graph declares them
 * @param shape of its images
 * @param classes number of class labels; 0 for none
 * @param parts what else its folder has: autoencoder, text encoder
 * @param dataFiles what a bundle calls its files of constants, by their paths relative to the model
 * @param options what is known of it beside its files
 */
public record DetectedDenoiser(
    String source,
    ModelFiles files,
    DenoiserSignature signature,
    ImageShape shape,
    int classes,
    PipelineFolder parts,
    Map<String, String> dataFiles,
    DenoiserOptions options) {
  private static final String MODEL = "denoiser.onnx";
  private static final int LARGEST_AXIS = 1 << 16;

  public DetectedDenoiser {
    dataFiles = Collections.unmodifiableMap(new LinkedHashMap<>(dataFiles));
  }

  /**
   * Reads what the files declare.
   *
   * @param path a folder as diffusers and Optimum write it, or an {@code .onnx} file
   * @param options what its files do not say
   * @return what was detected
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if it is no denoiser that can be sampled, or something is not
   *     known, naming what to say
   */
  public static DetectedDenoiser of(Path path, DenoiserOptions options) throws IOException {
    String source = "denoiser " + path;
    ModelFiles files = ModelFiles.of(path);
    ModelHeader header = ModelHeader.read(files.model());
    DenoiserSignature declared =
        SignatureDetector.detect(source, header, options.names(), options.roundsTimesteps());
    PipelineFolder parts =
        Files.isDirectory(path) ? PipelineFolder.of(path) : PipelineFolder.none(path);
    NetworkConfig config =
        files.network().isPresent()
            ? NetworkConfig.read(files.network().get())
            : NetworkConfig.UNKNOWN;
    ImageShape shape = shape(source, declared, options, config);
    parts.requireWhole();
    int classes = classes(source, declared, options, config);
    requireNullClass(source, classes, options.nullClass());
    return new DetectedDenoiser(
        source,
        files,
        declared,
        shape,
        classes,
        parts,
        DataFiles.names(header.dataFiles()),
        options);
  }

  /**
   * Whether noise schedule and prediction type are said, by the options or by the files.
   *
   * @return false if {@link #open} will ask for them
   */
  public boolean saysSchedule() {
    return options.schedule().saysAll(files.scheduler().isPresent());
  }

  /**
   * Runs the denoiser a few times.
   *
   * @param device where to run it
   * @return the denoiser
   * @throws IllegalArgumentException if schedule or prediction type are not known, or the denoiser
   *     cannot be run so
   */
  public ThirdPartyDenoiser open(ResolvedDevice device) {
    SchedulerConfig scheduler = options.schedule().resolve(source, files.scheduler());
    int lastLabel = Math.max(classes - 1, options.nullClass().orElse(0));
    DenoiserSignature probed;
    try (InferenceSession session =
        InferenceSession.open(
            source, files.model(), device, SessionSettings.defaults().quietly())) {
      probed =
          DenoiserProbe.run(
              session,
              signature,
              shape,
              scheduler.schedule().trainTimesteps() - 1,
              detected -> neutral(parts, detected, lastLabel));
    }
    DenoiserSpec spec =
        new DenoiserSpec(
            MODEL,
            probed,
            scheduler.predictionType(),
            classes,
            variance(probed, options, scheduler),
            List.copyOf(dataFiles.values()));
    return new ThirdPartyDenoiser(
        files, spec, shape, scheduler, parts, dataFiles, options.nullClass());
  }

  private static Conditions neutral(PipelineFolder parts, DenoiserSignature signature, int label) {
    Conditions conditions = parts.zeros(signature);
    if (signature.label().isPresent()) {
      for (var labels : Conditions.ofLabel(signature, label).tensors().entrySet()) {
        conditions = conditions.with(labels.getKey(), labels.getValue());
      }
    }
    return conditions;
  }

  private static ImageShape shape(
      String source, DenoiserSignature declared, DenoiserOptions options, NetworkConfig config) {
    TensorPort input = declared.input();
    int channels = axis(source, input, 1, options.channels(), config.channels(), "channels");
    int height = axis(source, input, 2, options.size(), config.size(), "size");
    int width = axis(source, input, 3, options.size(), config.size(), "size");
    try {
      return new ImageShape(channels, height, width);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }

  /** A size of the images: the graph's, else the one given, else that of the network's file. */
  private static int axis(
      String source,
      TensorPort input,
      int axis,
      OptionalInt given,
      OptionalInt ofConfig,
      String option) {
    if (input.isFixed(axis)) {
      long size = input.sizes().get(axis);
      if (size > LARGEST_AXIS || (given.isPresent() && given.getAsInt() != size)) {
        throw new IllegalArgumentException(
            source
                + ", --"
                + option
                + ": expected "
                + size
                + ", since its input "
                + input.name()
                + " is "
                + input.describe()
                + ", found "
                + given);
      }
      return (int) size;
    }
    if (given.isEmpty() && ofConfig.isEmpty()) {
      throw new IllegalArgumentException(
          source
              + ", input "
              + input.name()
              + ": expected a fixed number of "
              + (axis == 1 ? "channels" : "pixels")
              + " on axis "
              + axis
              + ", found "
              + input.describe()
              + "; say it with --"
              + option);
    }
    return given.orElseGet(ofConfig::getAsInt);
  }

  private static int classes(
      String source, DenoiserSignature declared, DenoiserOptions options, NetworkConfig config) {
    if (declared.label().isEmpty()) {
      if (options.classes().isPresent()) {
        throw new IllegalArgumentException(
            source
                + ", --classes: expected none for a denoiser without an input for labels, found "
                + options.classes().getAsInt());
      }
      return 0;
    }
    if (options.classes().isEmpty() && config.classes().isEmpty()) {
      throw new IllegalArgumentException(
          source
              + ": expected the number of classes of its input "
              + declared.label().get().name()
              + ", found none; say it with --classes");
    }
    return options.classes().orElseGet(config.classes()::getAsInt);
  }

  private static void requireNullClass(String source, int classes, OptionalInt none) {
    if (none.isPresent() && (classes == 0 || none.getAsInt() > classes)) {
      throw new IllegalArgumentException(
          source
              + ", --null-class: expected "
              + (classes == 0
                  ? "none for a denoiser without classes"
                  : "one of the " + classes + " classes, from 0, or " + classes + ", the next one")
              + ", found "
              + none.getAsInt());
    }
  }

  private static Optional<DdpmConfig.Variance> variance(
      DenoiserSignature signature, DenoiserOptions options, SchedulerConfig scheduler) {
    return signature.learnsVariance()
        ? options
            .variance()
            .or(scheduler::learnedVariance)
            .or(() -> Optional.of(DdpmConfig.Variance.LEARNED_RANGE))
        : Optional.empty();
  }

  /**
   * The files of a denoiser that was made elsewhere.
   *
   * @param model the ONNX model
   * @param scheduler its scheduler_config.json, if the folder has one
   * @param network the network's config.json, if the folder has one
   */
  public record ModelFiles(Path model, Optional<Path> scheduler, Optional<Path> network) {
    private static final String MODEL = "model.onnx";
    private static final List<String> WEIGHTS =
        List.of(".safetensors", ".pth", ".pt", ".ckpt", ".bin");
    private static final String EXPORT =
        "weights without their network, which cannot be run; export the network to ONNX, in Python"
            + " for instance: torch.onnx.export(unet, (torch.zeros(1, 3, 64, 64),"
            + " torch.tensor([0])), 'model.onnx', input_names=['sample', 'timestep'],"
            + " output_names=['out_sample'], dynamic_axes={name: {0: 'batch'} for name in"
            + " ('sample', 'timestep', 'out_sample')}) with its own size of images, or for a"
            + " text-to-image pipeline: optimum-cli export onnx --model PIPELINE OUT;"
            + " docs/guide/third-party.md has the whole script";

    /**
     * Finds the files.
     *
     * @param path a folder as diffusers and Optimum write it ({@code model_index.json}, {@code
     *     unet/model.onnx}, {@code scheduler/scheduler_config.json}), or an {@code .onnx} file
     * @return the files
     * @throws IllegalArgumentException if there is no denoiser, naming what was looked for
     */
    public static ModelFiles of(Path path) {
      if (Files.isRegularFile(path)) {
        Checks.argument(!isWeights(path), "denoiser " + path, "an .onnx file", EXPORT);
        return new ModelFiles(path, Optional.empty(), present(path.resolveSibling("config.json")));
      }
      Checks.argument(
          Files.isDirectory(path),
          "denoiser " + path,
          "an .onnx file, or a folder with unet/" + MODEL,
          "nothing");
      Path model = path.resolve("unet").resolve(MODEL);
      if (!Files.isRegularFile(model)) {
        throw new IllegalArgumentException(
            "denoiser "
                + path
                + ": expected a file unet/"
                + MODEL
                + " in this folder, found "
                + (Files.isDirectory(path.resolve("transformer"))
                    ? "a transformer, which is sampled by flow matching: only diffusion models with"
                        + " a noise schedule can be protected"
                    : weightsIn(path)
                        .map(file -> file + ", which is " + EXPORT)
                        .orElse(
                            "none; export the model with Optimum, or give the path of its .onnx"
                                + " file")));
      }
      return new ModelFiles(
          model,
          present(path.resolve("scheduler").resolve("scheduler_config.json")),
          present(model.resolveSibling("config.json")));
    }

    private static boolean isWeights(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      return WEIGHTS.stream().anyMatch(name::endsWith);
    }

    private static Optional<String> weightsIn(Path folder) {
      return Stream.of(folder.resolve("unet"), folder)
          .filter(Files::isDirectory)
          .flatMap(place -> weights(place).stream())
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .findFirst();
    }

    private static List<Path> weights(Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(ModelFiles::isWeights).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(folder + " cannot be read: " + e, e);
      }
    }

    private static Optional<Path> present(Path file) {
      return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }
  }

  /**
   * What a network's config.json says that its graph may leave open. Other fields are ignored: they
   * say how the network is built inside.
   *
   * @param channels of the images, {@code in_channels}
   * @param size height and width of the images, {@code sample_size} if it is one number
   * @param classes number of class labels, {@code num_class_embeds}
   */
  private record NetworkConfig(OptionalInt channels, OptionalInt size, OptionalInt classes) {
    static final NetworkConfig UNKNOWN =
        new NetworkConfig(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /**
     * @throws IOException if the file cannot be read or is no JSON object
     */
    static NetworkConfig read(Path file) throws IOException {
      JsonObject json = JsonObjectFile.read(file);
      return new NetworkConfig(
          number(json, "in_channels"),
          number(json, "sample_size"),
          number(json, "num_class_embeds"));
    }

    private static OptionalInt number(JsonObject json, String name) {
      return json.get(name) instanceof JsonPrimitive value && value.isNumber()
          ? OptionalInt.of(value.getAsInt())
          : OptionalInt.empty();
    }
  }

  /** What a bundle calls the files of a denoiser's constants. */
  static final class DataFiles {
    private static final Set<String> ENDINGS = Set.of(".onnx", ".json", ".txt");

    private DataFiles() {}

    /**
     * Names by location. A plain name stays unless it might be that of another of the bundle's
     * files; paths, names with other signs and names that differ in case only are replaced.
     */
    static Map<String, String> names(Iterable<String> locations) {
      Map<String, String> names = new LinkedHashMap<>();
      Set<String> taken = new TreeSet<>();
      int number = 0;
      for (String location : locations) {
        String name = location;
        while (!isFree(name, taken)) {
          name = "denoiser.data-" + number++;
        }
        taken.add(name.toLowerCase(Locale.ROOT));
        names.put(location, name);
      }
      return names;
    }

    private static boolean isFree(String name, Set<String> taken) {
      String lower = name.toLowerCase(Locale.ROOT);
      return Manifest.isPlainName(name)
          && ENDINGS.stream().noneMatch(lower::endsWith)
          && !taken.contains(lower);
    }
  }
}
